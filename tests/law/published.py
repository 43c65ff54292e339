"""Published examples of the plugins in the repository, and those that are listed as not reproduced."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

from munirules.checking import Case, CaseResult, load_cases

ROOT = Path(__file__).parents[2]


def folders() -> list[Path]:
    """Folders of plugins that hold cases."""
    single = ROOT.glob("plugins/*/src/**/cases.toml")
    several = ROOT.glob("plugins/*/src/**/cases/*.toml")
    return sorted({*(path.parent for path in single), *(path.parents[1] for path in several)})


def examples(decisions: Iterable[str]) -> list[Case]:
    """The cases of some decisions."""
    return [case for folder in folders() for case in load_cases(folder) if case.decision in decisions]


def not_reproduced(file: Path) -> list[dict[str, str]]:
    """The examples that a file lists, each with its place, source, print and reason."""
    listed: list[dict[str, str]] = tomllib.loads(file.read_text(encoding="utf-8"))["example"]
    assert all(set(example) == {"place", "source", "printed", "reason"} for example in listed)
    assert all(all(example.values()) for example in listed)
    return listed


def none_reproduced(file: Path, results: Iterable[CaseResult]) -> None:
    """Check that nothing that a file lists is reproduced after all."""
    reproduced = {(result.case.source, result.case.printed) for result in results}
    assert not reproduced & {(example["source"], example["printed"]) for example in not_reproduced(file)}
