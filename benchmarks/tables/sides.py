"""The sides of the comparison: each a process that waits for requests, so that all can be asked in turn."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import attrs
from benchmarks.tables.environments import python_of

if TYPE_CHECKING:
    from types import TracebackType

PEERS = Path(__file__).with_name("peers")
ROOT = Path(__file__).parents[2]


@attrs.frozen(kw_only=True)
class Way:
    """A way in which a peer can be asked.

    Attributes:
        label: what it is called in tables.
        script: its file among the peers.
        way: what the script calls it.
        environment: the name of its environment; empty for this one.
        cases: what it answers.
        most: rows above which it is not asked.
        few: whether it is asked in the first rounds only, since it takes long.
    """

    label: str
    script: str
    way: str = ""
    environment: str = ""
    cases: tuple[str, ...] = ("within", "child", "bills")
    most: int = 100_000_000
    few: bool = False


MUNIRULES = Way(label="munirules", script="munirules_tables.py", way="auto")
BY_HAND = Way(label="by hand, one thread", script="by_hand.py", way="1")
BY_HAND_THREADED = Way(label="by hand, two threads", script="by_hand.py", way="2")
POLARS = Way(label="polars expressions", script="polars_rules.py", environment="polars")
OPENFISCA = Way(
    label="OpenFisca-Japan, arrays set directly",
    script="openfisca.py",
    way="direct",
    environment="openfisca",
    cases=("within", "child"),
)
WAYS = (
    MUNIRULES,
    BY_HAND,
    BY_HAND_THREADED,
    POLARS,
    OPENFISCA,
    attrs.evolve(OPENFISCA, label="OpenFisca-Japan, builder without its loop", way="position", few=True),
    attrs.evolve(OPENFISCA, label="OpenFisca-Japan, builder", way="builder", few=True),
    Way(
        label="GETTSIM, prepared function",
        script="kindergeld.py",
        way="prepared",
        environment="gettsim",
        cases=("within", "child"),
    ),
    Way(
        label="GETTSIM, main()",
        script="kindergeld.py",
        way="main",
        environment="gettsim",
        cases=("within", "child"),
        few=True,
    ),
)


@attrs.define
class Side:
    """A way, with its process while it runs.

    Args:
        way: the way.
        inputs: folder of the inputs.
        peers: folder of the environments.
    """

    way: Way
    inputs: Path
    peers: Path
    process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        own = not self.way.environment
        python = Path(sys.executable) if own else python_of(self.peers, self.way.environment)
        environment = {**os.environ, "PYTHONUTF8": "1"}
        environment.pop("PYTHONPATH", None)
        if own:
            environment["PYTHONPATH"] = os.pathsep.join(
                [str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
            )
        self.process = subprocess.Popen(
            [str(python), str(PEERS / self.way.script), str(self.inputs)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()
            self.process.wait()

    def ask(self, case: str, rows: int) -> dict[str, Any]:
        """Run once; see `peers/serve.py` for what it answers.

        Raises:
            RuntimeError: where the process ended instead.
        """
        process = self.process
        if process is None or process.stdin is None or process.stdout is None:
            raise RuntimeError(f"{self.way.label} does not run")
        process.stdin.write(json.dumps({"case": case, "rows": rows, "way": self.way.way}) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.way.label}, {case} of {rows} rows: it ended with {process.wait()}")
        return dict(json.loads(line))
