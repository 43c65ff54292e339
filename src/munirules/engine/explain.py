"""Explanations: what a clerk would show a resident, as text, Markdown, JSON or a Mermaid diagram, in Japanese or English."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, get_type_hints

import attrs

from munirules.engine.annotations import currency_of, label_of
from munirules.engine.enactment import Citation
from munirules.engine.outcome import Given, Outcome, TraceStep
from munirules.errors import MunirulesError
from munirules.models.declare import declaration, is_declared
from munirules.models.fields import Spec
from munirules.models.read import write, yen_of
from munirules.money import SEN_PER_YEN, Currency
from munirules.tape import Applied, Note

if TYPE_CHECKING:
    from munirules.engine.decision import Decision

WORDS: Final[dict[str, dict[str, str]]] = {
    "ja": {
        "decided": "決定",
        "provisional": "仮決定",
        "needs_finding": "認定待ち",
        "refused": "却下",
        "result": "結果",
        "steps": "計算の根拠",
        "on": "基準日",
        "known": "この日までに公布されたものによる",
        "reason": "理由",
        "law": "根拠",
        "unverified": "未確認",
        "source": "出典",
        "authority": "決定権者",
        "row": "適用",
        "rounded": "端数処理",
        "supplied": "提供された値",
        "replaced": "この団体の規定",
        "yes": "はい",
        "no": "いいえ",
        "none": "なし",
        "sentence": "{title}の{status}",
    },
    "en": {
        "decided": "decided",
        "provisional": "provisional",
        "needs_finding": "needs a finding",
        "refused": "refused",
        "result": "Result",
        "steps": "How it was worked out",
        "on": "key date",
        "known": "as promulgated by",
        "reason": "reason",
        "law": "law",
        "unverified": "unverified",
        "source": "source",
        "authority": "authority",
        "row": "applied",
        "rounded": "rounded",
        "supplied": "supplied",
        "replaced": "local rule of",
        "yes": "yes",
        "no": "no",
        "none": "none",
        "sentence": "{title}: {status}",
    },
}
SEN: Final = Currency("銭", SEN_PER_YEN)
ROUNDINGS: Final = {"切捨て": "down", "切上げ": "up", "四捨五入": "half up"}
HIDDEN: Final = "***"
FORMS: Final = ("text", "markdown", "json", "mermaid")


class ExplainError(MunirulesError, ValueError):
    """A locale or form that there is none of."""


def explain(outcome: Outcome[Any], *, locale: str = "ja", form: str = "text") -> str:
    """Explain an outcome.

    Args:
        outcome: what was decided.
        locale: `ja` or `en`.
        form: `text`, `markdown`, `json` or `mermaid`.

    Raises:
        ExplainError: for another locale or form.
    """
    if locale not in WORDS:
        raise ExplainError(f"locale {locale!r}: there are {', '.join(WORDS)}")
    if form not in FORMS:
        raise ExplainError(f"form {form!r}: there are {', '.join(FORMS)}")
    if form == "json":
        return json.dumps(as_data(outcome), ensure_ascii=False, indent=2)
    if form == "mermaid":
        return _mermaid(outcome, locale)
    return "\n".join(_Printer(locale, markdown=form == "markdown").lines(outcome))


def as_data(outcome: Outcome[Any]) -> dict[str, Any]:
    """An outcome as plain data: status, result, reason, trace, jurisdiction, dates."""
    answers: Any = outcome.result if outcome.decided else None
    result = (
        dict(zip(outcome.members, write(answers, hide=True), strict=True))
        if outcome.members
        else write(answers, hide=True)
    )
    return {
        "decision": outcome.decision.name,
        "title": outcome.decision.title,
        "jurisdiction": {"code": outcome.jurisdiction.code, "name": outcome.jurisdiction.name},
        "on": outcome.on.isoformat(),
        "known": outcome.known.isoformat() if outcome.known else None,
        "status": str(outcome.status),
        "result": result,
        "reason": outcome.reason,
        "needed": [{"fact": fact.name, "title": fact.title, "found_by": fact.found_by} for fact in outcome.needed],
        "unverified": list(outcome.unverified),
        "trace": [_step_data(step) for step in outcome.trace],
    }


def _step_data(step: TraceStep) -> dict[str, Any]:
    return {
        "decision": step.decision,
        "rule": step.rule,
        "title": step.title,
        "part": step.part,
        "value": _plain(step.value, step.currency),
        "unit": "円" if step.currency is not None else None,
        "given": {given.name: _given_data(given) for given in step.given},
        "notes": [_note_data(note) for note in step.notes],
        "citations": [
            {
                "text": c.text,
                "source": c.source,
                "where": c.where,
                "plugin": c.plugin,
                "since": c.since.isoformat() if c.since else None,
                "unverified": c.unverified,
            }
            for c in step.citations
        ],
        "replaced": step.replaced,
        "minor": step.minor,
        "steps": [_step_data(inner) for inner in step.steps],
    }


def _plain(value: Any, currency: Currency | None) -> Any:
    if currency is not None and currency.per_yen == SEN_PER_YEN and isinstance(value, int):
        return yen_of(value)
    return write(value, hide=True)


def _given_data(given: Given) -> Any:
    if given.kind == "provision":
        return {"provision": type(given.value).__name__}
    if (
        given.kind in ("subject", "part", "fact", "decided", "supplied")
        and given.cls is not None
        and given.value is not None
    ):
        return {given.kind: given.cls.__name__}
    if isinstance(given.value, tuple) and not hasattr(given.value, "_asdict"):
        return [_plain(item, given.currency) for item in given.value]
    return _plain(given.value, given.currency)


def _note_data(note: Note) -> dict[str, Any]:
    if isinstance(note, Applied):
        amount = None if note.amount is None else yen_of(note.amount)
        return {"applied": note.table, "row": write(note.row, hide=True), "quantity": note.quantity, "amount": amount}
    return {"rounded": note.mode, "from": [note.num, note.den], "unit": note.unit, "to": note.result}


class _Printer:
    """Prints an outcome as text or Markdown."""

    def __init__(self, locale: str, *, markdown: bool) -> None:
        self.locale = locale
        self.words = WORDS[locale]
        self.markdown = markdown
        self.answered: Decision[Any, Any] | None = None

    def lines(self, outcome: Outcome[Any]) -> Iterator[str]:
        words = self.words
        self.answered = outcome.decision
        title = outcome.decision.title if self.locale == "ja" else f"{outcome.decision.title} ({outcome.decision.name})"
        status = words["sentence"].format(title=title, status=words[outcome.status])
        yield self.head(f"{status} — {outcome.jurisdiction.full_name} ({outcome.jurisdiction.code})", 1)
        yield f"{words['on']} ({outcome.decision.on}): {self.day(outcome.on)}"
        if outcome.known:
            yield f"{words['known']}: {self.day(outcome.known)}"
        yield f"{words['authority']}: {outcome.decision.authority}"
        if outcome.decision.law:
            yield f"{words['law']}: {outcome.decision.law}"
        if outcome.reason:
            yield f"{words['reason']}: {outcome.reason}"
        for note in outcome.unverified:
            yield f"{words['unverified']}: {note}"
        if outcome.decided:
            yield ""
            yield self.head(words["result"], 2)
            yield from self.result(outcome)
        if outcome.trace:
            yield ""
            yield self.head(words["steps"], 2)
            shown = [step for step in outcome.trace if not step.minor]
            for number, step in enumerate(shown, 1):
                yield from self.step(step, f"{number}", 0)
        sources = [c for c in outcome.citations if c.source]
        if sources:
            yield ""
            yield self.head(words["law"], 2)
            for citation in sources:
                yield from self.citation(citation)

    def head(self, text: str, level: int) -> str:
        if self.markdown:
            return f"{'#' * level} {text}"
        return text if level == 1 else f"【{text}】" if self.locale == "ja" else f"{text}:"

    def result(self, outcome: Outcome[Any]) -> Iterator[str]:
        answers: Any = outcome.result
        titles = {rule.name: rule.title for rule in outcome.decision.rules}
        whole = outcome.decision.member is None
        labelled = [("", answers)] if whole else zip(outcome.members, answers, strict=True)
        for member, answer in labelled:
            owner = declaration(type(answer))
            for name in owner.types:
                label = titles.get(name, owner.specs[name].label)
                if self.locale == "en" and owner.specs[name].en:
                    label = owner.specs[name].en
                prefix = f"{member}: " if member else ""
                yield f"- {prefix}{self.label(label, name)}: {self.value(getattr(answer, name), owner.specs[name])}"

    def label(self, title: str, name: str) -> str:
        return title if self.locale == "ja" or title == name else f"{title} ({name})"

    def step(self, step: TraceStep, number: str, depth: int) -> Iterator[str]:
        pad = "   " * depth
        part = f" [{step.part}]" if step.part else ""
        value = "" if not step.rule else f" = {self.answer(step)}"
        local = f" ({self.words['replaced']}: {step.replaced})" if step.replaced else ""
        yield f"{pad}{number}. {self.label(step.title, step.rule or step.decision)}{part}{value}{local}"
        for given in step.given:
            if given.kind == "supplied" and given.cls is not None:
                yield f"{pad}   {self.words['supplied']}: {self.label(declaration(given.cls).title, given.cls.__name__)}"
        for note in step.notes:
            yield f"{pad}   {self.note(note, step.currency)}"
        law = "; ".join(dict.fromkeys(citation.text for citation in step.citations))
        if law:
            yield f"{pad}   [{law}]"
        for inner, own in enumerate((own for own in step.steps if not own.minor), 1):
            yield from self.step(own, f"{number}.{inner}", depth + 1)

    def answer(self, step: TraceStep) -> str:
        """What a step answered, in the unit of the result's field where it is one."""
        if step.currency is not None or self.answered is None or step.decision != self.answered.name:
            return self.amount(step.value, step.currency)
        return self.value(step.value, declaration(self.answered.result).specs.get(step.rule))

    def note(self, note: Note, currency: Currency | None) -> str:
        if isinstance(note, Applied):
            row = self.value(note.row, None)
            quantity = "" if note.quantity in (None, 1) else f" × {note.quantity}"
            amount = "" if note.amount is None else f" = {self.amount(note.amount, SEN)}"
            return f"{self.words['row']} {note.table}: {row}{quantity}{amount}"
        unit = currency.unit if currency is not None else ""
        whole, rest = divmod(abs(note.num), note.den)
        tail = f".{rest * 10_000 // note.den:04d}".rstrip("0").rstrip(".") if rest else ""
        exact = f"{'-' if note.num < 0 else ''}{whole}{tail}" + ("…" if rest * 10_000 % note.den else "")
        told = f"{note.unit}{unit}未満{note.mode}" if self.locale == "ja" else f"{ROUNDINGS[note.mode]} to {note.unit}"
        return f"{self.words['rounded']}: {exact} → {note.result} ({told})"

    def citation(self, citation: Citation) -> Iterator[str]:
        since = f" ({self.day(citation.since)}～)" if citation.since else ""
        plugin = f" <{citation.plugin}>" if citation.plugin else ""
        yield f"- {citation.text}{since}{plugin}"
        if citation.source:
            yield f"  {self.words['source']}: {citation.source}"

    def amount(self, value: Any, currency: Currency | None) -> str:
        if currency is None or not isinstance(value, int):
            return self.value(value, None)
        from babel.numbers import format_decimal

        number = yen_of(value) if currency.per_yen == SEN_PER_YEN else value
        told = format_decimal(number, locale=self.locale)
        return f"{told}円" if self.locale == "ja" else f"{told} yen"

    def value(self, value: Any, spec: Spec | None) -> str:
        if spec is not None and spec.secret and value is not None:
            return HIDDEN
        if spec is not None and spec.kind in ("yen", "sen") and isinstance(value, int):
            return self.amount(value, Currency("", SEN_PER_YEN if spec.kind == "sen" else 1))
        if isinstance(value, bool):
            return self.words["yes" if value else "no"]
        if value is None:
            return self.words["none"]
        if isinstance(value, Enum):
            return str(getattr(value, "label", value.name.lower()))
        if isinstance(value, date):
            return self.day(value)
        if is_declared(type(value)):
            owner = declaration(type(value))
            defaults = {a.name: a.default for a in attrs.fields(type(value))}
            shown = [
                (s, getattr(value, name)) for name, s in owner.specs.items() if getattr(value, name) != defaults[name]
            ]
            return "（" + "、".join(f"{s.label} {self.value(v, s)}" for s, v in shown) + "）"
        if isinstance(value, tuple) and hasattr(value, "_asdict"):
            hints = get_type_hints(type(value), include_extras=True)
            labels = {k: (self.locale == "ja" and label_of(hint)) or k for k, hint in hints.items()}
            shown_parts = ((labels[k], self.amount(v, currency_of(hints[k]))) for k, v in value._asdict().items())
            return "（" + "、".join(f"{k} {v}" for k, v in shown_parts) + "）"
        if isinstance(value, (tuple, list)):
            return "[" + ", ".join(self.value(item, None) for item in value) + "]"
        unit = spec.unit if spec is not None else ""
        return f"{value}{unit}"

    def day(self, day: date | None) -> str:
        if day is None:
            return ""
        if self.locale == "en":
            return day.isoformat()
        from munirules.calendar import format_date

        return format_date(day)


def _mermaid(outcome: Outcome[Any], locale: str) -> str:
    """A diagram of the rules: boxes with values, arrows from what each was given."""
    printer = _Printer(locale, markdown=False)
    printer.answered = outcome.decision
    lines = ["flowchart TD"]
    makers = {type(part): step.rule for step in outcome.trace for part in _parts_in(step.value)}
    boxes: dict[str, list[TraceStep]] = {}
    for step in outcome.trace:
        boxes.setdefault(step.rule or step.answers, []).append(step)
    for name, steps in boxes.items():
        first = steps[0]
        values = ", ".join(printer.answer(step) for step in steps) if first.rule else ""
        title = printer.label(first.title, first.rule or first.decision)
        label = (f"{title}<br/>{values}" if values else title).replace('"', "'")
        lines.append(f'    {_node(name)}["{label}"]')
    arrows: dict[str, None] = {}
    for step in outcome.trace:
        for given in step.given:
            target = _node(step.rule)
            if given.kind == "rule":
                arrows[f"    {_node(given.name)} --> {target}"] = None
            elif given.kind == "part" and given.cls in makers:
                arrows[f"    {_node(makers[given.cls])} --> {target}"] = None
            elif given.kind in ("subject", "part", "fact", "provision", "decided", "supplied"):
                cls = given.cls.__name__ if given.cls is not None else given.name
                title = declaration(given.cls).title if given.cls is not None and is_declared(given.cls) else cls
                shape = f'{_node(cls)}[/"{title}"/]' if given.kind == "provision" else f'{_node(cls)}(["{title}"])'
                if given.kind == "decided":
                    shape = _node(cls)  # the box of that decision, above
                arrows[f"    {shape} --> {target}"] = None
    return "\n".join([*lines, *arrows])


def _parts_in(value: Any) -> tuple[Any, ...]:
    """The parts that a rule made; none where its value is one record or no tuple."""
    return tuple(value) if isinstance(value, (tuple, list)) and not hasattr(value, "_asdict") else ()


def _node(name: str) -> str:
    return "n_" + "".join(c if c.isalnum() and c.isascii() else "_" for c in name)
