"""The hooks of munirules, for pluggy: what a plugin may say, and when it is asked.

A plugin that is a folder of data implements all of them by its files; a plugin that is a module marks functions with
`hookimpl`. A rulebook asks the plugins of one chain (nation, prefecture, unions, municipality), each hook once, when it
is first needed; nothing is asked per case but `munirules_decided`.

One hook per area is made from `AREAS`: `munirules_water`, `munirules_welfare`, … each as `AreaHook` describes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from textwrap import dedent
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias, TypeVar

import pluggy

from munirules.plugins.areas import AREAS

if TYPE_CHECKING:
    from munirules.calendar import ClosingDay
    from munirules.engine.area import LazyModule
    from munirules.engine.decision import Decision
    from munirules.engine.enactment import Enactment
    from munirules.engine.outcome import Outcome
    from munirules.plugins.delegation import Delegation

AreaItem: TypeAlias = "Enactment | Decision[Any, Any] | type | LazyModule"
F = TypeVar("F", bound=Callable[..., Any])

PROJECT: Final = "munirules"
_mark_spec = pluggy.HookspecMarker(PROJECT)
_mark_impl = pluggy.HookimplMarker(PROJECT)


def hookimpl(function: F) -> F:
    """Mark a function of a plugin module as the implementation of the hook of its name."""
    return _mark_impl(function)


class AreaHook(Protocol):
    """A hook of an area, `munirules_AREA`.

    When: once per rulebook, when a decision of the area is first used.

    Returns:
        Enactments of the plugin's jurisdiction for the area (with their replacements), decisions of its own, and
        provision classes that no rule of the area names; modules that hold both and are imported at first use.

    Example:
        >>> from pathlib import Path
        >>> from munirules.engine.enactment import load
        >>> from munirules.plugins import hookimpl
        >>> @hookimpl
        ... def munirules_water():
        ...     return [load(Path(__file__).with_name("water.toml"))]
    """

    def __call__(self) -> Iterable[AreaItem]:
        """Give what the plugin says of the area."""


class Hooks:
    """The hooks that are not of one area."""

    @_mark_spec
    def munirules_jurisdiction(self) -> Sequence[Delegation]:
        """Say to which unions the jurisdiction delegates which areas.

        When: once, when a rulebook of the jurisdiction is opened.

        Returns:
            Delegations; an empty list for none.

        Example:
            >>> from datetime import date
            >>> from munirules.plugins import Delegation, hookimpl
            >>> @hookimpl
            ... def munirules_jurisdiction():
            ...     return [Delegation(area="insurance", to="219975", since=date(2008, 4, 1))]
            >>> munirules_jurisdiction()[0].to
            '219975'
        """
        raise AssertionError

    @_mark_spec
    def munirules_eras(self) -> Iterable[dict[str, Any]]:
        """Give further eras (rows as in the era table), a future one say.

        When: when `Rulebook.eras` is asked for; every plugin of the chain is.

        Returns:
            Rows; collisions with other eras are refused.

        Example:
            >>> from munirules.plugins import hookimpl
            >>> @hookimpl
            ... def munirules_eras():
            ...     return []
            >>> munirules_eras()
            []
        """
        raise AssertionError

    @_mark_spec
    def munirules_closing_days(self) -> Iterable[ClosingDay]:
        """Give the closing days of the jurisdiction beyond Saturdays, Sundays, holidays and the turn of the year.

        When: when `Rulebook.closing_days` is asked for; only the jurisdiction's own plugin is.

        Returns:
            Days of every year, with the dates between which the ordinance has them.

        Example:
            >>> from munirules.calendar import ClosingDay
            >>> from munirules.plugins import hookimpl
            >>> @hookimpl
            ... def munirules_closing_days():
            ...     return [ClosingDay(month=6, day=23, reason="慰霊の日")]
            >>> munirules_closing_days()[0].reason
            '慰霊の日'
        """
        raise AssertionError

    @_mark_spec
    def munirules_decided(self, outcome: Outcome[Any]) -> None:
        """Observe an outcome, for an audit log.

        When: after every decision of a rulebook whose chain holds the plugin. It cannot change the outcome.

        Args:
            outcome: what was decided.

        Example:
            >>> from munirules.plugins import hookimpl
            >>> @hookimpl
            ... def munirules_decided(outcome):
            ...     print(outcome.decision.name, outcome.status)
        """


def _area_spec(area: str, title: str) -> Callable[[], Any]:
    def spec() -> Iterable[AreaItem]:
        raise AssertionError

    spec.__name__ = spec.__qualname__ = f"munirules_{area}"
    told = dedent((AreaHook.__doc__ or "").partition("\n")[2]).replace("water", area)
    spec.__doc__ = f"Give the enactments and decisions of the area {area} ({title}).\n{told}"
    return spec


class AreaHooks:
    """The hooks of the areas, one each."""


for _area, _title in AREAS.items():
    _spec = _area_spec(_area, _title)
    setattr(AreaHooks, _spec.__name__, staticmethod(_mark_spec(_spec)))
