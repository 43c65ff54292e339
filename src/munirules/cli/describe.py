"""A decision as plain data: what it asks, what it answers, on which provisions and rules it rests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from munirules.engine.decision import Decision, Replacement, Rule
from munirules.engine.request import known_facts
from munirules.models.declare import alternatives, declaration, is_declared, record_of
from munirules.models.read import write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from munirules.engine.provisions import Timeline
    from munirules.engine.rulebook import Rulebook
    from munirules.engine.steps import Wiring


def describe(rulebook: Rulebook, decision: Decision[Any, Any]) -> dict[str, Any]:
    """Describe a decision as it stands for a jurisdiction, at all dates."""
    wirings = list(_wirings(rulebook, decision))
    known = known_facts(rulebook, decision)
    facts = [
        fact_data(k.cls, places=k.places, rules=_asking(wirings, k.cls))
        for k in known.values()
        if is_declared(k.cls, "facts")
    ]
    results = [
        {"name": k.cls.__name__, "decision": other.name, "title": other.title}
        for k in known.values()
        if is_declared(k.cls, "result") and (other := rulebook.decider(k.cls)) is not None
    ]
    classes = dict.fromkeys(need.cls for wiring in wirings for _, need in wiring.needs("provision"))
    owner = declaration(decision.subject)
    return {
        "name": decision.name,
        "title": decision.title,
        "on": decision.on,
        "authority": decision.authority,
        "role": decision.role,
        "law": decision.law,
        "jurisdiction": {"code": rulebook.jurisdiction.code, "name": rulebook.jurisdiction.full_name},
        "subject": {"name": owner.name, "title": owner.title, "fields": fields_data(decision.subject)},
        "facts": facts,
        "results": results,
        "result": _result(decision),
        "rules": [_rule(rule) for rule in _rules(rulebook, decision)],
        "provisions": [_provision(rulebook.timeline(cls, decision.area, None)) for cls in classes],
    }


def fields_data(cls: type) -> list[dict[str, Any]]:
    """The fields of a declared class; of tuples of declared records, theirs too."""
    owner = declaration(cls)
    attributes: Any = attrs.fields_dict(cls)
    found = []
    for name, annotation in owner.types.items():
        spec = owner.specs[name]
        record = record_of(alternatives(annotation)[0])
        default = attributes[name].default
        plain = None if default is attrs.NOTHING or isinstance(default, attrs.Factory) else write(default, spec)  # type: ignore[arg-type]
        found.append(
            {
                "name": name,
                "label": spec.label,
                "en": spec.en,
                "kind": spec.kind,
                "unit": spec.unit,
                "minimum": spec.minimum,
                "maximum": spec.maximum,
                "options": _options(alternatives(annotation)[0], spec.options),
                "allowed": spec.allowed,
                "required": name in owner.required,
                "default": plain,
                "rows": fields_data(record) if record is not None and is_declared(record) else [],
            }
        )
    return found


def _options(annotation: Any, options: tuple[str, ...]) -> list[str]:
    members = getattr(annotation, "__members__", None)
    return [name.lower() for name in members] if members is not None else list(options)


def fact_data(
    cls: type, *, places: Iterable[type | None] = (None,), optional: bool = False, rules: Iterable[str] = ()
) -> dict[str, Any]:
    """A fact class: whom it describes, who determines it, which rules ask, and its fields."""
    owner = declaration(cls)
    about = owner.about or next((place for place in places if place is not None), None)
    return {
        "name": owner.name,
        "title": owner.title,
        "about": about.__name__ if about is not None else "",
        "found_by": owner.found_by,
        "optional": optional,
        "rules": list(rules),
        "fields": fields_data(cls),
    }


def _wirings(rulebook: Rulebook, decision: Decision[Any, Any]) -> Iterator[Wiring]:
    area = rulebook.area(decision.area)
    for day in area.regimes(decision, None).rule_days():
        yield area.wiring(decision, day, None)


def _asking(wirings: Iterable[Wiring], cls: type) -> list[str]:
    """Rules of the decision itself that ask for a fact; a fact that only a chained decision asks for has none."""
    return list(
        dict.fromkeys(step.rule.name for wiring in wirings for step, need in wiring.needs("fact") if need.cls is cls)
    )


def _result(decision: Decision[Any, Any]) -> dict[str, Any]:
    owner = declaration(decision.result)
    titles = {rule.name: rule.title for rule in decision.rules}
    fields = fields_data(decision.result)
    for field in fields:
        field["label"] = titles.get(field["name"], field["label"])
    member = decision.member.__name__ if decision.member is not None else ""
    return {"name": owner.name, "title": owner.title, "for_each": member, "fields": fields}


def _rules(rulebook: Rulebook, decision: Decision[Any, Any]) -> Iterator[Rule]:
    yield from decision.rules
    for link in rulebook.area(decision.area).chain:
        for enactment in link.enactments:
            yield from (rule for rule in enactment.replacements if rule.decision == decision.name)


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "title": rule.title,
        "law": rule.law,
        "since": _iso(rule.since),
        "until": _iso(rule.until),
        "promulgated": _iso(rule.promulgated),
        "replaces": isinstance(rule, Replacement),
        "where": rule.where,
    }


def _provision(timeline: Timeline) -> dict[str, Any]:
    owner = timeline.owner
    fields = fields_data(owner.cls)
    for field in fields:
        spec = owner.specs[field["name"]]
        field["by"] = spec.by
        field["national"] = spec.national
    covered = [[_iso(first), _iso(last)] for first, last in timeline.covered()]
    return {
        "name": owner.name,
        "title": owner.title,
        "fields": fields,
        "covered": covered,
        "versions": list(_versions(timeline)),
    }


def _versions(timeline: Timeline) -> Iterator[dict[str, Any]]:
    fields: dict[Any, list[str]] = {}
    for link, field, entry in timeline.said():
        fields.setdefault((link.jurisdiction, entry.enactment, entry.version), []).append(field)
    for (jurisdiction, enactment, version), names in fields.items():
        yield {
            "enactment": enactment.title,
            "kind": enactment.kind,
            "jurisdiction": jurisdiction.code,
            "citation": enactment.citation_of(version),
            "source": version.source or enactment.source,
            "since": _iso(version.since),
            "until": _iso(version.until),
            "promulgated": _iso(version.promulgated),
            "unverified": version.unverified,
            "fields": names,
            "where": enactment.where(version),
            "plugin": enactment.plugin,
        }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
