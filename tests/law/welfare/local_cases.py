"""Cases beside these tests, in which `false` instead of a fact gives it as none: TOML has no null."""

from pathlib import Path

import attrs

from munirules.checking import Case, load_cases

DATA = Path(__file__).with_name("data")


def cases_of(name: str) -> list[Case]:
    """The cases of a file."""
    return [attrs.evolve(case, given=_with_none(case.given)) for case in load_cases(DATA / f"{name}.toml")]


def turned(case: Case, by: int) -> Case:
    """The same case with its members in another order."""
    members = case.given["members"]
    return attrs.evolve(case, given={**case.given, "members": [*members[by:], *members[:by]]})


def _with_none(given):
    members = []
    for member in given["members"]:
        facts = {name: None if fact is False else fact for name, fact in member["facts"].items()}
        members.append({**member, "facts": facts})
    return {**given, "members": members}
