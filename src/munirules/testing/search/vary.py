"""Changes of a question: one field to another value, a row of the law followed, a member more or less, a fact given or not."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import attrs

from munirules.calendar.months import Overflow, add_months
from munirules.models.declare import alternatives, declaration, is_declared, item_spec, record_of
from munirules.models.fields import is_partial
from munirules.testing.search.draft import Draft, Given, Node, Slot, rows_of
from munirules.testing.search.values import Values

DAY = timedelta(days=1)
_DEFAULT = 0.85
_NUMBERS = frozenset({"yen", "sen", "count", "quantity"})


class Varier:
    """Makes changes, all of them drawn from one seed.

    Args:
        rng: where chance comes from.
        values: what is worth trying.
    """

    def __init__(self, rng: Random, values: Values) -> None:
        self.rng = rng
        self.values = values

    def varied(self, draft: Draft) -> Draft:
        """A copy with one to three things changed."""
        made = draft.copy()
        for _ in range(self.rng.choice((1, 1, 1, 2, 2, 3))):
            way = self.rng.random()
            if way < 0.58:
                self._slot(made)
            elif way < 0.72:
                self._follow(made)
            elif way < 0.84:
                self._on(made)
            elif way < 0.95:
                self._structure(made)
            else:
                self._fact(made)
        return made

    def _slot(self, draft: Draft) -> None:
        slots = draft.slots()
        if slots:
            self.change(draft, self.rng.choice(slots))

    def change(self, draft: Draft, slot: Slot) -> None:
        """Write another value into a field."""
        rng, value = self.rng, slot.value
        if slot.optional and value is not None and rng.random() < 0.15:
            slot.put(None)
        elif slot.spec.kind == "rows" or isinstance(value, (list, Node)):
            self._rows(draft, slot)
        elif slot.spec.kind == "reference":
            slot.put(rng.choice(self._ids(draft, slot) or [value]))
        elif type(value) is int and slot.spec.kind in _NUMBERS and rng.random() < 0.4:
            slot.put(rng.choice((value - 1, value + 1, value * 2, value // 2, 0)))
        elif isinstance(value, date) and rng.random() < 0.4:
            slot.put(self._moved(value))
        elif slot.spec.kind == "code" and not slot.spec.options and rng.random() < 0.3:
            slot.put(rng.choice([*self._ids(draft, slot), *self.values.names("")] or [""]))
        else:
            slot.put(self.values.pick(rng, slot.name, slot.spec, slot.annotation, draft.on))

    def _moved(self, day: date) -> date:
        shift = self.rng.choice((-DAY, DAY, None, None))
        try:
            if shift is not None:
                return day + shift
            return add_months(day, self.rng.choice((-12, -1, 1, 12)), Overflow.LAST_DAY)
        except (OverflowError, ValueError):
            return day

    @staticmethod
    def _ids(draft: Draft, slot: Slot) -> list[str]:
        own = slot.node.values.get("id")
        return [part.values["id"] for part in draft.parts() if part.values["id"] != own]

    def _rows(self, draft: Draft, slot: Slot) -> None:
        """A row more, one less, or two in the other order."""
        record = record_of(slot.annotation)
        if isinstance(slot.value, Node) or record is None:
            return
        items: list[Any] = list(slot.value or ())
        way = self.rng.random()
        if items and way < 0.3:
            del items[self.rng.randrange(len(items))]
        elif len(items) > 1 and way < 0.5:
            first = self.rng.randrange(len(items) - 1)
            items[first : first + 2] = reversed(items[first : first + 2])
        elif is_declared(record):
            items.append(self.fresh(record, draft))
        else:
            items.append(self.values.pick(self.rng, slot.name, item_spec(record), record, draft.on))
        slot.put(items)

    def following(self, draft: Draft, row: object) -> Draft:
        """A copy that follows a row of a table of the law, with at most one thing more changed."""
        made = draft.copy()
        self._write(made, row)
        if self.rng.random() < 0.5:
            self._slot(made)
        return made

    def _follow(self, draft: Draft) -> None:
        if self.values.rows:
            self._write(draft, self.rng.choice(self.values.rows))

    def _write(self, draft: Draft, row: Any) -> None:
        """Write a row of a table of the law into fields of the same names, units and kinds."""
        owner = declaration(type(row))
        defaults = {own.name: own.default for own in attrs.fields(owner.cls)}
        slots = draft.slots()
        for name in owner.types:
            spec, value = owner.specs[name], getattr(row, name)
            same = [slot for slot in slots if self.values.alike(slot.name, name) and slot.spec.kind == spec.kind]
            if not same and spec.unit:
                same = [slot for slot in slots if slot.spec.unit == spec.unit and slot.spec.kind in _NUMBERS]
            if same and value is not None and value != defaults[name]:
                near = self.rng.choice((0, 0, 1, -1)) if type(value) is int else 0
                self.rng.choice(same).put(value + near if near else value)

    def _on(self, draft: Draft) -> None:
        rng = self.rng
        way = rng.random()
        if way < 0.5 and self.values.days:
            draft.on = rng.choice(self.values.days)
        elif way < 0.6:
            following = add_months(draft.on.replace(day=1), 1, Overflow.LAST_DAY)
            draft.on = rng.choice((draft.on.replace(day=1), following - DAY))
        else:
            draft.on = self._moved(draft.on)

    def _structure(self, draft: Draft) -> None:
        """A part more, with facts like another's, or one less, or all in another order."""
        places = [(node, name, record) for node in draft.nodes() for name, record, _ in rows_of(node)]
        if not places:
            return
        node, name, record = self.rng.choice(places)
        items = node.values[name]
        way = self.rng.random()
        if items and way < 0.5:
            copied = attrs.evolve(self.rng.choice(items))
            copied.values = dict(copied.values)
            if "id" in copied.values:
                self._renamed(draft, copied)
            items.insert(self.rng.randrange(len(items) + 1), copied)
        elif items and way < 0.75:
            items.pop(self.rng.randrange(len(items)))
        elif way < 0.85:
            self.rng.shuffle(items)
        else:
            made = self.fresh(record, draft)
            items.append(made)

    def _renamed(self, draft: Draft, node: Node) -> None:
        """Give a copied part an id of its own, and the facts of the one that it was copied from."""
        before = node.values["id"]
        node.values["id"] = self._free(draft)
        for (cls, part), given in list(draft.facts.items()):
            if part == before:
                own = given.node
                copied = None if own is None else Node(own.cls, dict(own.values))
                draft.facts[cls, node.values["id"]] = Given(copied, given.final)

    @staticmethod
    def _free(draft: Draft) -> str:
        taken = {part.values["id"] for part in draft.parts()}
        return next(f"m{number}" for number in range(1, 1000) if f"m{number}" not in taken)

    def _fact(self, draft: Draft) -> None:
        """A fact given as none, or anew."""
        if not draft.facts:
            return
        cls, part = self.rng.choice(list(draft.facts))
        if self.rng.random() < 0.4:
            draft.facts[cls, part] = Given(None)
        else:
            draft.facts[cls, part] = Given(self.fresh(cls, draft))

    def fresh(self, cls: type, draft: Draft) -> Node:
        """An object with values drawn for all that it needs, and for some that it may have."""
        owner = declaration(cls)
        values: dict[str, Any] = {}
        defaults = {attribute.name: attribute.default for attribute in attrs.fields(owner.cls)}
        for name, annotation in owner.types.items():
            spec = owner.specs[name]
            inner, optional = alternatives(annotation)
            required = name in owner.required
            if not required and self.rng.random() < _DEFAULT:
                default = defaults[name]
                values[name] = list(default) if isinstance(default, tuple) else default
                continue
            slot = Slot(Node(cls, {name: None}), name, spec, inner, optional)
            if name == "id" and spec.kind == "code":
                slot.put(self._free(draft))
            elif spec.kind == "rows":
                slot.put([])
                for _ in range(self.rng.choice((1, 1, 2))):
                    self._more(draft, slot)
            elif isinstance(inner, type) and is_declared(inner):
                slot.put(self.fresh(inner, draft))
            elif spec.kind == "reference":
                ids = [part.values["id"] for part in draft.parts()]
                slot.put(self.rng.choice(ids) if ids and (required or self.rng.random() < 0.8) else None)
            elif spec.kind != "text":
                slot.put(self.values.pick(self.rng, name, spec, inner, draft.on))
            elif required:
                slot.put("x")
            else:
                slot.put(defaults[name])
            values[name] = slot.value
        return Node(cls, values)

    def _more(self, draft: Draft, slot: Slot) -> None:
        """Add a row to a slot of rows, one after the other so that ids stay apart."""
        record = record_of(slot.annotation)
        if record is None:
            return
        if is_declared(record):
            made = self.fresh(record, draft)
            if "id" in made.values:
                made.values["id"] = f"m{len(slot.value) + 1}"
            slot.value.append(made)
        else:
            slot.value.append(self.values.pick(self.rng, slot.name, item_spec(record), record, draft.on))


def numeric(draft: Draft) -> list[Slot]:
    """Fields of numbers and days, which can be moved by so many."""
    return [
        slot
        for slot in draft.slots()
        if (type(slot.value) is int and slot.spec.kind in _NUMBERS)
        or (isinstance(slot.value, date) and not is_partial(slot.value))
    ]


def moved(slot: Slot, by: int) -> bool:
    """Move a number or day; whether that could be."""
    value = slot.value
    try:
        slot.put(value + timedelta(days=by) if isinstance(value, date) else value + by)
    except OverflowError:
        return False
    return True
