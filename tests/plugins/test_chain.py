"""The chain municipality → union → prefecture → nation: who speaks, on which day, and what is refused."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from tests.fictional.family import ALL, BOOK, FAMILY, ON
from tests.fictional.household import allowance, levy
from tests.fictional.laws import DATA
from tests.fictional.plugins import NATION, city, described, fees

from munirules.engine.area import RulebookError
from munirules.engine.enactment import EnactmentError
from munirules.errors import MunirulesError
from munirules.plugins import PluginError
from munirules.plugins.jurisdictions import UnknownJurisdiction
from munirules.plugins.rulebook import Rulebook

GIFU, PREFECTURE, UNION = "212016", "210005", "999989"
DELEGATES = (
    f'\n[[delegates]]\narea = "office"\nto = "{UNION}"\nsince = 2022-04-01\nuntil = 2025-03-31\nlaw = "規約第4条"\n'
)
SILENT = fees(GIFU, 1).replace("each = 1", "most = 900_000")


def folder(package: str, **files: str) -> dict[str, str]:
    return {f"{package}/__init__.py": "", **{f"{package}/data/{name}": text for name, text in files.items()}}


def install(site, order=range(4), *, town: str = SILENT, profile: str = DELEGATES) -> None:
    """Nation, prefecture, union, city, in whatever order."""
    distributions = [
        ("munirules-nation", {"000000": "nation_law:data"}, NATION),
        ("munirules-ken", {PREFECTURE: "kaku_ken:data"}, folder("kaku_ken", **{"office.toml": fees(PREFECTURE, 350)})),
        ("munirules-union", {UNION: "kaku_union:data"}, city("kaku_union", UNION, "架空広域連合", 500) | {"kaku_union/data/jurisdiction.toml": described(UNION, "架空広域連合", "union")}),
        ("munirules-shi", {GIFU: "kaku_shi:data"}, folder("kaku_shi", **{"office.toml": town, "jurisdiction.toml": profile})),
    ]  # fmt: skip
    for number in order:
        site.add(*distributions[number])


def cost(rulebook: Rulebook, on: date) -> int:
    decision = rulebook.decision("office.copy")
    return rulebook.decide(decision, decision.subject(copies=1), on=on).result.total


DAYS = {
    date(2021, 4, 1): 350,
    date(2022, 3, 31): 350,
    date(2022, 4, 1): 500,
    date(2025, 3, 31): 500,
    date(2025, 4, 1): 350,
}


@pytest.mark.parametrize("jurisdiction", [212016, None])
def test_a_jurisdiction_is_said_in_words(jurisdiction):
    with pytest.raises(UnknownJurisdiction, match="is no text; write a code, as '212016'"):
        Rulebook.of(jurisdiction)


def test_a_delegated_area_is_the_unions_between_its_days(site):
    install(site)
    rulebook = Rulebook.of("岐阜市")
    assert {on: cost(rulebook, on) for on in DAYS} == DAYS
    assert cost(Rulebook.of("大垣市"), date(2023, 4, 1)) == 350
    assert cost(Rulebook.of("岐阜県"), date(2023, 4, 1)) == 350
    assert cost(Rulebook.of("東京都府中市"), date(2023, 4, 1)) == 300
    assert cost(Rulebook.of(UNION), date(2023, 4, 1)) == 500


def test_the_municipality_speaks_before_its_union(site):
    install(site, town=fees(GIFU, 7))
    assert {cost(Rulebook.of("岐阜市"), on) for on in DAYS} == {7}


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::5])
def test_the_order_in_which_plugins_are_found_makes_no_difference(site, order):
    install(site, order)
    rulebook = Rulebook.of("岐阜市")
    assert {on: cost(rulebook, on) for on in DAYS} == DAYS


def test_every_value_keeps_its_plugin(site):
    install(site)
    rulebook = Rulebook.of("岐阜市")
    decision = rulebook.decision("office.copy")
    outcome = rulebook.decide(decision, decision.subject(copies=1), on=date(2023, 4, 1))
    assert [(one.text, one.plugin, one.where.rpartition("/")[2]) for one in outcome.citations] == [
        ("手数料令第1条", "", f"office.py:{outcome.citations[0].where.rpartition(':')[2]}"),
        ("手数料条例", "munirules-union 1.0", "office.toml:7"),
        ("手数料条例", "munirules-shi 1.0", "office.toml:7"),
    ]


# What is wrong with `jurisdiction.toml`, and what is told.
PROFILES = {
    "a union that is not installed": (DELEGATES.replace(UNION, "219975"), r"岐阜市 delegates office to 219975, whose plugin is not installed"),
    "a wrong check digit": (DELEGATES.replace(UNION, "999988"), r"jurisdiction\.toml: \[\[delegates\]\] to = '999988': the check digit of 99998 is 9, not 8"),
    "an unknown area": (DELEGATES.replace('"office"', '"ofice"'), r"jurisdiction\.toml: area 'ofice' is not known — did you mean 'office'\?"),
    "an unknown key": (DELEGATES.replace("area", "aera"), r"jurisdiction\.toml: unknown key 'aera' — did you mean 'area'\?"),
    "no union": (DELEGATES.replace(f'to = "{UNION}"', ""), r"jurisdiction\.toml: \[\[delegates\]\] without 'to'"),
    "a date as text": (DELEGATES.replace("2022-04-01", '"2022-04-01"'), r"jurisdiction\.toml: since = '2022-04-01' is not allowed; write a date such as 2026-04-01"),
    "an end that is none": (DELEGATES.replace("2025-03-31", "9999-12-31"), r"jurisdiction\.toml: until = .*9999.* is not allowed"),
    "a code as number": (DELEGATES.replace(f'"{UNION}"', UNION), r"jurisdiction\.toml: to = 999989 is not allowed; write a text in quotes"),
    "no table": ('delegates = ["office"]', r"jurisdiction\.toml: 'office' is no table"),
    "no list": ('delegates = "office"', r"jurisdiction\.toml: delegates = 'office' is not allowed; write a list"),
    "an unknown key at the top": ("delegate = []", r"jurisdiction\.toml: unknown key 'delegate' — did you mean 'delegates'\?"),
    "a name without a kind": ('code = "212016"\nname = "岐阜市"', r"jurisdiction\.toml: 'kind' is missing beside name"),
    "an unknown kind": (described(GIFU, "岐阜市", "hamlet"), r"jurisdiction\.toml: .*hamlet.*; kinds: nation, prefecture"),
    "malformed": ("= 5", r"jurisdiction\.toml"),
}  # fmt: skip


@pytest.mark.parametrize("case", PROFILES)
def test_a_description_is_read_strictly(site, case):
    text, message = PROFILES[case]
    install(site, profile=text)
    with pytest.raises(MunirulesError, match=message):
        Rulebook.of("岐阜市")


def test_a_union_describes_itself(site):
    install(site, (0, 1, 3))
    site.add("munirules-union", {UNION: "kaku_union:data"}, folder("kaku_union", **{"office.toml": fees(UNION, 5)}))
    with pytest.raises(
        PluginError, match=r"plugin 999989 \(munirules-union 1\.0\): jurisdiction\.toml does not describe the union"
    ):
        Rulebook.of("岐阜市")


# A folder of data, added to what is installed.


def added(path, **files: str):
    for name, text in files.items():
        (path / name).write_text(text, encoding="utf-8")
    return path


def test_a_folder_of_data_speaks_for_the_body_that_is_named(site, tmp_path):
    site.add("munirules-nation", {"000000": "nation_law:data"}, NATION)
    rulebook = Rulebook.of("岐阜市", enactments=added(tmp_path, **{"office.toml": fees(GIFU, 7)}))
    assert cost(rulebook, date(2023, 4, 1)) == 7
    assert cost(Rulebook.of("岐阜市"), date(2023, 4, 1)) == 300


def test_a_folder_of_data_may_describe_a_body_that_nobody_knows(site, tmp_path):
    site.add("munirules-nation", {"000000": "nation_law:data"}, NATION)
    own = added(tmp_path, **{"office.toml": fees("999997", 7), "jurisdiction.toml": described("999997", "架空市")})
    for text in ("999997", "99999", "架空市", "かくう", "Kaku"):
        assert cost(Rulebook.of(text, enactments=str(own)), date(2023, 4, 1)) == 7


SHARED = """
    from tests.fictional.household import DECISIONS
    from tests.fictional.laws import laws
    from munirules.plugins import hookimpl

    @hookimpl
    def munirules_welfare():
        return [*laws("nation"), *DECISIONS]
"""


def test_the_fictional_citys_folder_decides_as_the_same_law_in_memory(site):
    site.add("munirules-nation", {"000000": "nation_hooks"}, {"nation_hooks.py": SHARED})
    folder = Rulebook.of("架空市", enactments=DATA / "city")
    for decision in (levy, allowance):
        here, there = (one.decide(decision, FAMILY, *ALL, on=ON) for one in (folder, BOOK))
        assert here.result == there.result
        assert [one.text for one in here.citations] == [one.text for one in there.citations]


FOLDERS = {
    "what is set twice": ({"office.toml": fees(GIFU, 7, title="別の条例")}, RulebookError, r"conflict: each is set by '(手数料条例|別の条例)' .* and by '(手数料条例|別の条例)' .*(munirules-shi 1\.0|no plugin).*one enactment owns a field"),
    "code": ({"office.py": "1 / 0"}, PluginError, r"office\.py: a folder of enactments holds data only; code comes with an installed plugin"),
    "another's law": ({"office.toml": fees("999997", 7)}, EnactmentError, r"jurisdiction '999997', but the plugin speaks for '212016' only"),
    "a file of no area": ({"ofice.toml": ""}, PluginError, r"ofice\.toml: named after no area — did you mean 'office'\?"),
    "malformed data": ({"office.toml": "title"}, EnactmentError, r"office\.toml:1: malformed TOML"),
    "a value that is wrong": ({"office.toml": fees(GIFU, -7, title="別の条例", more='amends = "手数料条例"')}, RulebookError, r"office\.toml:10: Fee\.each \(一通の額\): -7 is out of bounds"),
    "a provision of no area": ({"office.toml": fees(GIFU, 7).replace("Fee]", "Fees]")}, RulebookError, r"no provision 'Fees' in area 'office' — did you mean 'Fee'\?"),
}  # fmt: skip


@pytest.mark.parametrize("case", FOLDERS)
def test_a_folder_of_data_is_refused_at_once(site, tmp_path, case):
    files, error, message = FOLDERS[case]
    install(site, town=fees(GIFU, 1))
    with pytest.raises(error, match=message):
        Rulebook.of("岐阜市", enactments=added(tmp_path, **files))


def test_a_folder_that_is_not_there_is_told(site, tmp_path):
    with pytest.raises(PluginError, match=r"absent: no such folder"):
        Rulebook.of("岐阜市", enactments=tmp_path / "absent")


def test_a_folder_amends_what_an_installed_plugin_sets(site, tmp_path):
    install(site, town=fees(GIFU, 1))
    later = fees(GIFU, 9, title="改正条例", more='amends = "手数料条例"').replace("2020", "2023")
    rulebook = Rulebook.of("岐阜市", enactments=added(tmp_path, **{"office.toml": later}))
    assert [cost(rulebook, date(year, 4, 1)) for year in (2022, 2023)] == [1, 9]


@pytest.mark.parametrize("text", ["岐阜町", "府中市", "999997", "21201x", ""])
def test_a_body_that_is_not_known_or_not_one_is_told(site, text):
    with pytest.raises(MunirulesError):
        Rulebook.of(text)
