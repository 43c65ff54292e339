"""Local benefits: published amounts, order, residence, deadlines, and a benefit of another form."""

from datetime import date
from pathlib import Path

import pytest
from tests.law.published import not_reproduced
from tests.law.welfare.local_cases import cases_of

from munirules import Rulebook, Status, facts_of, none_of
from munirules.checking import load_cases, run_case
from munirules.law.welfare.local_benefits import BenefitClaim, local_benefits
from munirules.models.household import Household
from munirules.models.resident import Resident

CASES = cases_of("local_benefits")
GIFU = Path(__file__).parents[3] / "plugins/munirules-gifu/src/munirules_gifu"


def test_published_amounts_and_what_the_tables_leave_out_come_out(scored):
    results = [run_case(case) for case in CASES]
    scored("local benefits", results)
    assert len(results) >= 45


@pytest.mark.parametrize("place", ["hida", "shirakawa"])
def test_cases_of_the_plugin_itself(place):
    results = [run_case(case) for case in load_cases(GIFU / place) if case.decision.startswith("welfare.")]
    assert results
    assert [str(result) for result in results if not result.passed] == []


def yamagata(moved_in, claimed=None, *, on=date(2025, 6, 10), arrears=False, elder="2020-06-10", **elder_more):
    family = Household(
        members=(
            Resident(id="m", born_on=date(1990, 1, 1), moved_in_on=moved_in),
            Resident(id="e", born_on=date.fromisoformat(elder), mother="m", **elder_more),
            Resident(id="c", born_on=on, mother="m"),
        )
    )
    claim = BenefitClaim(benefit="赤ちゃんほほえみ応援金", claimant="m", claimed_on=claimed, arrears=arrears)
    facts = (facts_of("m", none_of(BenefitClaim)), facts_of("e", none_of(BenefitClaim)), facts_of("c", claim))
    return Rulebook.of("山県市").decide(local_benefits, family, *facts, on=on)


def test_residence_may_be_completed_later_and_the_claim_waits_for_it():
    early = yamagata(date(2024, 6, 10), date(2025, 6, 10)).of("c")
    assert (early.amount, early.claim_from, early.claim_until) == (100_000, date(2025, 6, 10), date(2025, 9, 10))
    later = yamagata(date(2025, 2, 1), date(2026, 2, 1)).of("c")
    assert (later.amount, later.claim_from, later.claim_until) == (100_000, date(2026, 2, 1), date(2026, 5, 1))
    assert yamagata(date(2025, 2, 1), date(2026, 1, 31)).of("c").reason == "居住期間"
    last = yamagata(date(2025, 6, 9)).of("c")
    assert last.claim_until == min(date(2026, 9, 9), date(2026, 9, 10))
    assert yamagata(date(2025, 6, 11)).of("c").reason == "住所"


def test_what_stands_against_it():
    assert yamagata(date(2020, 1, 1), date(2025, 9, 11)).of("c").reason == "申請期限"
    assert yamagata(date(2020, 1, 1), arrears=True).of("c").reason == "滞納"
    # an elder child past the March after eighteen, or who has left, no longer counts
    assert yamagata(date(2000, 1, 1), elder="2007-04-01").of("c").order == 1
    assert yamagata(date(2000, 1, 1), elder="2007-04-02").of("c").order == 2
    assert yamagata(date(2000, 1, 1), moved_out_on=date(2025, 6, 10)).of("c").order == 1


def test_an_ended_or_unknown_benefit_is_refused_and_another_town_does_not_have_it():
    assert yamagata(date(2020, 1, 1), on=date(2026, 4, 1)).status == Status.REFUSED
    person = Household(members=(Resident(id="a", born_on=date(1937, 6, 1)),))
    claim = facts_of("a", BenefitClaim(benefit="敬老祝金"))
    assert "例規にない" in Rulebook.of("岐阜市").decide(local_benefits, person, claim, on=date(2025, 9, 1)).reason
    assert "基準日" in Rulebook.of("高崎市").decide(local_benefits, person, claim, on=date(2025, 9, 2)).reason


def test_listed_examples_say_why_they_are_not_reproduced():
    assert not_reproduced(Path(__file__).with_name("not_reproduced_local.toml"))


def twins(first, second):
    mother = Resident(id="m", born_on=date(1990, 1, 1), moved_in_on=date(2000, 1, 1))
    children = [Resident(id=name, born_on=date(2025, 6, 10), mother="m") for name in ("t1", "t2")]
    facts = [
        facts_of(
            name, none_of(BenefitClaim) if nth is None else BenefitClaim(benefit="第2子以降出産祝金", birth_order=nth)
        )
        for name, nth in (("m", None), ("t1", first), ("t2", second))
    ]
    outcome = Rulebook.of("岐阜県白川町").decide(
        local_benefits, Household(members=(mother, *children)), *facts, on=date(2025, 6, 10)
    )
    return {member: outcome.of(member).order for member in outcome.members}


def test_twins_count_as_their_claims_say_else_in_the_order_of_the_household():
    assert twins(1, 2) == {"t1": 1, "t2": 2}
    assert twins(2, 1) == {"t1": 2, "t2": 1}
    assert twins(0, 0) == {"t1": 1, "t2": 2}
    assert twins(None, 0) == {"t2": 2}
    assert twins(0, None) == {"t1": 1}
