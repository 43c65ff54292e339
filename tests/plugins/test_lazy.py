"""Modules of rules are imported when a decision or provision of theirs is first asked for, and not before."""

from __future__ import annotations

from datetime import date

import pytest
from tests.fictional.plugins import HEAD, NATION_RULES, fees

from munirules.engine.area import RulebookError
from munirules.engine.rulebook import UnknownDecision
from munirules.errors import MunirulesError
from munirules.plugins import PluginError
from munirules.plugins.rulebook import Rulebook

ON = date(2024, 4, 1)
SECOND = (
    NATION_RULES.replace("office.copy", "office.stamp")
    .replace("copy_fee", "stamp_fee")
    .replace("Application", "Stamp")
    .replace("Fee:", "StampFee:")
    .replace("fee: Fee", "fee: StampFee")
    .replace("Paid", "Stamped")
)
STAMPS = fees("000000", 50, title="印紙令").replace("version.Fee", "version.StampFee")


def nation(site, **more: str) -> None:
    files = {
        "office/copy.py": NATION_RULES,
        "office/copy.toml": fees("000000", 300, title="手数料令"),
        "office/stamp.py": SECOND,
        "office/stamp.toml": STAMPS,
    }
    site.add(
        "munirules-nation",
        {"000000": "nation_law:data"},
        {"nation_law/__init__.py": "", "nation_law/data/__init__.py": "", "nation_law/data/office/__init__.py": ""}
        | {f"nation_law/data/{path}": text for path, text in {**files, **more}.items()},
    )


def own(site) -> set[str]:
    """Business modules that have been imported."""
    return {name.rpartition(".")[2] for name in site.imported() if name.startswith("nation_law.data.office.")}


def asked(rulebook: Rulebook, name: str, number: int = 2) -> int:
    decision = rulebook.decision(name)
    return rulebook.decide(decision, decision.subject(copies=number), on=ON).result.total


def test_one_decision_imports_its_own_module(site):
    nation(site)
    rulebook = Rulebook.of("岐阜市")
    assert own(site) == set()
    assert asked(rulebook, "office.copy") == 600
    assert own(site) == {"copy"}
    assert asked(rulebook, "office.stamp") == 100
    assert own(site) == {"copy", "stamp"}


def test_all_decisions_are_there_when_they_are_listed(site):
    nation(site)
    rulebook = Rulebook.of("岐阜市")
    assert rulebook.area("office").names == ["office.copy", "office.stamp"]
    assert own(site) == set()
    assert sorted(one.name for one in rulebook.decisions()) == ["office.copy", "office.stamp"]


@pytest.mark.parametrize(
    "made", ['Decision(name="office.stamp", subject=Stamp, result=Stamped,', "Decision(NAME, Stamp, Stamped,"]
)
def test_a_decision_is_found_however_its_name_is_written(site, made):
    text = SECOND.replace('Decision("office.stamp", Stamp, Stamped,', made).replace(
        "    @facts", '    NAME = "office.stamp"\n\n    @facts', 1
    )
    nation(site, **{"office/stamp.py": text})
    assert asked(Rulebook.of("岐阜市"), "office.stamp") == 100


def test_a_name_that_stands_elsewhere_too_is_found_where_it_is_declared(site):
    nation(site, **{"office/copy.py": f'    """Not Decision("office.stamp") but another."""\n{NATION_RULES}'})
    assert asked(Rulebook.of("岐阜市"), "office.stamp") == 100


def test_a_decision_of_no_name_is_told_with_what_there_is(site):
    nation(site)
    with pytest.raises(
        UnknownDecision,
        match=r"no decision 'office\.stmp' — did you mean 'office\.stamp'\? \(known: office\.copy, office\.stamp\)",
    ):
        Rulebook.of("岐阜市").decision("office.stmp")


def test_a_module_that_cannot_be_imported_is_told_each_time_and_another_answers(site):
    nation(site, **{"office/stamp.py": SECOND + "\n    1 / 0\n"})
    rulebook = Rulebook.of("岐阜市")
    for _ in range(2):
        with pytest.raises(PluginError, match=r"nation_law\.data\.office\.stamp cannot be imported: ZeroDivisionError"):
            asked(rulebook, "office.stamp")
    assert asked(rulebook, "office.copy") == 600


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"office/stamp.py": SECOND.replace("stamp: Stamp", "stmp: int").replace("application: Stamp", "stmp: int").replace("application.copies", "stmp")}, r"office\.stamp, rule 'total': nothing provides argument 'stmp': int"),
        ({"office/stamp.toml": STAMPS.replace("each = 50", "each = 5.5")}, r"StampFee\.each \(一通の額\): 5\.5 is a decimal number"),
        ({"office/stamp.toml": STAMPS.replace("version.StampFee", "version.StampFees")}, r"no provision 'StampFees' in area 'office' — did you mean 'StampFee'\?"),
    ],
)  # fmt: skip
def test_faults_of_what_was_imported_are_told_each_time(site, files, message):
    nation(site, **files)
    rulebook = Rulebook.of("岐阜市")
    for _ in range(3):
        with pytest.raises(RulebookError, match=message):
            asked(rulebook, "office.stamp")
    with pytest.raises(RulebookError, match=message):
        rulebook.check("office")


def test_local_values_are_checked_when_their_area_is_first_used(site):
    nation(site)
    local = {"jurisdiction.toml": "", "office.toml": fees("212016", -5)}
    site.add(
        "munirules-gifu",
        {"212016": "kaku_gifu:data"},
        {"kaku_gifu/__init__.py": ""} | {f"kaku_gifu/data/{file}": text for file, text in local.items()},
    )
    with pytest.raises(MunirulesError, match=r"office\.toml:\d+: Fee\.each \(一通の額\): -5 is out of bounds"):
        asked(Rulebook.of("岐阜市"), "office.stamp")
    assert asked(Rulebook.of("大垣市"), "office.copy") == 600


def test_an_enactment_that_sets_what_no_module_has_is_told_when_the_rulebook_is_opened(site, tmp_path):
    nation(site)
    (tmp_path / "office.toml").write_text(
        HEAD.format(title="条例", kind="ordinance", code="212016")
        + "[[version]]\nsince = 2020-04-01\n[version.Fees]\neach = 1\n",
        "utf-8",
    )
    with pytest.raises(
        RulebookError, match=r"office\.toml:8: no provision 'Fees' in area 'office' — did you mean 'Fee'\?"
    ):
        Rulebook.of("岐阜市", enactments=tmp_path)
