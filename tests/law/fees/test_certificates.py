"""Certificates: fees by unit and by exemption, who may ask, by which proof, protected persons, issue elsewhere."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.law.fees.fees_town import ON, town

from munirules import Rulebook
from munirules.engine.outcome import Status
from munirules.engine.request import read_request
from munirules.engine.runtime import MissingFact
from munirules.law.fees.certificate_fee import CertificateRequest, certificate_fee
from munirules.law.fees.certificate_kinds import Certificate
from munirules.law.fees.certificates import (
    Agent,
    Applicant,
    Capacity,
    Channel,
    Ground,
    Proof,
    Purpose,
    Relation,
    certificates,
)
from munirules.models.declare import InvariantError
from munirules.models.fields import FieldError
from munirules.models.read import DataError

NO_PLUGIN = "131016"  # 千代田区: the nation alone speaks
C = Certificate


def fee_of(kind, on=ON, **given):
    return town().decide(certificate_fee, CertificateRequest(kind=kind, **given), on=on)


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        (C.RESIDENT_RECORD, {"persons": 1}, 300),
        (C.RESIDENT_RECORD, {"persons": 5}, 300),
        (C.RESIDENT_RECORD, {"persons": 6}, 600),
        (C.RESIDENT_RECORD, {"persons": 11, "copies": 2}, 1800),
        (C.RECORD_ITEMS, {"items": 3}, 600),
        (C.SUPPLEMENT, {"sheets": 4}, 1200),
        (C.RECORD_VIEW, {"hours": 2}, 2000),
        (C.INCOME, {"years": 3}, 900),
        (C.TAX_PAID, {"tax_items": 2, "years": 2}, 1200),
        (C.VALUATION, {"lots": 4, "buildings": 1}, 300),
        (C.VALUATION, {"lots": 4, "buildings": 3}, 400),
        (C.CHARGE, {"lots": 6}, 400),
        (C.CHARGE, {"buildings": 5}, 200),
        (C.CHARGE, {"lots": 6, "buildings": 1}, 600),
        (C.CHARGE, {}, 200),
        (C.OTHER, {"name": "在学証明"}, 250),
        (C.REGISTER, {"copies": 3}, 1350),
        (C.REMOVED_EXTRACT, {}, 750),
        (C.REGISTER_ITEMS, {"items": 2}, 700),
        (C.REMOVED_ITEMS, {"items": 2}, 900),
        (C.ACCEPTANCE, {}, 350),
        (C.ACCEPTANCE_FINE, {}, 1400),
        (C.NOTICE_VIEW, {"items": 2}, 700),
    ],
)
def test_units_of_a_fee(kind, given, expected):
    result = fee_of(kind, **given).result
    assert (result.fee, result.exempt, result.taxable) == (expected, False, False)


def test_a_municipality_without_a_plugin_takes_the_standard_for_the_family_register():
    book = Rulebook.of(NO_PLUGIN)
    outcome = book.decide(certificate_fee, CertificateRequest(kind=C.REGISTER), on=ON)
    assert outcome.result.fee == 450
    assert any("標準に関する政令" in citation.text for citation in outcome.citations)
    outcome = book.decide(certificate_fee, CertificateRequest(kind=C.RESIDENT_RECORD), on=ON)
    assert outcome.status == Status.REFUSED
    assert "収録分" in outcome.reason


@pytest.mark.parametrize(
    ("given", "expected"), [({}, 400), ({"online": True}, 0), ({"with_paper": True}, 0), ({"copies": 2}, 800)]
)
def test_codes_of_the_electronic_register(given, expected):
    assert fee_of(C.REGISTER_CODE, **given).result.fee == expected


def test_codes_begin_with_the_law():
    assert fee_of(C.REMOVED_CODE, on=date(2024, 3, 1)).result.fee == 700
    outcome = fee_of(C.REMOVED_CODE, on=date(2024, 2, 29))
    assert outcome.status == Status.REFUSED
    assert "施行" in outcome.reason
    assert fee_of(C.REGISTER, on=date(2024, 2, 29)).result.fee == 450


def test_exemptions():
    assert fee_of(C.REGISTER, relief="生活保護").result.fee == 0
    assert fee_of(C.RECORD_ITEMS, relief="年金").result.exempt
    assert fee_of(C.RESIDENT_RECORD, relief="年金").status == Status.REFUSED


@given(
    kind=st.sampled_from(
        [C.RESIDENT_RECORD, C.RECORD_ITEMS, C.SUPPLEMENT, C.INCOME, C.TAX_PAID, C.VALUATION, C.CHARGE]
    ),
    less=st.integers(1, 40),
    more=st.integers(0, 40),
    copies=st.integers(1, 5),
)
def test_more_is_never_cheaper_and_a_fee_never_negative(kind, less, more, copies):
    def all_of(count):
        return CertificateRequest(
            kind=kind, persons=count, items=count, sheets=count, years=count, tax_items=count, lots=count, copies=copies
        )

    few = town().decide(certificate_fee, all_of(less), on=ON).result.fee
    many = town().decide(certificate_fee, all_of(less + more), on=ON).result.fee
    assert 0 <= few <= many
    assert few % copies == 0


@given(persons=st.integers(1, 60))
def test_each_five_persons_begun_are_one_unit(persons):
    assert fee_of(C.RESIDENT_RECORD, persons=persons).result.fee == 300 * ((persons + 4) // 5)


@given(persons=st.integers(1, 30), others=st.integers(1, 30))
def test_one_record_never_costs_more_than_two(persons, others):
    together = fee_of(C.RESIDENT_RECORD, persons=persons + others).result.fee
    assert (
        together
        <= fee_of(C.RESIDENT_RECORD, persons=persons).result.fee + fee_of(C.RESIDENT_RECORD, persons=others).result.fee
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"kind": C.ANY}, "stands in tables only"),
        ({"kind": C.OTHER}, "name (その他の証明の名称): missing"),
        ({"kind": C.SEAL, "name": "在学証明"}, "only that, has a name"),
    ],
)
def test_requests_that_cannot_be(given, told):
    with pytest.raises(InvariantError, match="CertificateRequest") as error:
        CertificateRequest(**given)
    assert told in str(error.value)


def test_no_copies_is_an_error():
    with pytest.raises(FieldError, match="通数"):
        CertificateRequest(kind=C.SEAL, copies=0)


def test_misspelt_data_is_told_by_its_path():
    with pytest.raises(DataError) as error:
        read_request(town(), certificate_fee, {"kind": "resident_recrod", "copy": 1})
    assert "did you mean 'resident_record'" in str(error.value)
    assert "CertificateRequest.copy" in str(error.value)


# Who may ask.


def issue(kind, relation=Relation.SELF, on=ON, *, photo=1, **given):
    applicant = Applicant(relation=relation, photo_documents=photo, **given)
    return town().decide(certificates, CertificateRequest(kind=kind), applicant, on=on)


R = Relation


@pytest.mark.parametrize(
    ("kind", "relation", "given", "ground"),
    [
        (C.RESIDENT_RECORD, R.SELF, {}, Ground.BY_RIGHT),
        (C.RESIDENT_RECORD, R.OTHER, {"same_household": True}, Ground.BY_RIGHT),
        (C.RESIDENT_RECORD, R.SPOUSE, {}, None),
        (C.REMOVED_RECORD, R.SPOUSE, {"same_household": True}, None),
        (C.REMOVED_RECORD, R.SELF, {}, Ground.BY_RIGHT),
        (C.REGISTER, R.SPOUSE, {}, Ground.BY_RIGHT),
        (C.REGISTER, R.ASCENDANT, {}, Ground.BY_RIGHT),
        (C.REGISTER, R.DESCENDANT, {}, Ground.BY_RIGHT),
        (C.REGISTER, R.OTHER, {"same_household": True}, None),
        (C.REGISTER, R.OTHER, {"purpose": Purpose.RIGHT_OR_DUTY, "reason_shown": True}, Ground.THIRD_PARTY),
        (C.REGISTER, R.OTHER, {"purpose": Purpose.SUBMISSION}, None),
        (C.RESIDENT_RECORD, R.OTHER, {"purpose": Purpose.LEGITIMATE, "reason_shown": True}, Ground.THIRD_PARTY),
        (C.RESIDENT_RECORD, R.OTHER, {"capacity": Capacity.PUBLIC_OFFICE}, Ground.PUBLIC_OFFICE),
        (C.SUPPLEMENT, R.OTHER, {"capacity": Capacity.PROFESSIONAL}, Ground.PROFESSIONAL),
        (C.INCOME, R.OTHER, {"capacity": Capacity.PROFESSIONAL}, None),
        (C.INCOME, R.SELF, {}, Ground.BY_RIGHT),
        (C.INCOME, R.SPOUSE, {"same_household": True}, None),
        (C.VALUATION, R.SPOUSE, {"same_household": True}, Ground.BY_RIGHT),
        (C.VALUATION, R.OTHER, {"purpose": Purpose.RIGHT_OR_DUTY, "reason_shown": True}, Ground.THIRD_PARTY),
        (C.VALUATION, R.OTHER, {"purpose": Purpose.SUBMISSION, "reason_shown": True}, None),
        (C.INSPECTION_TAX_PAID, R.OTHER, {}, Ground.BY_RIGHT),
        (C.ACCEPTANCE, R.OTHER, {"purpose": Purpose.RIGHT_OR_DUTY, "reason_shown": True}, None),
        (C.NOTICE_ITEMS, R.OTHER, {"purpose": Purpose.RIGHT_OR_DUTY, "reason_shown": True}, Ground.THIRD_PARTY),
        (C.SEAL, R.SELF, {}, None),
        (C.SEAL, R.OTHER, {"seal_card": True}, Ground.SEAL_CARD),
        (C.UNMARRIED, R.SELF, {"agent": Agent.VOLUNTARY, "mandate": True}, Ground.BY_RIGHT),
        (C.RESIDENT_RECORD, R.SELF, {"agent": Agent.VOLUNTARY}, None),
        (C.RESIDENT_RECORD, R.SELF, {"agent": Agent.STATUTORY, "mandate": True}, Ground.BY_RIGHT),
        (C.RESIDENT_RECORD, R.SELF, {"improper": True}, None),
    ],
)
def test_who_may_ask(kind, relation, given, ground):
    outcome = issue(kind, relation, **given)
    assert outcome.decided == (ground is not None), outcome.reason
    if ground is not None:
        assert outcome.result.ground == ground
        assert outcome.result.fee == fee_of(kind).result.fee
    else:
        assert outcome.reason


def test_third_parties_get_basic_items_only():
    assert issue(C.RESIDENT_RECORD, R.OTHER, capacity=Capacity.PROFESSIONAL).result.basic_items_only
    assert not issue(C.RESIDENT_RECORD).result.basic_items_only
    assert not issue(C.REGISTER, R.OTHER, capacity=Capacity.PROFESSIONAL).result.basic_items_only


@pytest.mark.parametrize(
    ("given", "proof"),
    [
        ({"photo": 1}, Proof.PHOTO),
        ({"photo": 0, "plain_documents": 2}, Proof.SEVERAL),
        ({"photo": 0, "plain_documents": 1, "other_documents": 1}, Proof.SEVERAL),
        ({"photo": 0, "plain_documents": 1}, None),
        ({"photo": 0, "other_documents": 2}, None),
        ({"photo": 0}, None),
        ({"photo": 0, "channel": Channel.ONLINE}, Proof.SIGNATURE),
    ],
)
def test_which_proof_is_enough(given, proof):
    outcome = issue(C.REGISTER, **given)
    assert outcome.decided == (proof is not None)
    assert outcome.decided or "本人確認" in outcome.reason
    assert proof is None or outcome.result.proof == proof


def test_a_seal_card_identifies_its_bearer():
    assert issue(C.SEAL, R.OTHER, photo=0, seal_card=True).result.proof == Proof.SEAL_CARD


def test_protected_persons():
    assert issue(C.RESIDENT_RECORD, protected=True).result.review
    assert "相手方" in issue(C.RESIDENT_RECORD, R.SPOUSE, same_household=True, protected=True, opponent=True).reason
    assert "本人が窓口" in issue(C.SUPPLEMENT, protected=True, agent=Agent.VOLUNTARY, mandate=True).reason
    assert "本人が窓口" in issue(C.RESIDENT_RECORD, protected=True, channel=Channel.POST).reason
    lawyer = issue(C.RESIDENT_RECORD, R.OTHER, protected=True, capacity=Capacity.PROFESSIONAL)
    assert (lawyer.result.ground, lawyer.result.review) == (Ground.PROFESSIONAL, True)
    for_opponent = issue(C.RESIDENT_RECORD, R.OTHER, protected=True, opponent=True, capacity=Capacity.PROFESSIONAL)
    assert for_opponent.status == Status.REFUSED
    assert not issue(C.IDENTITY, protected=True).result.review


def test_issue_elsewhere():
    elsewhere = {"channel": Channel.ELSEWHERE}
    assert issue(C.REGISTER, R.DESCENDANT, **elsewhere).result.proof == Proof.PHOTO
    assert issue(C.RESIDENT_RECORD, R.OTHER, same_household=True, **elsewhere).decided
    assert "限る" in issue(C.REGISTER_EXTRACT, **elsewhere).reason
    assert "限る" in issue(C.REGISTER, R.OTHER, purpose=Purpose.RIGHT_OR_DUTY, reason_shown=True, **elsewhere).reason
    assert "代理人" in issue(C.REGISTER, agent=Agent.VOLUNTARY, mandate=True, **elsewhere).reason
    assert "写真付き" in issue(C.REGISTER, photo=0, plain_documents=2, **elsewhere).reason
    assert "令和6年3月1日から" in issue(C.REGISTER, on=date(2024, 2, 29), **elsewhere).reason
    assert issue(C.REGISTER, on=date(2024, 3, 1), **elsewhere).decided
    assert issue(C.RESIDENT_RECORD, on=date(2024, 2, 29), **elsewhere).decided


def test_an_applicant_is_asked_for():
    with pytest.raises(MissingFact, match="Applicant"):
        town().decide(certificates, CertificateRequest(kind=C.SEAL), on=ON)


def test_an_explanation_names_ground_and_law():
    told = issue(C.REGISTER, R.SPOUSE).explain()
    assert "本人等の請求" in told
    assert "戸籍法施行規則第11条の2" in told
    assert "450円" in told
