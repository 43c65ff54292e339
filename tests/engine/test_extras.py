"""What the core does without, and what it says where an extra is wanted that is not installed."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from types import ModuleType

import pytest
from tests.fictional.family import BOOK, FAMILY, ON
from tests.fictional.household import levy

from munirules.errors import MissingExtra, MunirulesError

EVERY_MODULE_OF_THE_CORE = """
import pkgutil, sys
from importlib import import_module
import munirules

found = []
for name in ("calendar", "engine", "errors", "law", "models", "money", "plugins", "tape"):
    module = import_module(f"munirules.{name}")
    inside = pkgutil.walk_packages(getattr(module, "__path__", ()), f"{module.__name__}.")
    found += [import_module(one.name) for one in inside]
assert len(found) > 100, found
for name in munirules.__all__:
    getattr(munirules, name)
extras = ("numpy", "pyarrow", "numba", "hypothesis", "polars", "pandas", "duckdb", "click", "rich", "distributed")
print(*sorted({name.partition(".")[0] for name in sys.modules} & set(extras)))
"""


def test_the_core_imports_no_extra_even_where_it_is_installed():
    done = subprocess.run([sys.executable, "-c", EVERY_MODULE_OF_THE_CORE], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []


def test_a_table_is_handed_to_the_part_that_decides_tables(monkeypatch):
    tables = ModuleType("munirules.tables")
    tables.decide_table = lambda *args, **options: (args, options)
    monkeypatch.setitem(sys.modules, "munirules.tables", tables)
    told = BOOK.decide_table(levy, [FAMILY], on=ON, key="id")
    assert told == ((BOOK, levy, [FAMILY]), {"on": ON, "key": "id"})
    assert BOOK.decide_table("welfare.levy", [], on="day") == ((BOOK, "welfare.levy", []), {"on": "day"})


def test_a_table_without_the_libraries_says_which_extra_brings_them(monkeypatch):
    monkeypatch.setitem(sys.modules, "munirules.tables", None)  # import finds nothing there
    with pytest.raises(MissingExtra, match=r'decide_table .*python -m pip install "munirules\[tables\]"') as caught:
        BOOK.decide_table(levy, [], on=date(2024, 4, 1))
    assert isinstance(caught.value, MunirulesError)
    assert isinstance(caught.value.__cause__, ImportError)
