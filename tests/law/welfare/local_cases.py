"""Cases beside these tests."""

from pathlib import Path

from munirules.checking import Case, load_cases

DATA = Path(__file__).with_name("data")


def cases_of(name: str) -> list[Case]:
    """The cases of a file."""
    return list(load_cases(DATA / f"{name}.toml"))
