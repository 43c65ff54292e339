"""The roll of those who need help to evacuate: which criterion applies, in which municipality."""

from datetime import date

import pytest

from munirules import Rulebook, Status, facts_of, none_of
from munirules.engine.provisions import NotInForce
from munirules.law.welfare.evacuation_support import Consent, EvacuationState, PartGrade, evacuation_support
from munirules.models.conditions import CareLevel, CareNeed, Disability
from munirules.models.household import Household
from munirules.models.resident import Resident

ON = date(2025, 8, 1)
BORN = date(1955, 1, 1)


def decide(town, *facts, born=BORN, others=(), state=None, on=ON):
    known = {type(fact) for fact in facts}
    members = [Resident(id="a", born_on=born), *(Resident(id=f"o{n}", born_on=day) for n, day in enumerate(others))]
    own = (
        state or EvacuationState(at_home=True),
        *facts,
        *(none_of(cls) for cls in (CareNeed, Disability) if cls not in known),
    )
    spared = [facts_of(member.id, none_of(EvacuationState)) for member in members[1:]]
    outcomes = [
        Rulebook.of(town).decide(
            evacuation_support, Household(members=tuple(order)), facts_of("a", *own), *spared, on=on
        )
        for order in (members, members[::-1])
    ]
    if outcomes[0].decided:
        assert outcomes[0].of("a") == outcomes[1].of("a")
    return outcomes[0]


def criteria(*args, **more):
    return decide(*args, **more).of("a").criteria


YOUNG = (date(1990, 1, 1),)


@pytest.mark.parametrize("town", ["多治見市", "郡上市", "美濃加茂市", "各務原市"])
def test_care_level_3_in_every_town_that_names_it(town):
    assert criteria(town, CareNeed(level=CareLevel.CARE_3), others=YOUNG) == ("要介護3〜5",)
    assert criteria(town, CareNeed(level=CareLevel.CARE_2), others=YOUNG) == ()
    assert criteria(town, CareNeed(level=CareLevel.CARE_5, until=date(2025, 7, 31)), others=YOUNG) == ()


def test_households_of_the_aged():
    support = CareNeed(level=CareLevel.SUPPORT_1)
    assert criteria("多治見市", support, others=(date(1960, 8, 2),)) == ("65歳以上のみの世帯で要介護1・2又は要支援",)
    assert criteria("多治見市", support, others=(date(1960, 8, 3),)) == ()
    assert criteria("郡上市") == ("ひとり暮らしの65歳以上",)
    assert criteria("郡上市", others=(date(1950, 1, 1),)) == ()
    asked = EvacuationState(at_home=True, requested=True)
    assert criteria("美濃加茂市", state=asked) == ("65歳以上のひとり暮らしで申出",)
    assert criteria("美濃加茂市", born=date(1950, 1, 1), state=asked) == (
        "65歳以上のひとり暮らしで申出",
        "75歳以上のみの世帯で申出",
    )


def test_certificates():
    mental = Disability(mental_grade=2)
    assert criteria("美濃加茂市", mental, others=YOUNG) == ("精神1・2級",)
    assert criteria("郡上市", mental, others=YOUNG) == ()
    both = Disability(physical_grade=1, intellectual_grade="A1")
    assert criteria("郡上市", both, others=YOUNG) == ("身体1・2級", "療育手帳A1")
    assert criteria("多治見市", Disability(intellectual_grade="B2"), others=YOUNG) == ("療育手帳",)


def test_class_1_but_for_heart_and_kidney():
    first = Disability(physical_grade=1, physical_class=1)
    heart = EvacuationState(at_home=True, only_heart_kidney=True)
    assert criteria("各務原市", first, others=YOUNG) == ("身体1・2級（第1種）",)
    assert criteria("各務原市", first, others=YOUNG, state=heart) == ()
    assert criteria("各務原市", Disability(physical_grade=1, physical_class=2), others=YOUNG) == ()
    assert "種別" in decide("各務原市", Disability(physical_grade=1), others=YOUNG).reason


def test_grades_by_what_is_impaired():
    def parts(*given):
        return EvacuationState(at_home=True, parts=tuple(PartGrade(part=part, grade=grade) for part, grade in given))

    third = Disability(physical_grade=3)
    assert criteria("多治見市", third, others=YOUNG, state=parts(("上肢", 3), ("体幹", 3))) == ("体幹1〜3級",)
    assert criteria("多治見市", third, others=YOUNG, state=parts(("上肢", 3))) == ()
    assert decide("多治見市", third, others=YOUNG).status == Status.REFUSED


def test_who_lives_in_a_facility_is_listed_only_where_that_does_not_matter():
    away = EvacuationState(at_home=False)
    need = CareNeed(level=CareLevel.CARE_5)
    assert criteria("郡上市", need, others=YOUNG, state=away) == ()
    assert criteria("多治見市", need, others=YOUNG, state=away) == ("要介護3〜5",)


@pytest.mark.parametrize(
    ("town", "consent", "shared"),
    [
        ("郡上市", Consent.NOT_STATED, True),
        ("郡上市", Consent.REFUSED, False),
        ("美濃加茂市", Consent.NOT_STATED, False),
        ("美濃加茂市", Consent.AGREED, True),
    ],
)
def test_the_roll_is_given_with_consent_or_unless_refused(town, consent, shared):
    state = EvacuationState(at_home=True, consent=consent)
    assert decide(town, CareNeed(level=CareLevel.CARE_4), state=state).of("a").shared is shared
    assert (
        decide(town, state=EvacuationState(at_home=True, consent=Consent.AGREED), others=YOUNG).of("a").shared is False
    )


def test_the_nations_example_counts_for_no_municipality():
    with pytest.raises(NotInForce, match="criteria"):
        decide("関市")


def test_an_explanation_shows_each_criterion():
    text = decide("郡上市", Disability(physical_grade=1, intellectual_grade="A1"), others=YOUNG).explain()
    assert "身体1・2級" in text
    assert "療育手帳A1" in text
