"""From an audit to its report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from munirules.models.declare import declaration
from munirules.testing.audit.condition import labelled
from munirules.testing.audit.explain import Tried
from munirules.testing.audit.legacy import ON, Unread
from munirules.testing.audit.run import Audit, Group
from munirules.testing.figures import apart
from munirules.testing.report import model
from munirules.testing.report.compared import figures_of, flat, spread_of

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook

_LINES: Final = 10
"""Lines that are told of those set aside for one reason."""

_DOTS: Final = 400
_TIED: Final = 0.3
"""Rows that are drawn, and how much their differences have to go with a quantity."""


def report_of(found: Audit, book: Rulebook, decision: Decision[Any, Any]) -> model.Report:
    """The report of an audit.

    Args:
        found: the audit.
        book: for whom.
        decision: what was decided.
    """
    owner = declaration(decision.result)
    spec = owner.specs[found.amount] if found.amount else None
    quirks = "".join(f" + {quirk.name}" for quirk in found.quirks)
    return model.Report(
        kind="audit",
        decision=decision.name,
        title=decision.title,
        code=book.jurisdiction.code,
        place=book.jurisdiction.full_name,
        before=found.legacy.name,
        after=f"{book.jurisdiction.name} {decision.name}{quirks}",
        seed=found.seed,
        amount=f"{spec.label}（{found.amount}）" if spec is not None else "",
        unit=spec.unit if spec is not None else "",
        asked=found.legacy.rows,
        same=found.same,
        groups=tuple(_group(group, found, decision) for group in sorted(found.groups, key=_rank)),
        aside=tuple(_aside(found.aside)),
        failures=found.failures,
    )


def _rank(own: Group) -> tuple[bool, int, str]:
    """Known differences first, then those of most rows."""
    return own.known is None, -int(own.rows.sum()), own.key


def _group(own: Group, found: Audit, decision: Decision[Any, Any]) -> model.Group:
    yen = found.yen[own.rows]
    yen = yen[~np.isnan(yen)]
    specs = declaration(decision.result).specs
    blame = own.blame
    titles = {rule.name: rule.title for rule in decision.rules}
    before, after = apart(blame.before, blame.after) if blame is not None else ("", "")
    return model.Group(
        key=own.key,
        decision=blame.decision if blame is not None else decision.name,
        rule=blame.rule if blame is not None else own.field,
        title=blame.title if blame is not None else titles.get(own.field, own.field),
        cause=own.why or ("unexplained" if own.known is None else "known"),
        count=int(own.rows.sum()),
        up=int((yen > 0).sum()),
        down=int((yen < 0).sum()),
        total=_whole(float(yen.sum())),
        largest=_whole(float(yen[np.abs(yen).argmax()])) if len(yen) else 0,
        before=before,
        after=after,
        figures=figures_of([blame]) if blame is not None else (),
        articles=blame.articles if blame is not None and blame.articles else own.articles,
        places=blame.places if blame is not None else (),
        shared=(*labelled(own.conditions, _labels(decision)), *own.shared),
        proposals=tuple(
            _proposal(tried, found) for tried in ((own.tried, *own.others) if own.tried is not None else ())
        ),
        known=own.known.reason if own.known is not None else "",
        witness=model.Witness(
            question=own.witness.question.as_request(),
            row=own.witness.line,
            before=str(dict(own.witness.old)),
            after=str(own.answer),
            fields=tuple(_fields(own, {name: spec.label for name, spec in specs.items()})),
        ),
        spread=spread_of(_whole(float(value)) for value in yen),
        dots=_dots(own, found, decision),
    )


def _dots(own: Group, found: Audit, decision: Decision[Any, Any]) -> model.Dots | None:
    """Differences over the quantity that goes with them most; None where they do not go with any."""
    places = np.flatnonzero(own.rows & ~np.isnan(found.yen))
    if len(places) > _DOTS:
        places = np.sort(np.random.default_rng(found.seed).choice(places, _DOTS, replace=False))
    yen = found.yen[places]
    best: tuple[float, str, Any] | None = None
    table = found.legacy.take(places)
    for name in table.column_names if len(np.unique(yen)) > 2 else ():
        if pa.types.is_integer(table[name].type) and not table[name].null_count:
            values = np.asarray(table[name])
            tied = abs(float(np.corrcoef(values, yen)[0, 1])) if len(np.unique(values)) > 4 else 0
            if best is None or tied > best[0]:
                best = tied, name, values
    if best is None or best[0] < _TIED:
        return None
    label, unit = _labels(decision).get(best[1], (best[1], ""))
    pairs = zip(best[2].tolist(), map(_whole, yen.tolist()), strict=True)
    return model.Dots(label=label, unit=unit, points=tuple(dict.fromkeys(pairs)))


def _fields(own: Group, labels: Mapping[str, str]) -> Iterable[tuple[str, str, Any, Any]]:
    old, new = flat(own.witness.old), flat(own.answer.result)
    for name, value in old.items() if new else ():
        if new.get(name) != value and (new.get(name) or value):
            field = name.rpartition(".")[2]
            yield name, labels.get(field, field), value, new.get(name)


def _proposal(own: Tried, found: Audit) -> model.Proposal:
    article, where = "", ""
    if own.quirk.places:
        article, where = found.reached.source(own.quirk.places[0])
    return model.Proposal(
        name=own.quirk.name,
        title=own.quirk.title,
        explained=own.explained,
        tried=own.tried,
        upset=own.upset,
        right=own.right,
        article=article,
        where=where,
    )


def _labels(decision: Decision[Any, Any]) -> dict[str, tuple[str, str]]:
    """Labels and units of the columns of the questions."""
    specs = declaration(decision.subject).specs
    return {**{name: (spec.label, spec.unit) for name, spec in specs.items()}, ON: (decision.on, "")}


def _aside(rows: Sequence[Unread]) -> Iterable[model.Aside]:
    """Rows set aside by what is wrong with them, each with the first lines."""
    reasons = Counter(_why(own) for own in rows)
    for why, count in reasons.most_common():
        lines = [f"{own.file}:{own.line}: {own.value}" for own in rows if _why(own) == why]
        more = f" … ({count - _LINES})" if count > _LINES else ""
        yield model.Aside(why=why, count=count, example="; ".join(lines[:_LINES]) + more)


def _why(own: Unread) -> str:
    return f"{own.field}: {own.reason}" if own.field and not own.reason.startswith(own.field) else own.reason


def _whole(value: float) -> float:
    """An amount without a fraction that is none."""
    return int(value) if value == int(value) else round(value, 2)
