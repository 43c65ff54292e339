"""Where a key stands in a file: TOML is written at random, so that the line of every key is known beforehand."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from munirules.engine.lines import Lines

# What may stand after a key, over one or several lines; brackets, marks and headers in texts and comments are none.
VALUES = st.sampled_from(
    [
        "1",
        "2019-10-01",
        '"text"',
        '""',
        "''",
        '"a # [ b \\" ]]"',
        '\'[ # """ \'',
        "[1, 2]",
        "[]",
        "{ a = 1, b = [2, 3] }",
        "[\n  1, # ]\n  '[',\n]",
        "[ # a comment [[\n  { a = 1 },\n  { a = 2 }, ]",
        '"""one line [ # """',
        '"""\n[version]\nsince = 1\n"""',
        "'''\n[[version]]\n\"a\" = 3 # '' [\n'''",
        '[ """\n[ """, "]" ]',
        '"""[\n\\"""\nx = 1"""',
    ]
)
COMMENTS = st.sampled_from(["", "  # plain", ' # """ don\'t [', " # ]] ''' {", "# x = 1"])
KEYS = st.sampled_from(["since", "title", '"quoted.key"', "'another'", "a-b", "dotted.key", '"d".e', "spaced  .  out"])
BETWEEN = st.sampled_from(["", "\n", "# [version]\n", '# """\n', "   \n# key = [\n"])


def parts(key: str) -> tuple[str, ...]:
    """A key as a path."""
    if key.startswith(("'", '"')) and key.count(key[0]) == 2 and key.endswith(key[0]):
        return (key[1:-1],)
    return tuple(part.strip().strip("\"'") for part in key.split("."))


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[tuple[str | int, ...], int]]:
    """A TOML text with the line of every key and header in it."""
    text = ""
    lines: dict[tuple[str | int, ...], int] = {}

    def put(path: tuple[str | int, ...], line: str) -> None:
        nonlocal text
        text += draw(BETWEEN)
        lines[path] = text.count("\n") + 1
        text += draw(st.sampled_from(["", "  ", "\t"])) + line + "\n"

    def keys(table: tuple[str | int, ...]) -> None:
        for key in draw(st.lists(KEYS, unique_by=lambda own: parts(own)[0], max_size=3)):
            put((*table, *parts(key)), f"{key} = {draw(VALUES)}{draw(COMMENTS)}")

    keys(())
    for index in range(draw(st.integers(0, 3))):
        put(("version", index), f"[[version]]{draw(COMMENTS)}")
        keys(("version", index))
        for name in draw(st.lists(st.sampled_from(["Tariff", "Tax"]), unique=True)):
            put(("version", index, name), f"[version.{name}]{draw(COMMENTS)}")
            keys(("version", index, name))
            for row in range(draw(st.integers(0, 2))):
                put(("version", index, name, "rows", row), f"[[ version . {name}.rows ]]")
                keys(("version", index, name, "rows", row))
    return text, lines


@given(documents())
def test_every_key_is_found_on_its_line(document):
    text, lines = document
    tomllib.loads(text)
    found = Lines(text)
    assert {path: found.of(*path) for path in lines} == lines


@given(documents())
def test_line_ends_of_windows_make_no_difference(document):
    text, lines = document
    found = Lines(text.replace("\n", "\r\n"))
    assert {path: found.of(*path) for path in lines} == lines


def test_what_has_no_line_of_its_own_is_on_that_of_what_is_around_it():
    found = Lines("title = 1\n\n[[version]]\nsince = 1\n[version.Tariff]\nbands = [\n  { a = 1 },\n]\n")
    assert found.of("version", 0, "Tariff", "bands", 0, "a") == 6
    assert found.of("version", 0, "Tariff", "base") == 5
    assert found.of("version", 0, "Tax") == 3
    assert found.of("version", 7) == 3
    assert found.of("nothing") == 1


def test_rows_written_as_tables_are_found_by_the_table_they_make():
    found = Lines(
        "[[version]]\n[[version.T.rows]]\na = 1\n[[version.T.rows]]\na = 2\n[[version]]\n[[version.T.rows]]\n"
    )
    assert found.of("version", 0, "T", "rows") == 2
    assert found.of("version", 0, "T", "rows", 1, "a") == 5
    assert found.of("version", 1, "T", "rows", 0) == 7


def test_a_separator_that_only_python_knows_ends_no_line():
    found = Lines('title = "a\u2028b\x85c"\nkind = 1\n')
    assert found.of("kind") == 2
