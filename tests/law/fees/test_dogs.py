"""Dogs: fees, microchips, until when a dog is registered and vaccinated."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.law.fees.fees_town import ON, town

from munirules import Rulebook
from munirules.calendar import PartialDate, Precision
from munirules.engine.outcome import Status
from munirules.engine.partial import AmbiguousDate
from munirules.engine.provisions import NotInForce
from munirules.engine.rulebook import DecideError
from munirules.law.fees.dog_vaccination import VaccinationDuty, dog_vaccination
from munirules.law.fees.dogs import ChipParticipation, Dog, DogMatter, DogRequest, dog_deadlines, dog_fee

M = DogMatter
D = VaccinationDuty
DAYS = st.dates(date(2015, 1, 1), date(2026, 12, 31))


def fee_of(matter, on=ON, **given):
    return town().decide(dog_fee, DogRequest(matter=matter, **given), on=on)


@pytest.mark.parametrize(
    ("matter", "given", "expected"),
    [
        (M.REGISTRATION, {}, 3000),
        (M.REGISTRATION, {"dogs": 3}, 9000),
        (M.TAG_REISSUE, {}, 1600),
        (M.VACCINATION_TAG, {"dogs": 2}, 1100),
        (M.REGISTRATION, {"relief": "補助犬"}, 0),
        (M.DEATH, {}, 0),
    ],
)
def test_fees(matter, given, expected):
    result = fee_of(matter, **given).result
    assert (result.fee, result.taxable) == (expected, False)


def test_what_the_ordinance_does_not_know_is_refused():
    assert "この手続がない" in fee_of(M.TRANSFER).reason
    assert "免除の事由" in fee_of(M.REGISTRATION, relief="老犬").reason


@pytest.mark.parametrize(
    ("on", "tag"), [(date(2022, 5, 31), True), (date(2024, 3, 31), True), (date(2024, 4, 1), False)]
)
def test_a_chip_counts_where_and_when_the_municipality_takes_part(on, tag):
    assert fee_of(M.REGISTRATION, on, chip=True).result.tag == tag
    assert fee_of(M.REGISTRATION, on).result.tag
    assert fee_of(M.VACCINATION_TAG, on, chip=True).result.tag
    assert fee_of(M.TAG_REISSUE, on, chip=True).decided == tag


def test_kakamigahara_takes_part():
    book = Rulebook.of("各務原市")
    took = [
        book.timeline(ChipParticipation, "fees", None).at(day).value for day in (date(2025, 2, 28), date(2025, 3, 1))
    ]
    assert [part.takes_part for part in took] == [False, True]


def deadlines(**given):
    return town().decide(dog_deadlines, Dog(**given), on=ON).result


@pytest.mark.parametrize(
    ("born", "acquired", "expected"),
    [
        (date(2024, 1, 1), date(2026, 6, 1), date(2026, 7, 1)),
        (date(2026, 4, 1), date(2026, 4, 1), date(2026, 7, 30)),  # the 91st day is 06-30
        (date(2026, 4, 1), date(2026, 6, 29), date(2026, 7, 30)),
        (date(2026, 4, 1), date(2026, 6, 30), date(2026, 7, 30)),
        (date(2026, 4, 1), date(2026, 7, 1), date(2026, 7, 31)),
    ],
)
def test_registration_within_thirty_days(born, acquired, expected):
    assert deadlines(born_on=born, acquired_on=acquired).register_by == expected


def test_changes_within_thirty_days():
    told = deadlines(
        born_on=date(2020, 1, 1), acquired_on=date(2020, 5, 1), registered=True, changed_on=date(2026, 2, 28)
    )
    assert (told.register_by, told.notify_by) == (None, date(2026, 3, 30))


@given(born=DAYS, days=st.integers(0, 3000), changed=st.integers(0, 3000))
def test_deadlines_lie_after_their_events(born, days, changed):
    acquired = born + timedelta(days)
    assume(born <= ON)
    told = deadlines(born_on=born, acquired_on=acquired, changed_on=born + timedelta(changed))
    assert told.register_by >= acquired + timedelta(30)
    assert told.register_by >= born + timedelta(120)
    assert told.notify_by == born + timedelta(changed + 30)


def vaccination(on=ON, **given):
    return town().decide(dog_vaccination, Dog(**given), on=on).result


OLD = {"born_on": date(2020, 1, 1), "acquired_on": date(2020, 6, 1)}


@pytest.mark.parametrize(
    ("given", "on", "duty", "due_by"),
    [
        (OLD, ON, D.WINDOW, date(2026, 6, 30)),
        (OLD, date(2027, 3, 31), D.WINDOW, date(2026, 6, 30)),
        ({**OLD, "vaccinated_on": date(2026, 3, 1)}, ON, D.WINDOW, date(2026, 6, 30)),
        ({**OLD, "vaccinated_on": date(2026, 3, 2)}, ON, D.DONE, None),
        ({**OLD, "vaccinated_on": date(2025, 6, 1)}, date(2026, 3, 31), D.DONE, None),
        # acquired old enough, nobody knows of an injection
        ({"born_on": date(2020, 1, 1), "acquired_on": date(2026, 5, 20)}, ON, D.ACQUIRED, date(2026, 6, 19)),
        ({"born_on": date(2020, 1, 1), "acquired_on": date(2026, 3, 1)}, ON, D.WINDOW, date(2026, 6, 30)),
        ({"born_on": date(2020, 1, 1), "acquired_on": date(2026, 3, 2)}, ON, D.ACQUIRED, date(2026, 4, 1)),
        # until May an injection since March 2 of the year before counts for who gets the dog
        (
            {"born_on": date(2020, 1, 1), "acquired_on": date(2026, 5, 31), "vaccinated_on": date(2025, 3, 2)},
            ON,
            D.WINDOW,
            date(2026, 6, 30),
        ),
        (
            {"born_on": date(2020, 1, 1), "acquired_on": date(2026, 5, 31), "vaccinated_on": date(2025, 3, 1)},
            ON,
            D.ACQUIRED,
            date(2026, 6, 30),
        ),
        (
            {"born_on": date(2020, 1, 1), "acquired_on": date(2026, 6, 1), "vaccinated_on": date(2025, 6, 1)},
            ON,
            D.ACQUIRED,
            date(2026, 7, 1),
        ),
        # a young dog
        ({"born_on": date(2026, 4, 1), "acquired_on": date(2026, 5, 1)}, ON, D.WINDOW, date(2026, 6, 30)),
        ({"born_on": date(2026, 4, 2), "acquired_on": date(2026, 5, 1)}, ON, D.NEXT_YEAR, None),
    ],
)
def test_when_a_dog_is_vaccinated(given, on, duty, due_by):
    told = vaccination(on, **given)
    assert (told.duty, told.due_by) == (duty, due_by)
    assert told.overdue == (due_by is not None and due_by < on)


def test_the_window_begins_when_a_young_dog_is_old_enough():
    told = vaccination(born_on=date(2026, 2, 1), acquired_on=date(2026, 3, 1))
    assert (told.grown, told.due_from) == (date(2026, 5, 2), date(2026, 5, 2))
    assert vaccination(**OLD).due_from == date(2026, 4, 1)


@given(born=DAYS, days=st.integers(0, 4000), injected=st.none() | st.integers(0, 4000), on=DAYS)
def test_what_is_due_is_due_after_the_dog_is_old_enough_and_owned(born, days, injected, on):
    acquired = born + timedelta(days)
    assume(acquired <= on)
    given = None if injected is None else born + timedelta(injected)
    told = vaccination(on, born_on=born, acquired_on=acquired, vaccinated_on=given)
    if told.due_by is None:
        assert told.duty in (D.DONE, D.NEXT_YEAR)
        assert told.due_from is None
        assert not told.overdue
    else:
        assert told.grown <= told.due_from <= told.due_by


def test_from_april_2027_the_law_is_not_recorded():
    assert vaccination(date(2027, 3, 31), **OLD).overdue
    with pytest.raises(NotInForce, match="2027-03-31"):
        vaccination(date(2027, 4, 1), **OLD)


def test_a_birth_of_which_only_the_year_is_known():
    year = PartialDate(date(2020, 1, 1), date(2020, 12, 31), Precision.YEAR)
    assert vaccination(born_on=date(2020, 1, 1), acquired_on=date(2022, 1, 1)).duty == D.WINDOW
    told = deadlines(born_on=year, acquired_on=date(2022, 1, 1))
    assert told.register_by == date(2022, 1, 31)
    with pytest.raises(AmbiguousDate):
        deadlines(born_on=year, acquired_on=date(2020, 6, 1))


@pytest.mark.parametrize("field", ["acquired_on", "vaccinated_on", "changed_on"])
def test_nothing_happens_before_birth(field):
    with pytest.raises(DecideError, match=field):
        deadlines(**{"born_on": date(2026, 1, 1), "acquired_on": date(2026, 1, 1), field: date(2025, 12, 31)})


def test_a_dog_not_yet_born():
    with pytest.raises(DecideError, match="is after 2026-06-10"):
        deadlines(born_on=date(2026, 6, 11), acquired_on=date(2026, 6, 11))


def test_a_municipality_without_an_ordinance_here_is_not_in_force():
    with pytest.raises(NotInForce, match="DogFees"):
        Rulebook.of("131016").decide(dog_fee, DogRequest(matter=M.REGISTRATION), on=ON)
    assert Rulebook.of("131016").decide(dog_deadlines, Dog(**OLD), on=ON).status == Status.DECIDED
