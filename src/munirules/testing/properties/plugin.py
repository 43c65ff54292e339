"""The decisions that one plugin has a say in, and their properties: what `munirules check` and `pytest --munirules` try."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from munirules.checking.declared import properties_of
from munirules.engine.provisions import NotInForce
from munirules.testing.law_dates import chain_of, spans
from munirules.testing.properties.examination import Check, Examination, declared_checks, examine, free_checks

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook


def decisions_of(rulebook: Rulebook, code: str) -> Iterator[Decision[Any, Any]]:
    """The decisions in which a jurisdiction has a say at some date: by a figure, a rule of its own, or their being its own.

    Args:
        rulebook: for whom.
        code: code of the jurisdiction, or of another of its chain.
    """
    for decision in rulebook.decisions():
        if spans(rulebook, decision) and any(_says(rulebook, own, code) for own in chain_of(rulebook, decision)):
            yield decision


def _says(rulebook: Rulebook, decision: Decision[Any, Any], code: str) -> bool:
    area = rulebook.area(decision.area)
    links = [link for link in area.chain if link.jurisdiction.code == code]
    enactments = [own for link in links for own in link.enactments]
    if any(rule.decision == decision.name for own in enactments for rule in own.replacements):
        return True
    for day in area.regimes(decision, None).rule_days():
        try:
            needs = area.wiring(decision, day, None).needs("provision")
        except NotInForce:
            continue
        for _, need in needs:
            timeline = rulebook.timeline(need.cls, decision.area, None)
            if any(link.jurisdiction.code == code for link, _, _ in timeline.said()):
                return True
    return False


def checks_of(rulebook: Rulebook, decision: Decision[Any, Any], alone: Rulebook | None = None) -> list[Check]:
    """Every property of a decision: of any decision, declared by its author, and by the plugins of the chain.

    Args:
        rulebook: for whom.
        decision: the decision.
        alone: the rulebook made without other plugins; None to leave that property out.
    """
    return [*free_checks(alone), *declared_checks(properties_of(rulebook, decision))]


def examine_plugin(rulebook: Rulebook, code: str, *, examples: int, seed: int = 0) -> list[Examination]:
    """Try every property of the decisions that a plugin has a say in.

    Args:
        rulebook: a rulebook with the plugin.
        code: code of the plugin's jurisdiction.
        examples: questions for each decision.
        seed: the same seed gives the same questions.
    """
    return [
        examine(rulebook, decision, checks_of(rulebook, decision), examples=examples, seed=seed)
        for decision in decisions_of(rulebook, code)
    ]
