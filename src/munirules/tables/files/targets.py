"""What a column of a file may become: a field of the subject, of a part, of a fact, or of a result."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import attrs

from munirules.engine.request import known_facts
from munirules.models.declare import Declaration, alternatives, declaration, record_of
from munirules.models.fields import Spec
from munirules.models.forms import columns_of, plain_default, tables_of
from munirules.models.read import DataError, read_field, write
from munirules.tables.plan import OF_DATE, PART, PROVISIONAL

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook

MAIN: Final = ""
"""Name of the table that has a row for each subject."""


@attrs.frozen(kw_only=True)
class Target:
    """One column that a file may fill.

    Attributes:
        name: as `decide_table` names the column: `volume`, `Income.amount`.
        spec: what its field declares.
        owner: the class that the field belongs to; None for a date, a code, a table, and whether a fact is there.
        field: name of the field in it.
        optional: whether it may be null.
        required: whether it must be filled: it has no default, nor has a record around it.
        default: the default as plain data; None where there is none.
        fact: name of the class of facts that it belongs to; empty for a field of the row itself.
    """

    name: str
    spec: Spec
    owner: Declaration | None = None
    field: str = ""
    optional: bool = False
    required: bool = False
    default: Any = None
    fact: str = ""

    @property
    def label(self) -> str:
        """The Japanese label."""
        return self.spec.label

    def read(self, raw: object) -> Any:
        """Read a plain value as the field does, and give it back as plain data that a column can hold (sen stay sen).

        Raises:
            DataError: when the field does not allow it.
        """
        if self.owner is None:
            kind = {"flag": bool, "day": date}.get(self.spec.kind, str)
            if not isinstance(raw, kind):
                raise DataError([f"{self.name}: {raw!r} is not allowed; write {self.spec.allowed}"])
            return raw
        problems: list[str] = []
        value = read_field(self.owner, self.field, raw, self.name, problems)
        if problems:
            raise DataError(problems)
        return value if self.spec.kind in ("sen", "day") and not self.spec.partial else write(value)


Targets = dict[str, Target]
DAY: Final = Target(name="on", spec=Spec(kind="day", label="基準日"))
CODE: Final = Target(name="code", spec=Spec(kind="code", label="団体コード"))


def input_targets(book: Rulebook, decision: Decision[Any, Any]) -> dict[str, Targets]:
    """The columns that a decision's tables may have.

    Args:
        book: for whom; a plugin's own rules may ask for further facts.
        decision: the decision.

    Returns:
        Name of the table (empty for that of the subjects, `members`, `Roles.holders` …) to its columns by name.
    """
    classes = _classes(decision.subject)
    tables = {table: _fields(cls) for table, cls in classes.items()}
    homes: dict[type | None, str] = {cls: table for table, cls in classes.items() if table}
    homes[None] = MAIN
    deep = {table for table in classes if "." in table}
    for name, fact in known_facts(book, decision).items():
        for home in sorted(homes[place] for place in fact.places if place in homes):
            own = tables[home]
            own[name] = _beside(name, "flag", declaration(fact.cls).title, fact=name)
            own.update(_fields(fact.cls, f"{name}.", fact=name))
            own[PROVISIONAL] = _beside(PROVISIONAL, "text", "未確定の事実")
            if declaration(fact.cls).kind == "result":
                own[f"{name}.{OF_DATE}"] = _beside(f"{name}.{OF_DATE}", "day", "基準日", fact=name)
            for table, cls in _classes(fact.cls).items():
                if table:
                    path = ".".join(filter(None, (home, name, table)))
                    tables[path] = _fields(cls)
                    deep |= {path} if home or "." in table else set()
    for table in deep:  # its rows name the part that they belong to
        tables[table].setdefault(PART, _beside(PART, "code", "番号"))
    for table in tables:
        if table:  # a file that can hold lists may have the parts beside their subject
            tables[MAIN][table] = _beside(table, "rows", table)
    return tables


def _beside(name: str, kind: str, label: str, *, fact: str = "") -> Target:
    """A column that is no field."""
    return Target(name=name, spec=Spec(kind=kind, label=label), optional=True, fact=fact)


def result_targets(decision: Decision[Any, Any]) -> Targets:
    """The columns of a decision's result: what an old system's answers may be compared with."""
    return _fields(decision.result)


def _classes(cls: type) -> dict[str, type]:
    """The classes whose objects stand in the tables of a class, by name of the table."""
    found = {MAIN: cls}
    for table in tables_of(cls):
        at = cls
        for step in table.split(".") if table else ():
            record = record_of(alternatives(declaration(at).types[step])[0])
            assert record is not None
            at = record
        found[table] = at
    return found


def _fields(cls: type, prefix: str = "", *, fact: str = "") -> Targets:
    found = {}
    for column in columns_of(cls):
        owner, spared = declaration(cls), False
        for step in column.path[:-1]:  # a field of a record within the object
            inner, optional = alternatives(owner.types[step])
            spared = spared or optional or step not in owner.required
            owner = declaration(inner)
        field = column.path[-1]
        spec = owner.specs[field]
        found[prefix + column.name] = Target(
            name=prefix + column.name,
            spec=spec,
            owner=owner,
            field=field,
            optional=column.optional,
            required=field in owner.required and not spared,
            default=plain_default(getattr(attrs.fields(owner.cls), field), spec),
            fact=fact,
        )
    return found
