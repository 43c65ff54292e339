"""What a column of a file may become: a field of the subject, of a part, of a fact, or of a result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from munirules.engine.request import known_facts
from munirules.models.declare import alternatives, declaration, is_declared, record_of
from munirules.models.fields import Spec
from munirules.models.forms import columns_of, plain_default, tables_of

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
        annotation: the type of its values, without `| None`.
        optional: whether it may be null.
        required: whether it has no default.
        default: the default as plain data; None where there is none.
        fact: name of the class of facts that it belongs to; empty for a field of the row itself.
    """

    name: str
    spec: Spec
    annotation: Any
    optional: bool = False
    required: bool = True
    default: Any = None
    fact: str = ""

    @property
    def label(self) -> str:
        """The Japanese label."""
        return self.spec.label


Targets = dict[str, Target]


def input_targets(book: Rulebook, decision: Decision[Any, Any]) -> dict[str, Targets]:
    """The columns that a decision's tables may have.

    Args:
        book: for whom; a plugin's own rules may ask for further facts.
        decision: the decision.

    Returns:
        Name of the table (empty for that of the subjects, `members`, `Roles.holders` …) to its columns by name.
    """
    tables = {table: _fields(cls) for table, cls in _classes(decision.subject).items()}
    homes: dict[type | None, str] = {cls: table for table, cls in _classes(decision.subject).items() if table}
    homes[None] = MAIN
    for name, fact in known_facts(book, decision).items():
        for place in fact.places:
            table = homes.get(place)
            if table is not None:
                tables[table].update(_fields(fact.cls, f"{name}.", fact=name))
                flag = Spec(kind="flag", label=declaration(fact.cls).title)
                tables[table][name] = Target(
                    name=name, spec=flag, annotation=bool, optional=True, required=False, fact=name
                )
        for table, cls in _classes(fact.cls).items():
            if table and None in fact.places:
                tables[f"{name}.{table}"] = _fields(cls)
    return tables


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
        owner, missing_ok = declaration(cls), False
        for step in column.path[:-1]:  # a field of a record within the object
            inner, optional = alternatives(owner.types[step])
            missing_ok = missing_ok or optional or step not in owner.required
            assert is_declared(inner)
            owner = declaration(inner)
        name = column.path[-1]
        annotation, _ = alternatives(owner.types[name])
        spec = owner.specs[name]
        attribute: Any = getattr(attrs.fields(owner.cls), name)
        found[prefix + column.name] = Target(
            name=prefix + column.name,
            spec=spec,
            annotation=annotation,
            optional=column.optional,
            required=name in owner.required and not missing_ok,
            default=plain_default(attribute, spec),
            fact=fact,
        )
    return found
