"""What always holds of a decision, as its author declares it beside the rules: one line each, plain data.

::

    water_bill.holds(
        monotone("total", by="volume"),
        multiple_of("total", figure(WaterTariff, "round_total")),
        parts_sum("subtotal", ["base_charge", "volume_charge", "meter_rent"], less=["relief"]),
    )

Nothing here runs anything: `munirules.testing` draws questions and looks whether they hold. A town says what holds there
alone in `properties.toml` beside its cases, in the same words.

What is held against one another are terms: a number (yen, for an amount), the name of a field of the result or the
subject, or of a rule, `"rows.column"` for the sum of a column, `"Class.field"` for a fact or another decision's result
that the rules were given, or a `figure` of a provision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import attrs

from munirules.errors import MunirulesError, did_you_mean
from munirules.models.declare import declaration, is_declared, record_of

if TYPE_CHECKING:
    from munirules.engine.decision import Decision


class PropertyError(MunirulesError):
    """A property declared of something that is not there, or in a way that says nothing."""


@attrs.frozen
class Figure:
    """A value that law sets, where a property needs one: no figure of law stands in a program.

    Attributes:
        cls: the provision class.
        field: its field; `"rows.column"` for a table's column: its largest value where that is a bound from above, its
            smallest from below, all of them as cliffs.
    """

    cls: type
    field: str

    def __str__(self) -> str:
        return f"{self.cls.__name__}.{self.field}"


Term: TypeAlias = int | str | Figure
When: TypeAlias = Callable[[Any], bool] | Mapping[str, Any] | None


@attrs.frozen(kw_only=True)
class Property:
    """One thing that holds of every answer of a decision.

    Attributes:
        when: when it holds: a function of the subject; or fields of subject or result, or `Class.field` of a fact or a
            provision that the rules were given, each with its value as data write it; None for always.
        because: the article, or the reason, for who reads that it did not hold.
    """

    kind: ClassVar[str] = ""
    when: When = None
    because: str = ""

    def terms(self) -> Iterator[Term]:
        """The terms that it speaks of."""
        yield from ()

    def varied(self) -> str:
        """The field that it varies; empty where it looks at one answer alone."""
        return ""


@attrs.frozen(kw_only=True)
class Monotone(Property):
    """Never falls (or, `falling`, never rises) when a field grows, all else being equal; but across the cliffs it may."""

    kind: ClassVar[str] = "monotone"
    field: str
    by: str
    falling: bool = False
    cliffs: tuple[Term, ...] = ()

    def terms(self) -> Iterator[Term]:
        """The field and the cliffs."""
        yield from (self.field, *self.cliffs)

    def varied(self) -> str:
        """The field by which it goes."""
        return self.by

    def __str__(self) -> str:
        cliffs = f", but for the steps at {', '.join(map(str, self.cliffs))}" if self.cliffs else ""
        return f"{self.field} never {'rises' if self.falling else 'falls'} when {self.by} grows{cliffs}"


@attrs.frozen(kw_only=True)
class NeverBelow(Property):
    """Is never less than something."""

    kind: ClassVar[str] = "never_below"
    field: str
    least: Term

    def terms(self) -> Iterator[Term]:
        """The field and what it is held against."""
        yield from (self.field, self.least)

    def __str__(self) -> str:
        return f"{self.field} is never below {self.least}"


@attrs.frozen(kw_only=True)
class NeverAbove(Property):
    """Is never more than something."""

    kind: ClassVar[str] = "never_above"
    field: str
    most: Term

    def terms(self) -> Iterator[Term]:
        """The field and what it is held against."""
        yield from (self.field, self.most)

    def __str__(self) -> str:
        return f"{self.field} is never above {self.most}"


@attrs.frozen(kw_only=True)
class MultipleOf(Property):
    """Is a whole number of times a rounding unit; a unit of 0 says that nothing is rounded."""

    kind: ClassVar[str] = "multiple_of"
    field: str
    unit: Term

    def terms(self) -> Iterator[Term]:
        """The field and the unit."""
        yield from (self.field, self.unit)

    def __str__(self) -> str:
        return f"{self.field} is a multiple of {self.unit}"


@attrs.frozen(kw_only=True)
class PartsSum(Property):
    """The whole is the sum of its parts, less what is taken off."""

    kind: ClassVar[str] = "parts_sum"
    whole: str
    parts: tuple[Term, ...]
    less: tuple[Term, ...] = ()

    def terms(self) -> Iterator[Term]:
        """The whole and its parts."""
        yield from (self.whole, *self.parts, *self.less)

    def __str__(self) -> str:
        less = "".join(f" - {part}" for part in self.less)
        return f"{self.whole} = {' + '.join(map(str, self.parts))}{less}"


@attrs.frozen(kw_only=True)
class MonthsSum(Property):
    """A period of several months comes to the sum of its months, each decided by itself.

    What was used in the period is shared out to the months equally, the odd units one each to the first.
    """

    kind: ClassVar[str] = "months_sum"
    field: str
    months: str
    shared: tuple[str, ...] = ()

    def terms(self) -> Iterator[Term]:
        """The field."""
        yield self.field

    def varied(self) -> str:
        """The number of months."""
        return self.months

    def __str__(self) -> str:
        shared = f", {', '.join(self.shared)} shared out" if self.shared else ""
        return f"{self.field} of several {self.months} is the sum of theirs{shared}"


@attrs.frozen(kw_only=True)
class ZeroBelow(Property):
    """Is nothing while a field is below a threshold."""

    kind: ClassVar[str] = "zero_below"
    field: str
    by: Term
    under: Term

    def terms(self) -> Iterator[Term]:
        """The field, what decides, and the threshold."""
        yield from (self.field, self.by, self.under)

    def __str__(self) -> str:
        return f"{self.field} is 0 while {self.by} is below {self.under}"


@attrs.frozen(kw_only=True)
class NoJump(Property):
    """One unit more of a field never changes it by more than so much; but at the cliffs it may."""

    kind: ClassVar[str] = "no_jump"
    field: str
    by: str
    at_most: Term
    cliffs: tuple[Term, ...] = ()

    def terms(self) -> Iterator[Term]:
        """The field, the bound and the cliffs."""
        yield from (self.field, self.at_most, *self.cliffs)

    def varied(self) -> str:
        """The field that grows by one."""
        return self.by

    def __str__(self) -> str:
        cliffs = f", but for the steps at {', '.join(map(str, self.cliffs))}" if self.cliffs else ""
        return f"one more of {self.by} changes {self.field} by at most {self.at_most}{cliffs}"


@attrs.frozen(kw_only=True)
class Equals(Property):
    """Answers as another decision does, in the fields that are named, where both are asked the same."""

    kind: ClassVar[str] = "equals"
    other: str
    fields: tuple[tuple[str, str], ...]

    def terms(self) -> Iterator[Term]:
        """Its own fields."""
        yield from (own for own, _ in self.fields)

    def __str__(self) -> str:
        told = ", ".join(own if own == other else f"{own} as {other}" for own, other in self.fields)
        return f"{told} as {self.other} answers"


def figure(cls: type, field: str) -> Figure:
    """Name a value of a provision in force: `figure(WaterTariff, "round_total")`."""
    return Figure(cls, field)


def monotone(
    field: str,
    *,
    by: str,
    falling: bool = False,
    cliffs: Sequence[Term] = (),
    when: When = None,
    because: str = "",
) -> Monotone:
    """Say that a field of the result never falls when something grows.

    Args:
        field: the field of the result.
        by: a field of the subject, or `Fact.field`.
        falling: it never rises instead.
        cliffs: values of `by` at which the law lets it step the other way: from one below to one at it or above.
        when: for which subjects.
        because: the article or the reason.
    """
    return Monotone(field=field, by=by, falling=falling, cliffs=tuple(cliffs), when=when, because=because)


def never_below(field: str, least: Term, *, when: When = None, because: str = "") -> NeverBelow:
    """Say that a field of the result is never less than a term."""
    return NeverBelow(field=field, least=least, when=when, because=because)


def never_above(field: str, most: Term, *, when: When = None, because: str = "") -> NeverAbove:
    """Say that a field of the result is never more than a term."""
    return NeverAbove(field=field, most=most, when=when, because=because)


def multiple_of(field: str, unit: Term, *, when: When = None, because: str = "") -> MultipleOf:
    """Say that a field of the result is a multiple of a rounding unit."""
    return MultipleOf(field=field, unit=unit, when=when, because=because)


def parts_sum(
    whole: str, parts: Sequence[Term], *, less: Sequence[Term] = (), when: When = None, because: str = ""
) -> PartsSum:
    """Say that a field of the result is the sum of terms, less others."""
    return PartsSum(whole=whole, parts=tuple(parts), less=tuple(less), when=when, because=because)


def months_sum(
    field: str, *, months: str = "months", shared: Sequence[str] = (), when: When = None, because: str = ""
) -> MonthsSum:
    """Say that several months come to the sum of single ones.

    Args:
        field: the field of the result.
        months: the field of the subject that counts the months.
        shared: fields of the subject that are shared out to the months, the odd units one each to the first.
        when: for which subjects.
        because: the article or the reason.
    """
    return MonthsSum(field=field, months=months, shared=tuple(shared), when=when, because=because)


def zero_below(field: str, *, by: Term, under: Term, when: When = None, because: str = "") -> ZeroBelow:
    """Say that a field of the result is 0 while a term is below a threshold."""
    return ZeroBelow(field=field, by=by, under=under, when=when, because=because)


def no_jump(
    field: str, *, by: str, at_most: Term, cliffs: Sequence[Term] = (), when: When = None, because: str = ""
) -> NoJump:
    """Say that one unit more of a field changes a field of the result by at most a term.

    Args:
        field: the field of the result.
        by: a field of the subject, or `Fact.field`.
        at_most: the bound.
        cliffs: values of `by` at which the law lets it step further.
        when: for which subjects.
        because: the article or the reason.
    """
    return NoJump(field=field, by=by, at_most=at_most, cliffs=tuple(cliffs), when=when, because=because)


def equals(
    other: Decision[Any, Any] | str,
    fields: Sequence[str | tuple[str, str]],
    *,
    when: When = None,
    because: str = "",
) -> Equals:
    """Say that another decision, asked the same, answers the same in some fields.

    Args:
        other: the decision, or its name.
        fields: names of fields of both results, or pairs of this one's and the other's.
        when: for which subjects.
        because: the article or the reason.
    """
    name = other if isinstance(other, str) else other.name
    pairs = tuple((field, field) if isinstance(field, str) else field for field in fields)
    return Equals(other=name, fields=pairs, when=when, because=because)


MAKERS: dict[str, Callable[..., Property]] = {
    maker.__name__: maker
    for maker in (monotone, never_below, never_above, multiple_of, parts_sum, months_sum, zero_below, no_jump, equals)
}
"""The properties by the name that data write."""


def check_property(decision: Decision[Any, Any], declared: Property) -> None:
    """Check that a property speaks of what a decision has.

    Raises:
        PropertyError: naming the term, with a did-you-mean.
    """
    result, subject = declaration(decision.result), declaration(decision.subject)
    rules = {rule.name for rule in decision.rules}
    known = {*result.specs, *rules, *subject.specs}
    for term in declared.terms():
        if isinstance(term, Figure):
            _check_figure(decision, declared, term)
        elif isinstance(term, str) and term.partition(".")[0] not in known and not _names_a_class(term):
            raise PropertyError(
                f"{decision.name}: {declared.kind}: nothing is called {term!r}{did_you_mean(term, known)} "
                f"(fields of the result: {', '.join(result.specs)})"
            )
    by = declared.varied()
    if by and "." not in by and by not in subject.specs:
        raise PropertyError(
            f"{decision.name}: {declared.kind}: {subject.name} has no field {by!r}{did_you_mean(by, subject.specs)} "
            "(a field of a fact is written Fact.field)"
        )


def _names_a_class(term: str) -> bool:
    """Whether a term is a field of a fact, or of another decision's result, by the name of its class."""
    name, _, field = term.partition(".")
    return bool(field) and name[:1].isupper()


def _check_figure(decision: Decision[Any, Any], declared: Property, term: Figure) -> None:
    told = f"{decision.name}: {declared.kind}: {term}"
    if not is_declared(term.cls, "provision"):
        raise PropertyError(f"{told}: {term.cls.__name__} is no provision")
    owner = declaration(term.cls)
    field, _, column = term.field.partition(".")
    if field not in owner.specs:
        raise PropertyError(f"{told}: no such field{did_you_mean(field, owner.specs)} ({', '.join(owner.specs)})")
    record = record_of(owner.types[field])
    if bool(column) != (record is not None):
        raise PropertyError(f"{told}: a column of a table is written TABLE.COLUMN, another field alone")
    if record is not None and column not in declaration(record).specs:
        columns = declaration(record).specs
        raise PropertyError(f"{told}: no such column{did_you_mean(column, columns)} ({', '.join(columns)})")
