from hypothesis import given
from hypothesis import strategies as st

from munirules.testing.shrink import shrunk

REQUEST = {
    "on": "2024-05-17",
    "subject": {
        "members": [
            {"id": "1", "born_on": "1985-03-09", "facts": {"Income": {"year": 2023, "amount": 4_123_456}}},
            {"id": "2", "born_on": "2015-11-23", "sex": "male"},
            {"id": "3", "born_on": "2019-11-23"},
        ],
        "area": 731,
    },
    "facts": {"Residence": {"since": "2020-04-05"}, "Disability": None},
}


def test_what_does_not_matter_is_left_out_and_numbers_become_least():
    def keeps(tried):
        people = tried["subject"].get("members", [])
        incomes = [own["facts"]["Income"].get("amount", 0) for own in people if own.get("facts", {}).get("Income")]
        return any(amount > 1_000_000 for amount in incomes)

    found = shrunk(REQUEST, keeps)
    assert keeps(found)
    (member,) = found["subject"]["members"]
    assert member["facts"]["Income"] == {"year": 2023, "amount": 1_000_001}
    assert "born_on" not in member
    assert found["facts"] == {}
    assert "area" not in found["subject"]
    assert found["on"] == "2024-05-17"
    assert REQUEST["subject"]["area"] == 731


def test_days_become_round_as_far_as_they_may():
    found = shrunk(REQUEST, lambda tried: tried["facts"].get("Residence", {}).get("since", "") >= "2020-04")
    assert found["facts"] == {"Residence": {"since": "2020-04-01"}}


def test_it_ends_after_so_many_tries():
    asked = []

    def keeps(tried):
        asked.append(tried)
        return False

    assert shrunk(REQUEST, keeps, tries=7) == REQUEST
    assert len(asked) == 7


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_the_least_number_is_found_where_all_above_keep(value, least):
    value = max(value, least)
    found = shrunk({"subject": {"amount": value}}, lambda tried: tried["subject"].get("amount", 0) >= least)
    assert found == {"subject": {"amount": least}}
