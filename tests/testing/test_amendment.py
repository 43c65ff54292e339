"""Laws of amendment hold of amendments drawn from real data; an amendment that breaks one is told."""

from datetime import date
from functools import cache

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from munirules import Rulebook
from munirules.engine.enactment import EnactmentError, Version, load, parse
from munirules.plugins.discovery import installed
from munirules.testing import questions
from munirules.testing.amendment import (
    amended,
    amendments,
    around_commencement,
    broken_laws,
    consolidated,
    elsewhere,
    not_retroactive,
    outside_frame,
    resting_on,
    timelines_differ,
)
from munirules.testing.kit import book as city
from munirules.testing.kit import ordinance
from munirules.testing.properties.examination import drawn
from munirules.testing.scratch import AmendmentError
from munirules.testing.toml import written

book = cache(Rulebook.of)
SHIRAKAWA, GINAN, GIFU, KANI = "215066", "213021", "212016", "212148"
PLACES = [(SHIRAKAWA, "water"), (GINAN, "water"), (GIFU, "welfare"), (KANI, "water"), (GIFU, "fees")]
quick = settings(
    max_examples=20, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def base_of(rulebook, area, amendment):
    (found,) = [
        own
        for link in rulebook.area(area).chain
        for own in link.enactments
        if (own.title, own.jurisdiction) == (amendment.amends, amendment.jurisdiction)
    ]
    return found


def amendment_of(rulebook, area, title, since, **values):
    (base,) = [own for link in rulebook.area(area).chain for own in link.enactments if title in own.title]
    version = Version(since=since, values=values)
    return attrs.evolve(base, title="改正条例", amends=base.title, versions=(version,), replacements=())


class TestLaws:
    @pytest.mark.parametrize(("code", "area"), PLACES)
    def test_they_hold_of_amendments_of_real_data(self, code, area):
        here = book(code)
        seen = {"before": 0, "changed": 0, "outside": 0}

        @quick
        @given(st.data())
        def hold(data):
            amendment = data.draw(amendments(here, area))
            after = amended(here, area, amendment)
            whole = amended(here, area, consolidated(base_of(here, area, amendment), amendment))
            assert timelines_differ(after, whole, area) == ""
            decision = data.draw(st.sampled_from(asked))
            commencement = amendment.versions[0].since
            question = data.draw(around_commencement(here, decision, commencement))
            touched = frozenset(amendment.versions[0].values)
            assert not_retroactive(here, after, question, commencement) == ""
            assert outside_frame(here, after, question, touched) == ""
            assert question.answer(after) == question.answer(whole)
            seen["before"] += question.on < commencement
            seen["changed"] += question.answer(here) != question.answer(after)
            seen["outside"] += not resting_on(here, decision, touched)

        from munirules.testing.properties.plugin import decisions_of

        asked = [decision for decision in decisions_of(here, code) if decision.area == area]
        hold()
        assert seen["before"] > 2

    def test_an_amendment_changes_what_rests_on_it_from_its_day_on(self):
        here, since = book(GINAN), date(2027, 4, 1)
        amendment = amendment_of(here, "water", "水道料金", since, WaterTariff={"round_total": 100})
        after = amended(here, "water", amendment)
        changed = []

        def compare(question):
            if question.answer(here) != question.answer(after):
                changed.append(question.on)

        drawn(compare, questions(here, "water.supply", st.sampled_from([date(2027, 3, 31), since])), 60, 0)
        assert set(changed) == {since}
        assert broken_laws(here, "water", amendment, examples=10) == ()

    def test_another_jurisdiction_does_not_notice(self, tmp_path):
        before = book(SHIRAKAWA)
        asked = []
        drawn(asked.append, questions(before, "water.supply"), 30, 0)
        answers = [question.answer(before) for question in asked]
        amendment = amendment_of(book(GINAN), "water", "水道料金", date(2027, 4, 1), WaterTariff={"round_total": 100})
        tmp_path.joinpath("water.toml").write_text(written(amendment), encoding="utf-8")
        changed = Rulebook.of(GINAN, enactments=tmp_path)
        drawn(lambda question: question.answer(changed), questions(changed, "water.supply"), 10, 0)
        later = Rulebook.of(SHIRAKAWA)
        assert [elsewhere(before, later, question) for question in asked] == [""] * len(asked)
        assert [question.answer(later) for question in asked] == answers


RULES = """
@facts(title="使用")
class Use:
    number: int = count("数", maximum=50)

@provision(title="額")
class Rate:
    each: int = yen("額")

@provision(title="定額")
class Fixed:
    amount: int = yen("額")

@result(title="料金")
class Charge:
    used: Yen = yen("従量")
    fixed: Yen = yen("定額")

charge = Decision("fees.charge", Use, Charge, title="料金", on="日", authority="市長")

@charge.rule(title="従量")
def used(use: Use, rate: Rate) -> Yen:
    return use.number * rate.each

@charge.rule(title="定額")
def fixed(use: Use, own: Fixed) -> Yen:
    return own.amount
"""
LAW = """
[[version]]
since = 2020-04-01
[version.Rate]
each = 10
[version.Fixed]
amount = 100
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    from tests.fictional.snippets import module as snippet

    own = snippet(tmp_path_factory.mktemp("amended"), RULES)
    return own.charge, city(own.charge, city=[ordinance(LAW)])


def changed(rulebook, since, **values):
    return amendment_of(rulebook, "fees", "架空市条例", since, **values)


class TestBroken:
    def test_what_is_in_force_earlier_than_it_says(self, world):
        decision, here = world
        after = amended(here, "fees", changed(here, date(2022, 4, 1), Rate={"each": 11}))
        told = []
        asked = questions(here, decision, st.sampled_from([date(2021, 4, 1), date(2022, 4, 1)]))
        drawn(lambda question: told.append(not_retroactive(here, after, question, date(2023, 4, 1))), asked, 40, 0)
        assert any("though the amendment is in force from 2023-04-01 only" in one for one in told)

    def test_what_changes_more_than_it_says(self, world):
        decision, here = world
        after = amended(here, "fees", changed(here, date(2022, 4, 1), Rate={"each": 11}))
        told = []

        def compare(question):
            told.append(outside_frame(here, after, question, frozenset({"Fixed"})))
            assert outside_frame(here, after, question, frozenset({"Rate"})) == ""

        drawn(compare, questions(here, decision, date(2022, 4, 1)), 30, 0)
        assert any(one.startswith("used was ") and "does not rest on Fixed" in one for one in told)
        assert resting_on(here, decision, frozenset({"Rate"})) == {"used"}
        assert resting_on(here, decision, frozenset({"Rate", "Fixed"})) == {"used", "fixed"}

    def test_a_consolidated_text_that_lacks_a_version(self, world):
        _, here = world
        amendment = changed(here, date(2022, 4, 1), Rate={"each": 11})
        after = amended(here, "fees", amendment)
        told = timelines_differ(after, here, "fees")
        assert told == "Rate on 2022-04-01: Rate(each=11) or Rate(each=10)"
        whole = amended(here, "fees", consolidated(base_of(here, "fees", amendment), amendment))
        assert timelines_differ(after, whole, "fees") == ""

    def test_an_amendment_of_a_body_that_has_no_say(self, world):
        _, here = world
        foreign = attrs.evolve(changed(here, date(2022, 4, 1), Rate={"each": 1}), jurisdiction=SHIRAKAWA)
        with pytest.raises(AmendmentError, match="who has no say in 架空市"):
            amended(here, "fees", foreign)
        with pytest.raises(AmendmentError, match="has no enactment with figures in area 'fees'"):
            amendments(here, "fees", code="000000")

    def test_two_versions_of_one_day_cannot_be_consolidated(self, world):
        _, here = world
        amendment = changed(here, date(2020, 4, 1), Rate={"each": 11})
        with pytest.raises(EnactmentError, match="two versions since 2020-04-01"):
            consolidated(base_of(here, "fees", amendment), amendment)


def test_every_enactment_that_is_installed_survives_being_written_and_read():
    seen = 0
    for plugin in installed():
        if not plugin.is_folder:
            continue
        for path in sorted(plugin.folder().rglob("*.toml")):
            if "[[version]]" in path.read_text(encoding="utf-8"):
                first = load(path)
                again = parse(written(first))
                for old, new in zip(first.versions, again.versions, strict=True):
                    assert attrs.evolve(old, line=0, values={}, unset={}).since == new.since
                    assert (old.values, old.promulgated, old.until) == (new.values, new.promulgated, new.until)
                    assert {name: own for name, own in old.unset.items() if own} == {
                        name: own for name, own in new.unset.items() if own
                    }
                assert (first.title, first.amends, first.note) == (again.title, again.amends, again.note)
                seen += 1
    assert seen > 120
