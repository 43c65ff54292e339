"""The contract for rules: each construct outside of it is shown with its line and the way to write it."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent, indent

import pytest
from tests.fictional.snippets import FIRST

from munirules.engine.contract import FORBIDDEN, FORBIDDEN_CALLS, ContractError, check, source_known
from munirules.engine.decision import RuleError
from munirules.engine.rulebook import Rulebook
from munirules.testing.kit import book

PAGE = Path(__file__).parents[2] / "docs" / "author" / "contract.md"

# A body for each construct, with what is told of it. `@` marks the line that is told.
BODIES = {
    "Dict": "return {1: 2}[x]  # @",
    "DictComp": "return {k: k for k in range(x)}[0]  # @",
    "Set": "return 1 if x in {1, 2} else 0  # @",
    "SetComp": "return len({k for k in range(x)})  # @",
    "GeneratorExp": "return sum(k for k in range(x))  # @",
    "Lambda": "f = lambda y: y  # @\nreturn 1",
    "Yield": "yield x  # @",
    "YieldFrom": "yield from (x, x)  # @",
    "With": "with x:  # @\n    return 1",
    "Try": "try:  # @\n    return 1\nexcept ValueError:\n    return 2",
    "TryStar": "try:  # @\n    y = 1\nexcept* ValueError:\n    y = 2\nreturn y",
    "Raise": "raise ValueError  # @",
    "Global": "global seen  # @\nreturn x",
    "Import": "import math  # @\nreturn x",
    "ImportFrom": "from math import floor  # @\nreturn x",
    "NamedExpr": "return (y := x)  # @",
    "While": "while x > 3:  # @\n    x -= 1\nreturn x",
    "Match": "match x:  # @\n    case 1:\n        return 1\nreturn 2",
    "JoinedStr": 'y = f"{x}"  # @\nreturn x',
    "ClassDef": "class Own:  # @\n    pass\nreturn x",
    "Delete": "y = 1\ndel y  # @\nreturn x",
    "Starred": "return max(*(x, x))  # @",
    "Assert": "assert x  # @\nreturn x",
}
# Constructs that stand in an async function only, which is told itself, or in a function inside a rule.
ASYNC = {"Await", "AsyncFor", "AsyncWith", "AsyncFunctionDef"}
NESTED = {"Nonlocal"}

OTHERS = {
    "a float": ("return x if 0.5 else 1  # @", r"0\.5 \(float\) is outside .*; write whole yen, sen, or a Rate"),
    "a complex number": ("return x if 1j else 1  # @", r"1j \(complex\)"),
    "bytes": ('return x if b"a" else 1  # @', r"b'a' \(bytes\)"),
    "true division": ("return x / 2  # @", r"/ \(a float\) .*; write of\(…\), prorate\(…\), or //"),
    "true division in place": ("y = x\ny /= 2  # @\nreturn y", r"/ \(a float\)"),
    "an index from the end": ("y = (1, x)\nreturn y[-1]  # @", r"an index from the end .*; write a Place, or x\[len"),
    "a slice from the end": ("y = (1, x)\nreturn y[1:-1][0]  # @", r"an index from the end"),
    "identity": ("return 1 if x is 3 else 2  # @", r"`is` with another thing than None .*; write =="),
    "no identity": ("return 1 if x is not 3 else 2  # @", r"`is` with another thing than None"),
    "a method": ("return x.bit_length()  # @", r"\.bit_length\(…\) .*; write a helper imported by name, or a field"),
    "a function inside": ("def own(y: int) -> int:  # @\n    return y\nreturn own(x)", r"a function inside a rule"),
    "nonlocal": ("y = 1\ndef own() -> int:  # @\n    nonlocal y\n    return y\nreturn x", r"a function inside a rule"),
}  # fmt: skip


def written(body: str, head: str = "def rule(x: int) -> int:") -> str:
    return f"{head}\n{indent(body, '    ')}\n"


def told(module, text: str, name: str = "rule") -> list[tuple[int, str]]:
    """Lines of the snippet (from 1) and what is told of them."""
    fn = getattr(module(text), name)
    with pytest.raises(ContractError) as caught:
        check(fn)
    file = re.escape(fn.__code__.co_filename)
    found = re.findall(rf'File "{file}", line (\d+)\n    (.*)\n    (.*)', str(caught.value))
    lines = text.splitlines()
    assert all(lines[int(number) - FIRST].strip() == shown for number, shown, _ in found)
    return [(int(number) - FIRST + 1, message) for number, _, message in found]


def marked(text: str) -> list[int]:
    return [number for number, line in enumerate(text.splitlines(), 1) if "# @" in line]


@pytest.mark.parametrize("construct", sorted(kind.__name__ for kind in FORBIDDEN))
def test_every_forbidden_construct_is_shown_with_its_line_and_the_way_to_write_it(module, construct):
    what, instead = next(words for kind, words in FORBIDDEN.items() if kind.__name__ == construct)
    if construct in ASYNC:
        text = written(
            "async with x:\n    async for k in x:\n        await k\nreturn x", "async def rule(x: int) -> int:"
        )
        messages = [message for _, message in told(module, text)]
        assert f"{what} is outside the contract for rules; write {instead}" in messages
        return
    text = written(*([BODIES[construct]] if construct not in NESTED else [OTHERS["nonlocal"][0]]))
    found = told(module, text)
    if construct in NESTED:
        assert (
            text.splitlines().index("        nonlocal y") + 1,
            f"{what} is outside the contract for rules; write {instead}",
        ) in found
    else:
        assert (marked(text)[0], f"{what} is outside the contract for rules; write {instead}") in found


@pytest.mark.parametrize("name", sorted(FORBIDDEN_CALLS))
def test_every_forbidden_call_is_shown_with_the_way_to_write_it(module, name):
    found = told(module, written(f"y = x\nreturn {name}(y)"))
    assert found == [(3, f"{name}(…) is outside the contract for rules; write {FORBIDDEN_CALLS[name]}")]


@pytest.mark.parametrize("case", sorted(OTHERS))
@pytest.mark.filterwarnings("ignore:.*with .* literal:SyntaxWarning")
def test_other_breaches_are_shown(module, case):
    body, message = OTHERS[case]
    text = written(body)
    found = [line for line in told(module, text) if re.search(message, line[1])]
    assert [number for number, _ in found] == marked(text)


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("def rule(x) -> int:", "argument 'x' without a type .*; write x: ITS_TYPE"),
        ("def rule(x: int):", "a rule without a return type .*; write -> Yen, -> Sen"),
        ("def rule(x: int = 3) -> int:", r"a default in the arguments .*; write `X \| None`"),
        ("def rule(x: int, *, y: int) -> int:", "an argument by name only .*; write plain arguments"),
        ("def rule(x: int, *more: int) -> int:", r"\* or \*\* in the arguments .*; write each argument"),
        ("def rule(x: int, **more: int) -> int:", r"\* or \*\* in the arguments"),
        ("async def rule(x: int) -> int:", "an async function .*; write a plain function"),
    ],
)
def test_a_signature_outside_the_contract_is_shown(module, head, message):
    found = told(module, written("return x", head))
    assert len(found) == 1
    assert found[0][0] == 1
    assert re.search(message, found[0][1])


def test_every_breach_of_a_rule_is_told_at_once(module):
    text = written("y = {1: x}\nz = x / 2\nassert z\nreturn round(y[1]) + x[-1]", "def rule(x) -> int:")
    assert [line for line, _ in told(module, text)] == [1, 2, 3, 4, 5, 5]


GOOD = '''
class Month(NamedTuple):
    volume: int

LIMIT = 3

def rule(volume: int, me: Place, bands: tuple[int, ...], day: date | None) -> tuple[Month, ...]:
    """A docstring."""
    found = []
    total = 0
    for number in range(len(bands)):
        if volume > bands[number] and not (number == LIMIT or day is None):
            total += of(bands[number], Rate(1, 3), floor=1)
            continue
        found.append(Month(volume=max(volume, bands[number]) // 2 % 7))
    rest = [month.volume for month in found if month.volume != 3]
    if me == NOBODY:
        refuse("第3条")
    first = found[0] if len(rest) > 1 else Month(volume=-total)
    return (first, first) if me == Place(0) else tuple(found)
'''


def test_what_rules_are_made_of_is_allowed(module):
    check(module(GOOD).rule)


def test_a_breach_is_told_when_the_rule_is_declared(module):
    with pytest.raises(
        ContractError, match=r"rule 'total' breaks the contract:\n.*line \d+\n    return use.amount / 2"
    ):
        module(DECLARED.format(body="return use.amount / 2"))


DECLARED = """
@facts
class Use:
    amount: int = yen("額")

@result
class Bill:
    total: Yen

bill = Decision("water.bill", Use, Bill, title="料金", on="日", authority="長")

@bill.rule(title="計")
def total(use: Use) -> Yen:
    {body}

@bill.replaces("total")
def local(use: Use) -> Yen:
    {body}

def helped(amount: int) -> int:
    return deeper(amount)

def deeper(amount: int) -> int:
    return round(amount)
"""


def test_a_helper_of_the_rules_module_is_checked_when_a_rulebook_is_made_and_each_time(module):
    found = module(DECLARED.format(body="return helped(use.amount)"))
    for _ in range(2):  # a fault once told is not forgotten
        with pytest.raises(Exception, match=r"rule 'total': a helper that it calls: rule 'deeper' breaks the contract"):
            Rulebook.area(book(found.bill, city=()), "water")


@pytest.mark.parametrize("thing", ["int", "print", "Callable()", "lambda use: 3"])
def test_a_rule_is_a_plain_function_with_a_name(module, thing):
    found = module(DECLARED.format(body="return use.amount") + "\nclass Callable:\n    def __call__(self): pass\n")
    fn = eval(thing, vars(found))
    for declare in (found.bill.rule(title="x"), found.bill.rule("total", title="x"), found.bill.replaces("total")):
        with pytest.raises(RuleError, match=r"water\.bill: rule .* is a .*; a rule is a plain function with a name"):
            declare(fn)


def test_a_rules_name_is_an_identifier(module):
    found = module(DECLARED.format(body="return use.amount"))
    with pytest.raises(RuleError, match="rule name 'two words' is no identifier"):
        found.bill.rule("two words", title="x")(found.helped)


def test_a_function_whose_source_is_nowhere_is_known_to_be_unchecked():
    space: dict[str, object] = {}
    exec("def rule(x): return x / 2", space)
    check(space["rule"])
    assert not source_known(space["rule"])
    assert source_known(written)


# The page that says the same.


def tables() -> list[list[tuple[str, str]]]:
    """The tables of the page: rows of two cells, without the heads."""
    found: list[list[tuple[str, str]]] = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = re.fullmatch(r"\| (.*?) \| (.*) \|", line)
        if line == "|---|---|":
            found.append([])
        elif cells and cells[1] != "Not":
            found[-1].append((cells[1], cells[2]))
    return found


def test_the_page_lists_every_forbidden_construct_and_call_and_no_other():
    constructs, calls, others = tables()
    assert constructs == list(dict.fromkeys(FORBIDDEN.values()))
    assert calls == [(f"`{name}(…)`", instead) for name, instead in FORBIDDEN_CALLS.items()]
    assert len(others) == 11


def test_the_pages_example_keeps_the_contract_and_decides(tmp_path):
    from datetime import date

    from tests.fictional.snippets import module

    from munirules.testing.kit import ordinance

    example = re.search(r"```python\n(from __future__.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    made = module(tmp_path, example[1], preamble="")
    law = dedent("""
        [[version]]
        since = 2020-04-01
        [version.Tariff]
        floor_total = 10
        bands = [{above = 0, price = 100}, {above = 10, price = 157.5}]
        """)
    outcome = book(made.bill, city=[ordinance(law)]).decide(
        made.bill, made.Use(volume=31, months=2), on=date(2024, 4, 1)
    )
    assert outcome.result.total == (10 * 100 + 6 * 157.5 + 10 * 100 + 5 * 157.5) // 10 * 10
