"""The least questions that cover everything: greedily, the one that covers most of what is left first."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeVar

E = TypeVar("E", bound=Hashable)


def covering(candidates: Sequence[AbstractSet[E]], costs: Sequence[int], kept: Sequence[int] = ()) -> list[int]:
    """Choose candidates that cover together what all of them cover.

    Args:
        candidates: what each covers.
        costs: what each costs; of two that cover as much, the cheaper is taken.
        kept: numbers of candidates that are chosen whatever they cover.

    Returns:
        Numbers of those chosen, ascending.
    """
    chosen = list(kept)
    left = set[E]().union(*candidates) - set[E]().union(*(candidates[number] for number in chosen))
    waiting = [number for number in range(len(candidates)) if number not in chosen]
    while left:
        best = max(waiting, key=lambda number: (len(candidates[number] & left), -costs[number], -number))
        chosen.append(best)
        waiting.remove(best)
        left -= candidates[best]
    return sorted(_needed(candidates, chosen, set(kept)))


def _needed(candidates: Sequence[AbstractSet[E]], chosen: list[int], kept: AbstractSet[int]) -> list[int]:
    """Those kept, and of the others those that cover something that no other does; the last come into doubt first."""
    count: dict[E, int] = {}
    for number in chosen:
        for element in candidates[number]:
            count[element] = count.get(element, 0) + 1
    found = list(chosen)
    for number in reversed(chosen):
        if number not in kept and all(count[element] > 1 for element in candidates[number]):
            found.remove(number)
            for element in candidates[number]:
                count[element] -= 1
    return found
