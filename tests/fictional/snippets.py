"""Modules made from a few lines, with a file of their own: errors that name file and line need one."""

from __future__ import annotations

import importlib.util
import itertools
import sys
from pathlib import Path
from textwrap import dedent
from types import ModuleType

PREAMBLE = """from __future__ import annotations
from datetime import date
from enum import IntEnum
from typing import Annotated, NamedTuple
from munirules.engine.decision import Decision, MemberDecision, refuse
from munirules.engine.parts import NOBODY, Each, Place, at
from munirules.models.declare import facts, provision, result, row
from munirules.models.fields import *
from munirules.money import *
"""
FIRST = PREAMBLE.count("\n") + 1
"""The line on which a snippet's own text begins."""

_numbers = itertools.count()


def module(folder: Path, text: str, preamble: str = PREAMBLE) -> ModuleType:
    """Write a module into a folder and import it. Its own text begins on line `FIRST`, after the usual preamble."""
    name = f"snippet_{next(_numbers)}"
    path = folder / f"{name}.py"
    path.write_text(preamble + dedent(text).lstrip("\n"), encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[name] = made
    spec.loader.exec_module(made)
    return made
