"""The page for importers says what the code does."""

from __future__ import annotations

from pathlib import Path

from munirules.calendar import Mark
from munirules.calendar.documentation import MARKS, TABLES, main, render

PAGE = Path(__file__).parents[2] / "docs" / "importer" / "calendar.md"


def test_the_tables_are_up_to_date(tmp_path):
    text = PAGE.read_text(encoding="utf-8")
    assert render(text) == text, "run: python -m munirules.calendar.documentation docs/importer/calendar.md"
    copy = tmp_path / "page.md"
    copy.write_text("<!-- table: marks -->\nold\n<!-- end -->\n", encoding="utf-8")
    main(str(copy))
    assert "after_era_end" in copy.read_text(encoding="utf-8")


def test_every_table_stands_in_the_page():
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"<!-- table: {name} -->" in text for name in TABLES)
    assert set(MARKS) == set(Mark)
