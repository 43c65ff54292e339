"""Cases beside these tests."""

from pathlib import Path

import attrs

from munirules.checking import Case, load_cases

DATA = Path(__file__).with_name("data")


def cases_of(name: str) -> list[Case]:
    """The cases of a file."""
    return list(load_cases(DATA / f"{name}.toml"))


def turned(case: Case, by: int) -> Case:
    """The same case with its members in another order."""
    members = case.given["members"]
    return attrs.evolve(case, given={**case.given, "members": [*members[by:], *members[:by]]})
