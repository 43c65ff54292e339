"""A ledger drafted from what an audit found, for somebody to review: reasons and ends are for people to write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from munirules.testing.audit.condition import Condition
from munirules.testing.audit.legacy import ON
from munirules.testing.audit.run import Audit, Group
from munirules.testing.ledger import Known, Ledger, Range
from munirules.testing.quirks.code import Faulty

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook


def drafted(found: Audit, book: Rulebook, decision: Decision[Any, Any]) -> Ledger:
    """Draft a ledger: known entries with their present numbers, new groups in the order in which they were found.

    Args:
        found: the audit.
        book: for whom.
        decision: what was decided.
    """
    known = []
    for group in found.groups:
        rows, yen = int(group.rows.sum()), int(np.nansum(found.yen[group.rows]))
        entry = group.known if group.known is not None else _entry(group)
        known.append(attrs.evolve(entry, rows=Range(rows, rows), yen=Range(yen, yen) if found.amount else None))
    return Ledger(decision=decision.name, jurisdiction=book.jurisdiction.code, known=tuple(known))


def _entry(group: Group) -> Known:
    quirk = group.tried.quirk if group.tried is not None else None
    title = quirk.title if quirk is not None else group.why or group.key
    return Known(
        name=group.key,
        reason=f"下書き: {title}",
        article="、".join(group.blame.articles if group.blame is not None else group.articles),
        quirk="" if quirk is None or isinstance(quirk, Faulty) else quirk.name,
        differs=group.field,
        when=_when(group.conditions),
    )


def _when(conditions: Sequence[Condition]) -> dict[str, Any]:
    """Conditions as a ledger writes them; two limits of one column are one range."""
    found: dict[str, Any] = {}
    for own in conditions:
        name = "on" if own.column == ON else own.column
        if own.value is not None:
            found[name] = own.value
            continue
        before = found.get(name, Range())
        low = own.low if before.low is None else before.low
        found[name] = Range(low, own.high if before.high is None else before.high)
    return found
