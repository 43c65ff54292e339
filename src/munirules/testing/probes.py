"""Probes: which blocks, outcomes of conditions and edges of comparisons a question visits.

Rules and helpers run with probes written into their syntax. Against a tracer of the interpreter this tells true and
false of each condition, also within one line, whether two numbers were equal or one apart, and whether a division left
a rest; and it tells the same on every version of Python.
"""

from __future__ import annotations

import ast
import copy
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, Final, NamedTuple

from munirules.tape import TAPE, Rounded
from munirules.testing.functions import Function, running

NAME: Final = "__munirules_probe__"
OUTCOMES: Final = {
    0: "never reached",
    1: "never true",
    2: "never false",
    3: "never equal",
    4: "never one below",
    5: "never one above",
    6: "never with a rest below the half",
    7: "never with a rest of the half or more",
    8: "never without a rest",
}
RUN, TRUE, FALSE, EQUAL, BELOW, ABOVE, LOW_REST, HIGH_REST, NO_REST = OUTCOMES
_BOUNDARY: Final = {"<": (EQUAL, BELOW), ">=": (EQUAL, BELOW), "<=": (EQUAL, ABOVE), ">": (EQUAL, ABOVE)}
_SIGNS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "is": operator.is_,
    "is not": operator.is_not,
    "in": lambda left, right: left in right,
    "not in": lambda left, right: left not in right,
}
_ROWS: Final = 12
_EDGES: Final = frozenset({EQUAL, BELOW, ABOVE, LOW_REST, HIGH_REST, NO_REST})
_ROUNDING: Final = frozenset({"of", "prorate", "floor_to", "ceil_to", "half_up_to", "round_to", "to_yen", "quotient"})


class Visit(NamedTuple):
    """One thing to visit: a place in a function, and what happens there."""

    place: int
    outcome: int

    @property
    def is_edge(self) -> bool:
        """Whether it is an edge of a comparison or rounding, which not every valid question can meet."""
        return self.outcome in _EDGES


class Compared(NamedTuple):
    """A comparison that was made: its place, and how often it was made before."""

    place: int
    times: int


class Site(NamedTuple):
    """A place in a function."""

    function: str
    file: str
    line: int
    text: str


class Probes:
    """What stands behind the probes: the places by number, and what was visited since the last `take`.

    Attributes:
        sites: the places.
        blocks: the place of each block, by its function's key and the line of its first statement.
        gaps: for each comparison, by its place and how often it was made before, how far its sides were apart (left less
            right); of one that is made for every row of a table, the first dozen.
    """

    def __init__(self, functions: Iterable[Function]) -> None:
        self.sites: list[Site] = []
        self.blocks: dict[tuple[str, int], int] = {}
        self.gaps: dict[Compared, int] = {}
        self._times: dict[int, int] = {}
        self._wanted: set[Visit] = set()
        self._seen: set[Visit] = set()
        self._codes = {own.fn: own.compiled(_Writer(self, own).written()) for own in functions}

    @property
    def wanted(self) -> frozenset[Visit]:
        """Everything that there is to visit."""
        return frozenset(self._wanted)

    def site(self, function: Function, node: ast.AST, outcomes: Iterable[int]) -> int:
        """A new place, and what can happen there."""
        text = ast.unparse(node).splitlines()[0] if isinstance(node, ast.expr) else type(node).__name__.lower()
        self.sites.append(Site(function.key, function.file, getattr(node, "lineno", 0), text))
        place = len(self.sites) - 1
        self._wanted.update(Visit(place, outcome) for outcome in outcomes)
        return place

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Let the functions run with their probes."""
        spaces = {id(fn.__globals__): fn.__globals__ for fn in self._codes}.values()
        for space in spaces:
            space[NAME] = self
        try:
            with running(self._codes):
                yield
        finally:
            for space in spaces:
                del space[NAME]

    def take(self) -> frozenset[Visit]:
        """What was visited since the last time."""
        seen = frozenset(self._seen)
        self._seen.clear()
        self._times.clear()
        return seen

    def _gap(self, place: int, left: Any, right: Any) -> int | None:
        """How far two values are apart, noted for the comparison."""
        gap = _gap(left, right)
        if gap is not None:
            times = self._times.get(place, 0)
            if times < _ROWS:
                self._times[place] = times + 1
                self.gaps[Compared(place, times)] = gap
        return gap

    # What instrumented functions call.

    def run(self, place: int) -> None:
        """A block runs."""
        self._seen.add(Visit(place, RUN))

    def test(self, place: int, value: Any) -> Any:
        """A condition came out."""
        self._seen.add(Visit(place, TRUE if value else FALSE))
        return value

    def compared(self, place: int, sign: str, left: Any, right: Any) -> Any:
        """Two values are compared; numbers and dates tell how near they are."""
        gap = self._gap(place, left, right)
        if gap is not None and -1 <= gap <= 1:
            self._seen.add(Visit(place, (EQUAL, ABOVE, BELOW)[gap]))
        value = _SIGNS[sign](left, right)
        self._seen.add(Visit(place, TRUE if value else FALSE))
        return value

    def chosen(self, place: int, function: Any, left: Any, right: Any) -> Any:
        """The lesser or greater of two is taken."""
        gap = self._gap(place, left, right)
        if gap is not None:
            self._seen.add(Visit(place, TRUE if gap < 0 else FALSE if gap > 0 else EQUAL))
        return function(left, right)

    def rounded(self, place: int, function: Any, *args: Any, **named: Any) -> Any:
        """A helper that rounds is called."""
        tape: list[Any] = []
        token = TAPE.set(tape)
        try:
            value = function(*args, **named)
        finally:
            TAPE.reset(token)
        outer = TAPE.get()
        if outer is not None:
            outer.extend(tape)
        notes = [note for note in tape if isinstance(note, Rounded)]
        self._seen.add(Visit(place, _rest(notes[-1]) if notes else NO_REST))
        return value

    def divided(self, place: int, num: Any, den: Any) -> Any:
        """A whole division is made."""
        self._seen.add(Visit(place, (NO_REST if num % den == 0 else LOW_REST)))
        return num // den


def _gap(left: Any, right: Any) -> int | None:
    if isinstance(left, bool) or isinstance(right, bool):
        return None
    if isinstance(left, int) and isinstance(right, int):
        return left - right
    if isinstance(left, date) and isinstance(right, date):
        return (left - right).days
    return None


def _rest(note: Rounded) -> int:
    step = note.den * note.unit
    return HIGH_REST if 2 * (abs(note.num) % step) >= step else LOW_REST


class _Writer(ast.NodeTransformer):
    """Writes probes into a copy of a function's syntax."""

    def __init__(self, probes: Probes, function: Function) -> None:
        self.probes = probes
        self.function = function

    def written(self) -> ast.FunctionDef:
        node = copy.deepcopy(self.function.node)
        node.body = self._block(node.body)
        return ast.fix_missing_locations(node)

    def _block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """A block that says that it runs; a docstring stays first."""
        if not body:
            return []
        place = self.probes.site(self.function, body[0], (RUN,))
        self.probes.blocks[self.function.key, body[0].lineno] = place
        written: list[ast.stmt] = [ast.Expr(self._call("run", place))]
        for statement in body:
            written.extend(_listed(self.visit(statement)))
        return written

    def _call(self, method: str, place: int, *args: ast.expr, keywords: Iterable[ast.keyword] = ()) -> ast.Call:
        probe = ast.Attribute(ast.Name(NAME, ast.Load()), method, ast.Load())
        return ast.Call(probe, [ast.Constant(place), *args], list(keywords))

    def visit_If(self, node: ast.If) -> ast.If:
        return ast.copy_location(
            ast.If(self._condition(node.test), self._block(node.body), self._block(node.orelse)), node
        )

    def visit_For(self, node: ast.For) -> ast.For:
        own = ast.For(node.target, self.visit(node.iter), self._block(node.body), self._block(node.orelse))
        return ast.copy_location(own, node)

    def visit_IfExp(self, node: ast.IfExp) -> ast.IfExp:
        return ast.IfExp(self._condition(node.test), self.visit(node.body), self.visit(node.orelse))

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        tests = [self._condition(test) for test in node.ifs]
        return ast.comprehension(node.target, self.visit(node.iter), tests, node.is_async)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        return ast.BoolOp(node.op, [self._condition(value) for value in node.values])

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        return self._condition(node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        left, right = self.visit(node.left), self.visit(node.right)
        if isinstance(node.op, ast.FloorDiv):
            place = self.probes.site(self.function, node, (NO_REST, LOW_REST))
            return self._call("divided", place, left, right)
        return ast.BinOp(left, node.op, right)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        args = [self.visit(arg) for arg in node.args]
        named = [ast.keyword(own.arg, self.visit(own.value)) for own in node.keywords]
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in {"min", "max"} and len(args) == 2 and not named:
            place = self.probes.site(self.function, node, (TRUE, FALSE))
            return self._call("chosen", place, node.func, *args)
        if name in _ROUNDING:
            place = self.probes.site(self.function, node, (NO_REST, LOW_REST, HIGH_REST))
            return self._call("rounded", place, node.func, *args, keywords=named)
        return ast.Call(node.func, args, named)

    def _condition(self, node: ast.expr) -> ast.expr:
        """A condition whose outcome is told; where it is made of others, theirs."""
        if isinstance(node, ast.BoolOp):
            return self.visit_BoolOp(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return ast.UnaryOp(node.op, self._condition(node.operand))
        if isinstance(node, ast.Compare):
            return self._comparison(node)
        if isinstance(node, ast.Constant):
            return node
        return self._call("test", self.probes.site(self.function, node, (TRUE, FALSE)), self.visit(node))

    def _comparison(self, node: ast.Compare) -> ast.expr:
        """Comparisons one by one: `a <= b <= c` is two of them, and rules are pure."""
        lefts = [node.left, *node.comparators]
        tests: list[ast.expr] = []
        for left, op, right in zip(lefts, node.ops, node.comparators, strict=False):
            one = ast.copy_location(ast.Compare(left, [op], [right]), node)
            sign = ast.unparse(ast.Compare(ast.Name("a"), [op], [ast.Name("b")]))[2:-2]
            place = self.probes.site(self.function, one, (TRUE, FALSE, *_BOUNDARY.get(sign, ())))
            sides = (self.visit(copy.deepcopy(left)), self.visit(copy.deepcopy(right)))
            tests.append(self._call("compared", place, ast.Constant(sign), *sides))
        return tests[0] if len(tests) == 1 else ast.BoolOp(ast.And(), tests)


def _listed(made: Any) -> list[ast.stmt]:
    return made if isinstance(made, list) else [made]


def told(probes: Probes, visits: Iterable[Visit]) -> Mapping[Visit, str]:
    """Each visit in words: file, line, and what never happened there."""
    return {
        visit: f"{site.file}:{site.line}: {site.text}: {OUTCOMES[visit.outcome]}"
        for visit in visits
        for site in [probes.sites[visit.place]]
    }
