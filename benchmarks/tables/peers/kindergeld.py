"""GETTSIM: Kindergeld of households of four.

`main` is the documented call, from a tree of arrays to a tree of arrays; `prepared` runs the function that it makes of
the policy environment on data that it has checked and sorted before, which is all of its work and none of its wiring.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gettsim
import numpy as np
from serve import serve

if TYPE_CHECKING:
    from collections.abc import Callable

POLICY_DATE = "2025-06-01"
FOLDER = Path(sys.argv[1])
DAYS_A_YEAR = 365.25
NOBODY = -1
TARGETS = {"kindergeld": {"betrag_m": None}}


def tree(born: np.ndarray) -> dict[str, Any]:
    """The persons as GETTSIM asks for them: whole ages, and for whom the first parent receives."""
    rows, size = born.shape
    on = np.datetime64(POLICY_DATE).astype("datetime64[D]").astype(int)
    first = np.arange(rows) * size
    recipient = np.full(born.shape, NOBODY)
    recipient[:, 2:] = first[:, None]
    age = ((on - born) // DAYS_A_YEAR).astype(int).ravel()
    return {
        "p_id": np.arange(rows * size),
        "alter": age,
        "arbeitsstunden_w": np.zeros(rows * size),
        "kindergeld": {"in_ausbildung": age < 18, "p_id_empfänger": recipient.ravel()},
    }


def prepare(case: str, rows: int, way: str) -> Callable[[], int]:
    """Read the days of birth; what is returned asks for the Kindergeld of all."""
    data = tree(np.load(FOLDER / f"{case}-{rows}.npz")["born"])
    options: dict[str, Any] = {
        "policy_date_str": POLICY_DATE,
        "input_data": gettsim.InputData.tree(data),
        "tt_targets": gettsim.TTTargets.tree(TARGETS),
    }
    made = gettsim.main(main_targets=["tt_function", "processed_data"], **options)

    def called() -> int:
        return gettsim.main(main_target="results__tree", **options)["kindergeld"]["betrag_m"].sum()

    def prepared() -> int:
        return made["tt_function"](made["processed_data"])["kindergeld__betrag_m"].sum()

    return called if way == "main" else prepared


if __name__ == "__main__":
    serve(prepare)
