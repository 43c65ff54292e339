"""A question as plain data (JSON, TOML), turned into the subject and facts that `Rulebook.decide` takes.

The command line, a web front end and the cases of a plugin read the same shape. It is the subject itself, or::

    {"on": "2026-06-10",
     "subject": {"members": [{"id": "a", "born_on": "S55.4.1", "facts": {"Income": {"amount": 1200000}}}]},
     "facts": {"Residence": {"since": "2020-04-01"}, "Disability": null},
     "provisional": ["Residence"]}

A fact is named by its class; `null` says that there is none, which is another thing than not saying. Facts about one
part of the subject (a member, say) stand inside it. What another decision answers may be given like a fact, by the name
of its result class; it is then not decided again. `provisional` names facts, beside it, that are not final.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import attrs

from munirules.engine.bag import facts_of, none_of, provisional
from munirules.errors import MunirulesError, did_you_mean
from munirules.models.declare import alternatives, declaration, is_declared, record_of
from munirules.models.fields import told
from munirules.models.read import DataError, read

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook

KEYS: Final = ("subject", "facts", "provisional", "on")
_BESIDE: Final = ("facts", "provisional")


@attrs.frozen(kw_only=True)
class Request:
    """What a question says.

    Attributes:
        subject: an object of the decision's subject class.
        facts: the facts, as `Rulebook.decide` takes them.
        on: the decision's date, where the question says it.
    """

    subject: Any
    facts: tuple[object, ...] = ()
    on: date | None = None


@attrs.frozen
class KnownFact:
    """A class that a decision, or one that it rests on, may be given.

    Attributes:
        cls: a class of facts, or the result class of another decision.
        places: the part classes that it may be about; None among them stands for the subject as a whole.
    """

    cls: type
    places: frozenset[type | None]


Facts = dict[str, KnownFact]
_known: WeakKeyDictionary[Rulebook, dict[str, Facts]] = WeakKeyDictionary()


def known_facts(rulebook: Rulebook, decision: Decision[Any, Any] | str) -> Facts:
    """Return every fact that a decision asks for at some date, here, by class name: its chain of decisions included.

    Args:
        rulebook: for whom; a plugin's own rules may ask for more.
        decision: the decision, or its name.

    Raises:
        DataError: when two classes of one name are asked for, so that data could not tell them apart.
    """
    own = rulebook.decision(decision) if isinstance(decision, str) else decision
    cache = _known.setdefault(rulebook, {})
    if own.name not in cache:
        found: dict[type, set[type | None]] = {}
        _collect(rulebook, own, None, found, set())
        named: Facts = {}
        for cls, places in sorted(found.items(), key=lambda item: item[0].__name__):
            twin = named.get(cls.__name__)
            if twin is not None:
                homes = f"{twin.cls.__module__} and {cls.__module__}"
                raise DataError([f"{own.name} asks for two classes {cls.__name__}, of {homes}; data cannot tell them"])
            named[cls.__name__] = KnownFact(cls, frozenset(places))
        cache[own.name] = named
    return cache[own.name]


def _collect(
    rulebook: Rulebook,
    decision: Decision[Any, Any],
    within: type | None,
    found: dict[type, set[type | None]],
    seen: set[tuple[str, type | None]],
) -> None:
    """Add what a decision asks for; `within` is the part class whose every part it is decided for."""
    if (decision.name, within) in seen:
        return
    seen.add((decision.name, within))
    area = rulebook.area(decision.area)
    for day in area.regimes(decision, None).rule_days():
        wiring = area.wiring(decision, day, None)
        for _, need in wiring.needs("fact"):
            about = declaration(need.cls).about
            # Facts of a decision about one part hold for every part when they are given for the whole.
            found.setdefault(need.cls, set()).update({within, None} if about is None else {about})
        for cls, dim in wiring.decided.items():
            found.setdefault(cls, set()).add(dim or within)
            other = rulebook.decider(cls)
            if other is not None:
                _collect(rulebook, other, dim if other.subject is dim else within, found, seen)


def read_request(rulebook: Rulebook, decision: Decision[Any, Any] | str, data: object) -> Request:
    """Read a question.

    Args:
        rulebook: for whom it is asked.
        decision: the decision, or its name.
        data: the subject itself, or a mapping with `subject` and, if wanted, `facts`, `provisional` and `on`.

    Raises:
        DataError: naming every unknown key, fact and field, every missing field and every bad value by its path.
    """
    own = rulebook.decision(decision) if isinstance(decision, str) else decision
    return _Reader(own, known_facts(rulebook, own)).read(data)


class _Reader:
    def __init__(self, decision: Decision[Any, Any], known: Facts) -> None:
        self.decision = decision
        self.owner = declaration(decision.subject)
        self.known = known
        self.problems: list[str] = []

    def read(self, data: object) -> Request:
        if not isinstance(data, Mapping):
            raise DataError([f"{told(data)} is not an object; write {self.owner.name} as an object with its fields"])
        whole = self._wraps(data)
        raw = data["subject"] if whole else data
        facts: list[object] = []
        on = None
        if whole:
            for key in data:
                if key not in KEYS:
                    self.problems.append(f"{key}: unknown{did_you_mean(str(key), KEYS)} (known: {', '.join(KEYS)})")
            facts = self._facts(data, None, "facts")
            on = self._day(data.get("on"))
        subject = self._subject(raw, facts)
        if self.problems:
            if not whole and any(key in KEYS and key not in self.owner.specs for key in data):
                self.problems.append(
                    'beside facts, provisional or on, the subject has its own key: {"subject": {…}, …}'
                )
            raise DataError(self.problems)
        return Request(subject=subject, facts=tuple(facts), on=on)

    def _wraps(self, data: Mapping[Any, Any]) -> bool:
        """Whether the data is a question with a subject, rather than the subject itself."""
        return "subject" in data and "subject" not in self.owner.specs

    def _day(self, raw: object) -> date | None:
        if raw is None or (isinstance(raw, date) and not isinstance(raw, datetime)):
            return raw
        try:
            if isinstance(raw, str):
                from munirules.calendar import parse_date

                return parse_date(raw)
            self.problems.append(f"on: {raw!r} is not a date; write 2026-04-01, R8.4.1 or 令和8年4月1日")
        except MunirulesError as error:
            self.problems.append(f"on: {error}")
        return None

    def _subject(self, raw: object, facts: list[object]) -> Any:
        """Read the subject; facts that stand inside its parts are added to `facts`."""
        if isinstance(raw, Mapping):
            raw = {**raw}
            for field, annotation in self.owner.types.items():
                record = record_of(alternatives(annotation)[0])
                if record is not None and is_declared(record) and isinstance(raw.get(field), (list, tuple)):
                    path = f"{self.owner.name}.{field}"
                    raw[field] = [
                        self._part(record, item, f"{path}[{index}]", facts) for index, item in enumerate(raw[field])
                    ]
        try:
            return read(self.decision.subject, raw)
        except DataError as error:
            self.problems.extend(error.problems)
            return None

    def _part(self, record: type, raw: object, path: str, facts: list[object]) -> object:
        """Take the facts out of a part; what remains is the part itself."""
        own = declaration(record).specs
        beside = [key for key in _BESIDE if key not in own]
        if not isinstance(raw, Mapping) or not any(key in raw for key in beside):
            return raw
        if "id" not in own:
            self.problems.append(f"{path}.facts: {record.__name__} has no id, so no facts can be about one")
        found = self._facts({key: raw[key] for key in beside if key in raw}, record, f"{path}.facts")
        if found and isinstance(raw.get("id"), str):
            facts.append(facts_of(raw["id"], *found))
        return {key: value for key, value in raw.items() if key not in beside}

    def _facts(self, data: Mapping[Any, Any], part: type | None, path: str) -> list[object]:
        given = data.get("facts", {})
        marked = data.get("provisional", [])
        if not isinstance(given, Mapping):
            self.problems.append(f'{path}: {told(given)} is not an object; write {{"NAME": {{…}}}}, or null for none')
            return []
        if not isinstance(marked, Sequence) or isinstance(marked, str):
            self.problems.append(
                f'{path} (provisional): {told(marked)} is not a list; write the names of facts: ["NAME"]'
            )
            marked = []
        self.problems.extend(
            f"{path} (provisional): {told(name)} is not among the facts given beside it{did_you_mean(str(name), given)}"
            for name in marked
            if name not in given
        )
        found = []
        for name, raw in given.items():
            fact = self._fact(str(name), raw, part, f"{path}.{name}")
            if fact is not None:
                found.append(provisional(fact) if name in marked else fact)
        return found

    def _fact(self, name: str, raw: object, part: type | None, path: str) -> object:
        known = self.known.get(name)
        if known is None:
            names = ", ".join(self.known) or "none"
            self.problems.append(f"{path}: unknown fact{did_you_mean(name, self.known)} (known here: {names})")
            return None
        if part not in known.places:
            homes = " or ".join(sorted(place.__name__ if place else "the whole" for place in known.places))
            where = f"one {part.__name__}" if part else "the whole"
            self.problems.append(
                f"{path}: {name} is about {homes}, not about {where}; facts about a part stand inside the part"
            )
            return None
        if raw is None:
            return none_of(known.cls)
        try:
            return read(known.cls, raw, path)
        except DataError as error:
            self.problems.extend(error.problems)
            return None


def parse_json(text: str | bytes, name: str = "JSON") -> Any:
    """Read JSON exactly: decimals stay decimals, a key stands once.

    Args:
        text: the text, or its bytes in UTF-8.
        name: what to call it in errors, a file name say.

    Raises:
        DataError: naming line and column, or what JSON allows and an exact amount does not.
    """

    def refuse(problem: str) -> DataError:
        return DataError([f"{name}: {problem}"])

    def decimal(number: str) -> Decimal:
        if "e" in number.lower():
            raise refuse(f"{number} has an exponent; write the number out")
        return Decimal(number)

    def constant(word: str) -> Any:
        raise refuse(f"{word} is not a number")

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = sorted({key for key in keys if keys.count(key) > 1})
            raise refuse(f"{', '.join(map(repr, twice))} stands twice in one object")
        return found

    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        return json.loads(text, parse_float=decimal, parse_constant=constant, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        raise refuse(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except UnicodeDecodeError as error:
        raise refuse(f"byte {error.start}: not UTF-8") from None
    except DataError:
        raise
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, brackets thousands deep
        raise refuse(str(error)) from None
