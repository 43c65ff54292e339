"""Ids and references to them: what is wrong with them, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from munirules.errors import did_you_mean


def ids_twice(field: str, ids: Sequence[str]) -> Iterator[str]:
    """Yield a problem for each id that stands a second time.

    Args:
        field: name of the field that holds the parts.
        ids: their ids, in order.
    """
    first: dict[str, int] = {}
    for index, own in enumerate(ids):
        if own in first:
            yield f"{field}[{index}].id: {own!r} stands twice, first in {field}[{first[own]}]; ids tell parts apart"
        else:
            first[own] = index


def no_such_id(target: str, ids: Collection[str]) -> str:
    """Say that nobody has an id, and who might be meant."""
    return f"{target!r}, which none has{did_you_mean(target, ids)} (ids: {', '.join(ids) or 'none'})"
