"""`invariants` over columns: no row is passed over in which the function itself would speak."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from munirules.models.declare import evolve, facts
from munirules.models.fields import choice, code, count, day, flag, reference, rows, text, yen
from munirules.models.household import Household, Purpose
from munirules.models.references import ids_twice
from munirules.models.resident import HEAD, Resident, Sex
from munirules.tables.checks import marked
from munirules.tables.layout import Node, Parts
from munirules.tables.membership import numbers_of
from munirules.tables.vectors import Dim, Thing, Vec

ON = date(2025, 6, 1)
LIMIT = 3
FIELDS = (("a", "甲"), ("b", "乙"))


def starts_with_x(name):
    """What is wrong with a name."""
    return "x" if name.startswith("x") else ""


def between(low, high):
    """A generator that others yield from."""
    if low is not None and high is not None and high < low:
        yield "high: below low"


@facts
class Part:
    """One of several."""

    id: str = code("番号")
    other: str | None = reference("相手", default=None)
    size: int = count("大きさ")
    on: date | None = day("日", default=None)
    sex: Sex = choice("性別", default=Sex.NOT_STATED)


@facts
class Whole:
    """What has them."""

    a: int | None = yen("甲", default=None)
    b: int = yen("乙", minimum=None, default=0)
    c: int = count("丙", default=0)
    name: str = text("名", default="")
    first: date | None = day("始", default=None)
    last: date | None = day("終", default=None)
    open: bool = flag("開", default=False)
    sex: Sex = choice("性別", default=Sex.NOT_STATED)
    parts: tuple[Part, ...] = rows("部分", default=())
    numbers: tuple[int, ...] = rows("数", default=())

    @property
    def twice(self):
        return self.b * 2


def orders(self):
    if self.first is not None and self.last is not None and self.last < self.first:
        yield "last: before first"


def missing(self):
    if (self.first is None) != (self.last is None):
        yield "first or last"


def chosen(self):
    four = self.sex in (Sex.MALE, Sex.FEMALE)
    if four and self.open:
        yield "open"
    elif self.sex == Sex.NOT_STATED and self.a is not None:
        told = "known" if self.open else f"{self.a}"
        yield f"a: {told}"


def sums(self):
    part = self.b + self.c + (1 if self.open else 0)
    if part > LIMIT:
        yield "b"
    if 10**self.c < self.b:
        yield "c"


def fields(self):
    for field, label in FIELDS:
        if getattr(self, field) == 1:
            yield f"{field} ({label})"


def totals(self):
    pair = (self.a, self.first)
    if self.open:
        if pair == (None, None):
            yield "neither"
    else:
        given = [name for name in ("b", "c") if getattr(self, name)] + [
            name for name, value in zip(("a", "first"), pair, strict=True) if value == 1
        ]
        for name in given:
            yield f"{name}: given"


def texts(self):
    if not self.name or len(self.name) > LIMIT or not self.name.isascii():
        yield "name"
    if problem := starts_with_x(self.name):
        yield problem
    if self.name == "one" and self.name != "two":
        yield "one"


def handed_on(self):
    yield from between(self.first, self.last)
    yield from between(self.a, self.b)


def returns_early(self):
    if self.open:
        return
    if self.a is None:
        yield "a"


def none_there(self):
    if not self.parts and not self.numbers:
        yield "parts"


def references(self):
    ids = [part.id for part in self.parts]
    yield from ids_twice("parts", ids)
    for index, part in enumerate(self.parts):
        if part.other is not None and part.other not in ids:
            yield f"parts[{index}].other"
        if part.other == part.id:
            yield f"parts[{index}].other: itself"


def named_among_them(self):
    ids = [part.id for part in self.parts]
    if self.name and self.name not in ids:
        yield "name"


def earlier(self):
    ids = [part.id for part in self.parts]
    for index, own in enumerate(ids):
        if own in ids[:index]:
            yield f"parts[{index}]"


def gathered(self):
    seen = []
    for index, part in enumerate(self.parts):
        key = (part.id, part.sex, part.on)
        if key in seen:
            yield f"parts[{index}]"
        seen.append(key)


def firsts(self):
    males = [(index, part.id) for index, part in enumerate(self.parts) if part.sex == Sex.MALE]
    for _, own in males[1:]:
        yield f"another: {own}"
    if males and self.name == "":
        yield "name"
    if len(males) == 1 and males[0][1] != self.name:
        yield "first"


def skips(self):
    for part in self.parts:
        if type(part.on) is date and part.on <= ON:
            continue
        if part.on is not None:
            yield "on"


def quantified(self):
    if len(self.parts) > 1 and all(part.on is None for part in self.parts):
        yield "all"
    if any(part.size > LIMIT for part in self.parts):
        yield "any"
    for sex in (Sex.MALE, Sex.FEMALE):
        own = [part for part in self.parts if part.sex == sex]
        if len(own) > 1 and all(part.size == 0 for part in own):
            yield sex.label


def falls(self):
    found = 0
    for part in self.parts:
        found += part.size
    if found > LIMIT:
        yield "found"


def never_understood(self):
    weights = {part.id: part.size for part in self.parts}
    if sum(weights.values()) > LIMIT:
        yield "sum"
    if self.twice > LIMIT:
        yield "twice"
    while self.c > LIMIT:
        yield "while"
        break


def nested(self):
    for one in self.parts:
        for other in self.parts:
            if one.id != other.id and one.size == other.size:
                yield "same size"


def carried(self):
    last = None
    for part in self.parts:
        if last is not None and part.size < last:
            yield "not ascending"
        last = part.size


def skipped_within_constants(self):
    found = ""
    for name in ("a", "b"):
        if getattr(self, name) == 1:
            found = name
            continue
        if self.open:
            found = ""
    if found:
        yield found


def bound_in_a_condition(self):
    told = "x"
    if self.open and (told := starts_with_x(self.name)):
        pass
    if told:
        yield told


def changed_by_another(self):
    ids = []
    put(ids, self.name)
    if "one" in ids:
        yield "one"


def put(into, item):
    into.append(item)


def speaks_in_an_expression(self):
    found = yield "always"
    if found:
        yield "never"


def answers_with_a_list(self):
    return ["a"] if self.open else []


def a_parameter_named_otherwise(me):
    if me.a == 1:
        yield "a"


METHODS = (
    *(orders, missing, chosen, sums, fields, totals, texts, handed_on, returns_early, none_there, references),
    *(named_among_them, earlier, gathered, firsts, skips, quantified, falls, never_understood, nested, carried),
    *(skipped_within_constants, bound_in_a_condition, changed_by_another, speaks_in_an_expression),
    *(answers_with_a_list, a_parameter_named_otherwise),
)
EXACT = (orders, missing, chosen, fields, texts, handed_on, returns_early, none_there, references, firsts, skips)

DAYS = st.one_of(st.none(), st.dates(date(2025, 5, 30), date(2025, 6, 3)))
NAMES = st.sampled_from(["", "one", "two", "x", "长い名前", "longer"])
PARTS = st.lists(
    st.builds(
        Part,
        id=st.sampled_from(["one", "two", "three-and-more"]),
        other=st.one_of(st.none(), st.sampled_from(["one", "two", "four", "three-and-more"])),
        size=st.integers(0, 4),
        on=DAYS,
        sex=st.sampled_from(Sex),
    ),
    max_size=4,
)
WHOLES = st.lists(
    st.builds(
        Whole,
        a=st.one_of(st.none(), st.integers(0, 3)),
        b=st.integers(-2, 4),
        c=st.integers(0, 4),
        name=NAMES,
        first=DAYS,
        last=DAYS,
        open=st.booleans(),
        sex=st.sampled_from(Sex),
        parts=PARTS.map(tuple),
        numbers=st.lists(st.integers(0, 2), max_size=2).map(tuple),
    ),
    min_size=1,
    max_size=8,
)
KINDS = {
    "a": pa.int64(),
    "b": pa.int64(),
    "c": pa.int64(),
    "name": pa.string(),
    "first": pa.date32(),
    "last": pa.date32(),
    "open": pa.bool_(),
    "sex": pa.int64(),
    "numbers": pa.list_(pa.int64()),
    "id": pa.string(),
    "other": pa.string(),
    "size": pa.int64(),
    "on": pa.date32(),
}


def node_of(cls, objects, left_out=()):
    """Objects as columns; fields that are left out must be at their defaults."""
    names = [name for name in KINDS if name in cls.__annotations__ and name not in left_out]
    columns = {
        name: pa.array(
            [
                int(v) if name == "sex" else list(v) if isinstance(v, tuple) else v
                for v in (getattr(own, name) for own in objects)
            ],
            KINDS[name],
        )
        for name in names
    }
    parts = {}
    if cls is Whole and "parts" not in left_out:
        offsets = np.concatenate(([0], np.cumsum([len(own.parts) for own in objects]))).astype(np.int64)
        items = node_of(Part, [part for own in objects for part in own.parts])
        parts = {"parts": Parts(offsets=offsets, items=items)}
    return Node(cls=cls, length=len(objects), columns=columns, parts=parts)


def spoken(method, objects):
    return [bool(list(method(own))) for own in objects]


def rows_marked(method, node, *arguments):
    dim = Dim(node.length)
    return marked(method, dim, (Thing(node, dim), *(own(dim) for own in arguments))).tolist()


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.__name__)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(objects=WHOLES)
def test_a_row_in_which_it_speaks_is_marked(method, objects):
    wanted, found = spoken(method, objects), rows_marked(method, node_of(Whole, objects))
    assert all(mark for mark, speaks in zip(found, wanted, strict=True) if speaks)
    if method in EXACT:
        assert found == wanted


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.__name__)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    objects=WHOLES, left_out=st.sets(st.sampled_from(["a", "b", "name", "first", "open", "sex", "parts", "numbers"]))
)
def test_so_it_is_where_columns_are_not_given(method, objects, left_out):
    bare = Whole()
    objects = [evolve(own, **{name: getattr(bare, name) for name in left_out}) for own in objects]
    wanted, found = spoken(method, objects), rows_marked(method, node_of(Whole, objects, left_out))
    assert all(mark for mark, speaks in zip(found, wanted, strict=True) if speaks)
    if method in EXACT:
        assert found == wanted


def later(self, on):
    if self.first is not None and self.first > on:
        yield "first"
    for part in self.parts:
        if part.on is not None and part.on > on:
            yield "part"


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(objects=WHOLES, days=st.lists(st.dates(date(2025, 5, 30), date(2025, 6, 3)), min_size=8, max_size=8))
def test_the_date_may_be_one_or_that_of_each_row(objects, days):
    node = node_of(Whole, objects)
    assert rows_marked(later, node, lambda _: ON) == [bool(list(later(own, ON))) for own in objects]
    numbers = np.array([day.toordinal() for day in days[: len(objects)]]) - date(1970, 1, 1).toordinal()
    found = rows_marked(later, node, lambda dim: Vec(dim, numbers, "day"))
    assert found == [bool(list(later(own, day))) for own, day in zip(objects, days, strict=False)]


def test_only_rows_that_have_the_object_are_marked():
    objects = [Whole(a=1), Whole(a=1), Whole()]
    dim, node = Dim(3), node_of(Whole, objects)
    found = marked(fields, dim, (Thing(node, dim),), np.array([True, False, True]))
    assert found.tolist() == [True, False, False]


def test_a_function_that_cannot_be_followed_may_speak_in_every_row():
    node = node_of(Whole, [Whole(), Whole()])
    space: dict[str, object] = {}
    exec("def invariants(self):\n    yield 'a'", space)
    assert rows_marked(space["invariants"], node) == [True, True]
    assert rows_marked(len, node) == [True, True]

    def closed(limit):
        def inner(self):
            if self.b > limit:
                yield "b"

        return inner

    assert rows_marked(closed(5), node) == [True, True]


FAMILIES = st.lists(
    st.builds(
        Resident,
        id=st.sampled_from(["a", "b", "0000000001", "0000000002"]),
        born_on=st.just(date(1980, 1, 1)),
        relationship=st.sampled_from(["", HEAD, "妻", "子"]),
        mother=st.sampled_from([None, "a ", "d", "0000000003"]),
    ),
    max_size=4,
)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(
            FAMILIES,
            st.sampled_from([None, "a", "z", "0000000001"]),
            st.sampled_from([None, "a"]),
            st.sampled_from(Purpose),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_households(cases):
    residents = [own for members, *_ in cases for own in members]
    offsets = np.concatenate(([0], np.cumsum([len(members) for members, *_ in cases]))).astype(np.int64)
    kinds = {"id": pa.string(), "born_on": pa.date32(), "relationship": pa.string(), "mother": pa.string()}
    columns = {name: pa.array([getattr(own, name) for own in residents], kind) for name, kind in kinds.items()}
    node = Node(
        cls=Household,
        length=len(cases),
        columns={
            "head": pa.array([head for _, head, _, _ in cases], pa.string()),
            "deemed_head": pa.array([deemed for _, _, deemed, _ in cases], pa.string()),
            "purpose": pa.array([int(purpose) for *_, purpose in cases]),
        },
        parts={"members": Parts(offsets=offsets, items=Node(cls=Resident, length=len(residents), columns=columns))},
    )
    wanted = []
    for members, head, deemed, purpose in cases:
        try:
            Household(members=tuple(members), head=head, deemed_head=deemed, purpose=purpose)
            wanted.append(False)
        except ValueError:
            wanted.append(True)
    assert rows_marked(Household.invariants, node) == wanted


@given(st.lists(st.one_of(st.none(), st.text(max_size=20)), max_size=30), st.integers(0, 5))
def test_numbers_of_texts_are_equal_where_texts_are(texts, start):
    column = pa.array(texts, pa.string()).slice(min(start, len(texts)))
    numbers = numbers_of(column).tolist()
    given_texts = column.to_pylist()
    for one, number in zip(given_texts, numbers, strict=True):
        for other, beside in zip(given_texts, numbers, strict=True):
            if one is not None and other is not None:
                assert (one == other) == (number == beside)
