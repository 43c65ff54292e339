"""The process in which a plugin is checked: `python -m munirules.checking.child TARGET REPORT EXAMPLES`.

TARGET is a `Target` as JSON; the report is written to the file REPORT, so that nothing a plugin prints can spoil it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from munirules.checking.inspection import Inspection
from munirules.checking.target import Target


def main(target: str, report: str, examples: str) -> None:
    """Check one plugin and write what was found."""
    found = Inspection(Target(**json.loads(target)), int(examples)).report()
    Path(report).write_text(json.dumps(found.data(), ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
