"""OpenFisca-Japan: 児童手当 of households of four, by each of the ways in which arrays can be given to it.

`builder` is the documented way, `position` spares it the loop over persons, `direct` sets the arrays that the builder
would have made. A day before the child's birthday or school year counts otherwise there than in the Act, claims and
recipients do not exist, so that sums differ a little.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_japan import CountryTaxBenefitSystem
from serve import serve

if TYPE_CHECKING:
    from collections.abc import Callable

ON = "2025-06-01"
SIZE = 4
PARENT, CHILD = 0, 1  # places among the roles of 世帯
ROLES = (PARENT, PARENT, CHILD, CHILD)
SYSTEM = CountryTaxBenefitSystem()
FOLDER = Path(sys.argv[1])


def builder(born: np.ndarray, rows: int, *, position: bool) -> np.ndarray:
    """By `SimulationBuilder`."""
    build = SimulationBuilder()
    build.create_entities(SYSTEM)
    build.declare_person_entity("人物", np.arange(SIZE * rows))
    group = build.declare_entity("世帯", np.arange(rows))
    build.join_with_persons(group, np.repeat(np.arange(rows), SIZE), np.tile(np.array(ROLES), rows))
    if position:
        group.members_position = np.tile(np.arange(SIZE), rows)
    return answer(build.build(SYSTEM), born)


def direct(born: np.ndarray, rows: int) -> np.ndarray:
    """By setting what the builder would have made."""
    populations: dict[str, Any] = SYSTEM.instantiate_entities()
    persons, group = populations["人物"], populations["世帯"]
    persons.ids, persons.count = np.arange(SIZE * rows), SIZE * rows
    group.ids, group.count = np.arange(rows), rows
    group.members_entity_id = np.repeat(np.arange(rows), SIZE)
    group._members_role = np.tile(np.array(group.entity.flattened_roles)[list(ROLES)], rows)
    group.members_position = np.tile(np.arange(SIZE), rows)
    group._ordered_members_map = np.arange(SIZE * rows)
    return answer(Simulation(SYSTEM, populations), born)


def answer(simulation: Any, born: np.ndarray) -> np.ndarray:
    """Calculate from the days of birth."""
    simulation.set_input("誕生年月日", "ETERNITY", born)
    return simulation.calculate("児童手当", ON)


def prepare(case: str, rows: int, way: str) -> Callable[[], int]:
    """Read the days of birth; what is returned makes a simulation of them and calculates."""
    born = np.load(FOLDER / f"{case}-{rows}.npz")["born"].ravel().astype("datetime64[D]")
    if way == "direct":
        return lambda: direct(born, rows).sum(dtype=float)
    return lambda: builder(born, rows, position=way == "position").sum(dtype=float)


if __name__ == "__main__":
    serve(prepare)
