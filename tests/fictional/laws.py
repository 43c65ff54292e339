"""The law of 架空市, read from its folder of data."""

from __future__ import annotations

from pathlib import Path

from munirules.engine.enactment import Enactment, load

DATA = Path(__file__).parent / "data"


def laws(maker: str) -> tuple[Enactment, ...]:
    """The enactments of the city or the nation, in order of their files."""
    return tuple(load(path, plugin=f"munirules-{maker} 1.0") for path in sorted((DATA / maker).glob("*/*.toml")))


LAWS = {"city": laws("city"), "nation": laws("nation")}
