"""身体障害者手帳 and 精神障害者保健福祉手帳: sums of indexes and their limits, days of validity."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from munirules import MunirulesError, Rulebook, Status
from munirules.law.welfare.disability_certificate import (
    Assessment,
    BodyPart,
    Impairment,
    Impairments,
    combined_grade,
    reassessment,
)
from munirules.law.welfare.mental_health_certificate import MentalCertificate, mental_certificate

ON = date(2026, 4, 1)
BOOK = Rulebook.of("岐阜市")


def grade(*impairments: Impairment) -> int:
    return BOOK.decide(combined_grade, Impairments(impairments=impairments), on=ON).result.grade


def other(level: int) -> Impairment:
    return Impairment(part=BodyPart.OTHER, grade=level)


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((7,), 0),
        ((6,), 6),
        ((7, 7), 6),
        ((6, 6), 5),
        ((5, 5), 4),
        ((4, 4), 3),
        ((3, 3), 2),
        ((2, 2), 1),
        ((4, 4, 4), 2),
        ((4, 7), 4),
    ],
)
def test_two_of_one_grade_are_the_grade_above(levels, expected):
    assert grade(*[other(level) for level in levels]) == expected


def test_trunk_and_legs_are_not_summed():
    leg = Impairment(part=BodyPart.RIGHT_LEG, grade=3)
    both = (leg, Impairment(part=BodyPart.LEFT_LEG, grade=3))
    trunk = Impairment(part=BodyPart.TRUNK, grade=3)
    assert grade(leg, trunk) == 3
    assert grade(*both, trunk) == 2
    assert grade(trunk, Impairment(part=BodyPart.RIGHT_ARM, grade=3)) == 2


def test_voice_speech_and_chewing_are_not_summed():
    assert grade(Impairment(part=BodyPart.SPEECH, grade=3), Impairment(part=BodyPart.SPEECH, grade=4)) == 3


def test_several_impairments_of_a_limb_say_what_its_loss_would_be():
    with pytest.raises(MunirulesError, match="loss_grade"):
        Impairments(
            impairments=(Impairment(part=BodyPart.LEFT_ARM, grade=4), Impairment(part=BodyPart.LEFT_ARM, grade=4))
        )
    with pytest.raises(MunirulesError, match="only an arm or a leg"):
        Impairment(part=BodyPart.VISION, grade=4, loss_grade=3)
    with pytest.raises(MunirulesError, match="give one at least"):
        Impairments(impairments=())


levels = st.lists(st.integers(1, 7), min_size=1, max_size=5)


@given(levels, st.integers(1, 7), st.randoms())
def test_another_impairment_never_lowers_the_grade_and_order_does_not_matter(own, more, random):
    before, after = grade(*[other(level) for level in own]), grade(*[other(level) for level in [*own, more]])
    rank = {0: 7, **{level: level for level in range(1, 7)}}
    assert rank[after] <= rank[before]
    assert rank[before] <= min([*own, 7])
    shuffled = list(own)
    random.shuffle(shuffled)
    assert grade(*[other(level) for level in shuffled]) == before


@given(st.dates(date(2003, 4, 1), date(2040, 1, 1)), st.integers(12, 60))
def test_the_next_assessment_lies_within_one_to_five_years(assessed_on, after_months):
    found = BOOK.decide(
        reassessment, Assessment(assessed_on=assessed_on, after_months=after_months), on=assessed_on
    ).result
    assert found.earliest <= found.due_on <= found.latest


@pytest.mark.parametrize("months", [11, 61])
def test_the_notice_allows_no_other_time(months):
    outcome = BOOK.decide(reassessment, Assessment(assessed_on=ON, after_months=months), on=ON)
    assert outcome.status == Status.REFUSED
    assert "平成12年" in outcome.reason


@pytest.mark.parametrize(
    ("certificate", "until", "renewed"),
    [
        (MentalCertificate(issued_on=date(2024, 3, 15)), date(2026, 3, 31), date(2028, 3, 31)),
        (MentalCertificate(issued_on=date(2024, 4, 1)), date(2026, 3, 31), date(2028, 3, 31)),
        (MentalCertificate(issued_on=date(2024, 2, 29)), date(2026, 2, 28), date(2028, 2, 29)),
        (
            MentalCertificate(issued_on=date(2020, 5, 5), printed_until=date(2026, 5, 31)),
            date(2026, 5, 31),
            date(2028, 5, 31),
        ),
    ],
)
def test_a_mental_health_certificate_is_valid_two_years_to_the_end_of_the_month(certificate, until, renewed):
    outcome = BOOK.decide(mental_certificate, certificate, on=ON)
    assert (outcome.result.valid_until, outcome.result.renewed_until) == (until, renewed)
    assert any("月末" in told for told in outcome.unverified)


def test_renewal_begins_three_months_before_and_stays_open():
    certificate = MentalCertificate(issued_on=date(2024, 5, 10))  # to 2026-05-31
    results = {
        on: BOOK.decide(mental_certificate, certificate, on=on).result
        for on in (date(2026, 2, 27), date(2026, 2, 28), date(2026, 5, 31), date(2026, 6, 1))
    }
    assert [(found.renewable, found.expired) for found in results.values()] == [
        (False, False),
        (True, False),
        (True, False),
        (True, True),
    ]
    assert {found.renewable_from for found in results.values()} == {date(2026, 2, 28)}


def test_the_prefecture_decides_on_both():
    assert combined_grade.role == mental_certificate.role == "forwards"
