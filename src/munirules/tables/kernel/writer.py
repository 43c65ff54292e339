"""The text of a kernel: one function that decides one row, and a loop over rows.

It follows the program of one case (`engine.program`) step by step; where that has lists, here are scratch columns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeAlias

import attrs

from munirules.engine.steps import Wiring
from munirules.tables.kernel import access
from munirules.tables.kernel.functions import compiled
from munirules.tables.kernel.lowering import day_of_number, number_or_none

Kind: TypeAlias = Literal[
    "subject", "fact", "provision", "dated", "scratch", "places", "out", "concerned", "on", "status", "room"
]


@attrs.frozen
class Argument:
    """One thing that a call brings, and the slot at which it begins.

    Attributes:
        slot: where.
        kind: what it is.
        what: whose: a class, (decision, class) or an item.
    """

    slot: int
    kind: Kind
    what: Any = None


@attrs.frozen(kw_only=True, eq=False)
class Text:
    """A written kernel.

    Attributes:
        source: its text.
        names: what the text names.
        arguments: what a call brings, by slot.
        functions: the rules and helpers that it calls.
        details: what each name of it that is no rule was made of.
    """

    source: str
    names: dict[str, Any]
    arguments: tuple[Argument, ...]
    functions: tuple[Any, ...]
    details: dict[str, str]

    @property
    def width(self) -> int:
        """How many words a call brings."""
        last = self.arguments[-1]
        return last.slot + (5 if last.kind == "dated" else 1)


class Writer:
    """The text of a kernel while it is written.

    Args:
        others: finds the wiring of another decision by its result class, for the date.
        given: fact and result classes that the table brings.
    """

    def __init__(self, others: Callable[[type], Wiring | None], given: Sequence[type]) -> None:
        self.others = others
        self.given = set(given)
        self.lines: list[str] = []
        self.arguments: list[Argument] = []
        self.slots: dict[Any, int] = {}
        self.next = 0
        self.names: dict[str, Any] = {
            "get": access.get,
            "put": access.put,
            "first_of": access.first_of,
            "day_of_number": day_of_number,
            "place_of": compiled(access.place_of),
            "section_of": compiled(access.section_of),
            "number_or_none": number_or_none,
        }
        self.functions: list[Any] = [compiled(access.place_of), compiled(access.section_of)]
        self.details: dict[str, str] = {}
        self.depth = 1

    def begin(self, subject: type) -> None:
        """Begin with a row's date and subject."""
        self.slot("status")
        self.add(f"on = day_of_number(get(a, {self.slot('on')}, i))")
        self.add(f"subject = {self.record(subject)}(a, {self.slot('subject')}, i)")

    def text(self) -> Text:
        """The whole: what decides one row, and the loop over rows."""
        source = "\n".join(
            [
                "def case(a, i):",
                *(line for line in self.lines),
                "",
                "def kernel(a, start, stop):",
                "    for i in range(start, stop):",
                "        if get(a, 0, i) == 0:",
                "            try:",
                "                case(a, i)",
                "                put(a, 0, i, 1)",
                "            except Exception:",
                "                put(a, 0, i, 2)",
                "",
            ]
        )
        return Text(
            source=source,
            names=self.names,
            arguments=tuple(self.arguments),
            functions=tuple(self.functions),
            details=self.details,
        )

    def add(self, line: str) -> None:
        """Add a line at the present depth."""
        self.lines.append("    " * self.depth + line)

    def slot(self, kind: Kind, what: Any = None, words: int = 1) -> int:
        """The slot of what a call brings; a new one where it is not brought yet."""
        key = (kind, what)
        if key not in self.slots:
            self.slots[key] = self.next
            self.arguments.append(Argument(self.next, kind, what))
            self.next += words
        return self.slots[key]

    def fresh(self, kind: Kind, what: Any) -> int:
        """A slot for what stands for itself alone: a scratch table, a list of places."""
        return self.slot(kind, (len(self.arguments), what))

    def name(self, value: Any, hint: str) -> str:
        """A name in the text for a value."""
        for name, own in self.names.items():
            if own is value:
                return name
        name = f"{hint}_{len(self.names)}"
        self.names[name] = value
        return name

    def tool(self, make: Callable[..., Any], *args: Any, **options: Any) -> str:
        """The name of what a maker of `access` makes of arguments, which the kernel's digest is to know."""
        name = self.name(make(*args, **options), make.__name__)
        self.details[name] = f"{make.__name__}{args}{options}"
        return name

    def record(self, cls: type) -> str:
        """The name of the function that finds an object of a class."""
        return self.tool(access.record_at, cls)
