"""The hooks: documented, with examples that run; their signatures stand; each is asked when it says it is."""

from __future__ import annotations

import doctest
import inspect
from datetime import date

import pluggy
import pytest
from tests.fictional.plugins import HEAD, NATION, described, fees

from munirules.plugins import AREAS, PluginError, hookspecs
from munirules.plugins.hookspecs import PROJECT, AreaHook, AreaHooks, Hooks
from munirules.plugins.rulebook import Rulebook

HOOKS = {
    name: hook for owner in (Hooks, AreaHooks) for name, hook in vars(owner).items() if name.startswith("munirules_")
}
HOOKS = {name: hook.__func__ if isinstance(hook, staticmethod) else hook for name, hook in HOOKS.items()}


def test_there_is_one_hook_for_each_area_and_no_other_without_a_snapshot():
    assert {name: str(inspect.signature(hook)) for name, hook in HOOKS.items()} == {
        "munirules_jurisdiction": "(self) -> 'Sequence[Delegation]'",
        "munirules_eras": "(self) -> 'Iterable[dict[str, Any]]'",
        "munirules_closing_days": "(self) -> 'Iterable[ClosingDay]'",
        "munirules_decided": "(self, outcome: 'Outcome[Any]') -> 'None'",
        **{f"munirules_{area}": "() -> 'Iterable[AreaItem]'" for area in AREAS},
    }
    assert len(AREAS) == 14


@pytest.mark.parametrize("name", sorted(HOOKS))
def test_a_hook_says_when_it_is_called_what_it_returns_and_shows_an_example(name):
    text = inspect.getdoc(HOOKS[name])
    assert text is not None
    assert text.splitlines()[0].endswith(".")
    for head in ("When:", "Example:", *(() if name == "munirules_decided" else ("Returns:",))):
        assert f"\n{head}" in text
    parameters = [own for own in inspect.signature(HOOKS[name]).parameters if own != "self"]
    assert all(f"\n    {own}: " in text for own in parameters)


@pytest.mark.parametrize("name", [*sorted(HOOKS), "AreaHook"])
def test_the_example_of_a_hook_runs(name):
    own = HOOKS.get(name, AreaHook)
    finder = doctest.DocTestFinder(recurse=False)
    (found,) = finder.find(own, name=name, module=hookspecs, globs={"__file__": "plugin.py"})
    assert found.examples
    result = doctest.DocTestRunner().run(found)
    assert (result.failed, result.attempted) == (0, len(found.examples))


def test_every_hook_is_one_that_pluggy_takes():
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Hooks)
    manager.add_hookspecs(AreaHooks)
    assert {name for name in vars(manager.hook) if name.startswith("munirules_")} == set(HOOKS)


# A plugin that is a module with hook functions.

MODULE = """
    from munirules.engine.enactment import parse
    from munirules.plugins import Delegation, hookimpl

    ASKED = []
    LAW = {law!r}

    @hookimpl
    def munirules_office():
        ASKED.append("office")
        return [parse(LAW, file="office.toml", plugin="by hand")]

    @hookimpl
    def munirules_jurisdiction():
        ASKED.append("jurisdiction")
        return []

    @hookimpl
    def munirules_decided(outcome):
        ASKED.append(outcome.result.total)
"""


def module(site, text: str = MODULE, law: str = fees("212016", 400)) -> None:
    site.add("munirules-nation", {"000000": "nation_law:data"}, NATION)
    site.add("munirules-gifu", {"212016": "gifu_hooks"}, {"gifu_hooks.py": text.format(law=law)})


def cost(rulebook: Rulebook, copies: int = 1) -> int:
    decision = rulebook.decision("office.copy")
    return rulebook.decide(decision, decision.subject(copies=copies), on=date(2024, 4, 1)).result.total


def test_hooks_are_asked_once_and_the_observer_for_every_outcome(site):
    import importlib

    module(site)
    rulebook = Rulebook.of("岐阜市")
    asked = importlib.import_module("gifu_hooks").ASKED
    assert asked == ["jurisdiction"]
    assert [cost(rulebook, copies) for copies in (1, 2, 3)] == [400, 800, 1200]
    assert asked == ["jurisdiction", "office", 400, 800, 1200]
    Rulebook.of("大垣市")
    assert asked[5:] == []


def test_an_enactment_given_by_a_hook_keeps_what_it_says_of_itself(site):
    module(site)
    rulebook = Rulebook.of("岐阜市")
    decision = rulebook.decision("office.copy")
    outcome = rulebook.decide(decision, decision.subject(copies=1), on=date(2024, 4, 1))
    assert ("手数料条例", "by hand", "office.toml:7") in [
        (one.text, one.plugin, one.where) for one in outcome.citations
    ]


def test_a_hook_speaks_for_its_own_body_only(site):
    module(site, law=fees("212024", 400))
    with pytest.raises(
        PluginError,
        match=r"plugin 212016 \(munirules-gifu 1\.0\): 手数料条例 is of 212024, but the plugin speaks for 212016 only",
    ):
        cost(Rulebook.of("岐阜市"))


def test_an_observer_that_fails_is_named(site):
    module(site, MODULE.replace("ASKED.append(outcome.result.total)", "raise OSError('disk full')"))
    with pytest.raises(
        PluginError, match=r"plugin 212016 \(munirules-gifu 1\.0\): munirules_decided: OSError: disk full"
    ):
        cost(Rulebook.of("岐阜市"))


def test_an_observer_may_take_nothing_as_pluggy_allows(site):
    module(
        site,
        MODULE.replace("munirules_decided(outcome)", "munirules_decided()").replace("outcome.result.total", '"seen"'),
    )
    assert cost(Rulebook.of("岐阜市")) == 400


def test_a_plugin_may_bring_a_decision_of_its_own(site):
    own = """
        from munirules import Decision, Yen, facts, provision, result
        from munirules.models.fields import count, yen

        @facts
        class Visit:
            guests: int = count("人数")

        @provision
        class Bath:
            each: int = yen("入浴料")

        @result
        class Charge:
            total: Yen

        bath = Decision("office.bath", Visit, Charge, title="入浴料", on="利用日", authority="長")

        @bath.rule(title="計")
        def total(visit: Visit, bath_: Bath) -> Yen:
            return visit.guests * bath_.each
    """
    law = (
        HEAD.format(title="浴場条例", kind="ordinance", code="999997")
        + "[[version]]\nsince = 2020-04-01\n[version.Bath]\neach = 450\n"
    )
    files = {"office.py": own, "office.toml": law, "jurisdiction.toml": described("999997", "架空市")}
    site.add("munirules-nation", {"000000": "nation_law:data"}, NATION)
    site.add(
        "munirules-kaku",
        {"999997": "kaku_city:data"},
        {"kaku_city/__init__.py": ""} | {f"kaku_city/data/{name}": text for name, text in files.items()},
    )
    here = Rulebook.of("架空市")
    bath = here.decision("office.bath")
    assert here.decide(bath, bath.subject(guests=2), on=date(2024, 4, 1)).result.total == 900
    assert [one.name for one in here.decisions()] == ["office.copy", "office.bath"] or len(here.decisions()) == 2
    assert [one.name for one in Rulebook.of("岐阜市").decisions()] == ["office.copy"]


REPLACING = """
    from datetime import date
    from munirules import Yen
    from nation_law.data.office import Application, copy_fee

    @copy_fee.replaces("total", since=date(2023, 4, 1))
    def total_here(application: Application) -> Yen:
        return 1
"""


def test_a_plugin_replaces_a_rule_for_its_own_body_alone(site):
    files = {"office.py": REPLACING, "office.toml": fees("212016", 400)}
    site.add("munirules-nation", {"000000": "nation_law:data"}, NATION | {"nation_law/data/__init__.py": ""})
    site.add(
        "munirules-gifu",
        {"212016": "gifu_shi:data"},
        {"gifu_shi/__init__.py": "", "gifu_shi/data/__init__.py": ""}
        | {f"gifu_shi/data/{name}": text for name, text in files.items()},
    )
    there, here = Rulebook.of("大垣市"), Rulebook.of("岐阜市")
    decision = here.decision("office.copy")
    assert decision is there.decision("office.copy")
    before = decision.rules
    for day, right in ((date(2023, 3, 31), (400, 300)), (date(2023, 4, 1), (1, 300)), (date(2023, 3, 31), (400, 300))):
        assert (
            tuple(one.decide(decision, decision.subject(copies=1), on=day).result.total for one in (here, there))
            == right
        )
    assert decision.rules is before
    (step,) = here.decide(decision, decision.subject(copies=1), on=date(2024, 4, 1)).trace
    assert (step.replaced, step.citations[0].plugin) == ("岐阜市", "munirules-gifu 1.0")


def test_a_replacement_without_an_enactment_is_told(site):
    site.add("munirules-nation", {"000000": "nation_law:data"}, NATION)
    site.add(
        "munirules-gifu",
        {"212016": "gifu_shi:data"},
        {"gifu_shi/__init__.py": "", "gifu_shi/data/office.py": REPLACING},
    )
    with pytest.raises(
        Exception, match=r"office\.py replaces rules, but no office\.toml beside it says by which enactment"
    ):
        cost(Rulebook.of("岐阜市"))
