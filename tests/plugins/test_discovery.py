"""Which plugins are installed: read from metadata, importing none; each alone, whatever the others are like."""

from __future__ import annotations

import sys
from datetime import date

import pytest
from tests.fictional.plugins import NATION, city, fees

from munirules.plugins import PluginError, installed
from munirules.plugins.discovery import plugin_of
from munirules.plugins.rulebook import Rulebook

ON = date(2024, 4, 1)


def cost(rulebook: Rulebook, copies: int = 2) -> int:
    own = rulebook.decision("office.copy")
    return rulebook.decide(own, own.subject(copies=copies), on=ON).result.total


def nation(site) -> None:
    site.add("munirules-nation", {"000000": "nation_law:data"}, NATION)


def test_nothing_is_installed_where_there_is_nothing(site):
    assert installed() == ()
    assert plugin_of("999997") is None


def test_plugins_are_listed_in_order_with_their_distribution_and_nothing_is_imported(site):
    site.add("munirules-z", {"999997": "kaku_city:data"}, city("kaku_city"), version="2.1")
    nation(site)
    site.add(
        "munirules-many",
        {"999962": "many.towns:town", "999989": "many.hooks"},
        {"many/__init__.py": "raise ValueError"},
    )
    assert [(one.code, one.value, one.label, one.is_folder) for one in installed()] == [
        ("000000", "nation_law:data", "munirules-nation 1.0", True),
        ("999962", "many.towns:town", "munirules-many 1.0", True),
        ("999989", "many.hooks", "munirules-many 1.0", False),
        ("999997", "kaku_city:data", "munirules-z 2.1", True),
    ]
    assert site.imported() == set()


def test_a_path_that_stands_twice_is_one_plugin(site):
    nation(site)
    sys.path.append(str(site.path))
    assert [one.code for one in installed()] == ["000000"]


def test_opening_one_rulebook_imports_and_reads_nothing_of_another(site):
    nation(site)
    site.add(
        "munirules-kaku",
        {"999997": "kaku_city:data"},
        city("kaku_city", **{"office.py": "OPENED = True  # .replaces(\n"}),
    )
    site.add(
        "munirules-town",
        {"999962": "kaku_town:data"},
        city("kaku_town", "999962", "架空町", **{"office.py": "raise ValueError  # .replaces(\n"}),
    )
    (site.path / "kaku_town" / "data" / "office.toml").write_bytes(b"\xff")
    rulebook = Rulebook.of("999997")
    assert cost(rulebook) == 800
    assert "kaku_city.data.office" in site.imported()
    assert not any(name.startswith("kaku_town") for name in site.imported())


def test_a_municipality_of_data_only_imports_no_code_of_its_own(site):
    nation(site)
    site.add("munirules-kaku", {"999997": "kaku_city:data"}, city("kaku_city"))
    assert cost(Rulebook.of("999997")) == 800
    assert not any(name.startswith("kaku_city") for name in site.imported())


@pytest.mark.parametrize("text", ["999997", "架空市"])
def test_a_body_that_a_plugin_describes_is_found(site, text):
    nation(site)
    site.add("munirules-kaku", {"999997": "kaku_city:data"}, city("kaku_city"))
    found = Rulebook.of(text)
    assert (found.jurisdiction.code, found.jurisdiction.name) == ("999997", "架空市")


def test_a_municipality_without_a_plugin_has_the_nations_law(site):
    nation(site)
    assert cost(Rulebook.of("岐阜市")) == 600


# Plugins that are broken, each with what is told; the others are not troubled.

BROKEN = {
    "no package": ({"999997": "absent:data"}, {}, r"plugin 999997 \(munirules-bad 1\.0\): no folder 'absent:data'; an entry point is CODE = 'package:folder'"),
    "no folder": ({"999997": "bad:data"}, {"bad/__init__.py": ""}, r"no folder 'bad:data'"),
    "no module": ({"999997": "bad.hooks"}, {"bad/__init__.py": ""}, r"plugin 999997 \(munirules-bad 1\.0\) cannot be imported: ModuleNotFoundError: No module named 'bad\.hooks'"),
    "a module that fails": ({"999997": "bad_one"}, {"bad_one.py": "1 / 0"}, r"plugin 999997 \(munirules-bad 1\.0\) cannot be imported: ZeroDivisionError"),
    "a module that leaves": ({"999997": "bad_one"}, {"bad_one.py": "raise SystemExit(3)"}, r"cannot be imported: SystemExit: 3"),
    "a syntax error": ({"999997": "bad:data"}, city("bad", **{"office.py": "def .replaces("}), r"plugin 999997 \(munirules-bad 1\.0\): bad\.data\.office cannot be imported: SyntaxError"),
    "rules that leave": ({"999997": "bad:data"}, city("bad", **{"office.py": "raise SystemExit  # .replaces("}), r"bad\.data\.office cannot be imported: SystemExit"),
    "malformed data": ({"999997": "bad:data"}, city("bad", **{"office.toml": "title ="}), r"office\.toml:1: malformed TOML: "),
    "malformed description": ({"999997": "bad:data"}, city("bad", **{"jurisdiction.toml": "code ="}), r"jurisdiction\.toml: "),
    "another's law": ({"999997": "bad:data"}, city("bad", **{"office.toml": fees("999962", 5)}), r"office\.toml: jurisdiction '999962', but the plugin speaks for '999997' only"),
    "another's description": ({"999997": "bad:data"}, city("bad", "999962"), r"jurisdiction\.toml: describes 架空市 \(999962\), but the plugin speaks for '999997' only"),
    "a file of no area": ({"999997": "bad:data"}, city("bad", **{"ofice.toml": "x = 1"}), r"ofice\.toml: named after no area — did you mean 'office'\?"),
    "a hook of no name": ({"999997": "bad_one"}, {"bad_one.py": "from munirules.plugins import hookimpl\n@hookimpl\ndef munirules_ofice(): return []"}, r"plugin 999997 \(munirules-bad 1\.0\): unknown hook 'munirules_ofice'"),
    "a hook with arguments": ({"999997": "bad_one"}, {"bad_one.py": "from munirules.plugins import hookimpl\n@hookimpl\ndef munirules_office(area): return []"}, r"plugin 999997 \(munirules-bad 1\.0\): "),
    "a hook that fails": ({"999997": "bad_one"}, {"bad_one.py": "from munirules.plugins import hookimpl\n@hookimpl\ndef munirules_office(): return 1 / 0"}, r"plugin 999997 \(munirules-bad 1\.0\): munirules_office: ZeroDivisionError: division by zero"),
    "a hook that returns nonsense": ({"999997": "bad_one"}, {"bad_one.py": "from munirules.plugins import hookimpl\n@hookimpl\ndef munirules_office(): return [5]"}, r"plugin 999997 \(munirules-bad 1\.0\): munirules_office returned 5; it returns enactments"),
    "a hook that returns no list": ({"999997": "bad_one"}, {"bad_one.py": "from munirules.plugins import hookimpl\n@hookimpl\ndef munirules_office(): return 5"}, r"plugin 999997 \(munirules-bad 1\.0\): munirules_office: TypeError: 'int' object is not iterable"),
    "a hook that returns nothing": ({"999997": "bad_one"}, {"bad_one.py": "from munirules.plugins import hookimpl\n@hookimpl\ndef munirules_office(): pass"}, r"plugin 999997 \(munirules-bad 1\.0\): munirules_office: TypeError: 'NoneType' object is not iterable"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_plugin_is_named_and_troubles_no_other(site, case):
    from munirules.engine.jurisdiction import Jurisdiction
    from munirules.errors import MunirulesError

    plugins, files, message = BROKEN[case]
    nation(site)
    site.add("munirules-bad", plugins, files)
    site.add("munirules-town", {"999962": "kaku_town:data"}, city("kaku_town", "999962", "架空町", 500))
    kaku = Jurisdiction(code="999997", name="架空市", kana="かくうし", romaji="Kaku-shi", kind="city")
    with pytest.raises(MunirulesError, match=message):
        cost(Rulebook.of(kaku))
    assert len(installed()) == 3
    assert cost(Rulebook.of("999962")) == 1000
    assert cost(Rulebook.of("岐阜市")) == 600


def test_metadata_that_are_no_text_say_nothing_and_stop_nobody(site):
    nation(site)
    site.add("munirules-bad", {"999997": "bad:data"})
    (site.path / "munirules_bad-1.0.dist-info" / "entry_points.txt").write_bytes(b"[munirules]\n999997 = \xff\n")
    site.add("munirules-worse", {"999962": "kaku_town:data"}, city("kaku_town", "999962", "架空町"))
    (site.path / "munirules_worse-1.0.dist-info" / "METADATA").write_bytes(b"Name: \xff\n")
    assert [(one.code, one.label) for one in installed()] == [("000000", "munirules-nation 1.0"), ("999962", "")]


def test_two_distributions_for_one_body_are_refused_with_both_names(site):
    nation(site)
    site.add("munirules-kaku", {"999997": "kaku_city:data"}, city("kaku_city"))
    site.add(
        "munirules-other",
        {"999997": "other_city:data", "999962": "other_town:data"},
        {**city("other_city"), **city("other_town", "999962", "架空町")},
    )
    with pytest.raises(
        PluginError,
        match=r"conflict: 999997 has several plugins: munirules-kaku 1\.0 \(kaku_city:data\) and munirules-other 1\.0 \(other_city:data\); uninstall all but one",
    ):
        Rulebook.of("999997")
    assert cost(Rulebook.of("999962")) == 800


def test_hundreds_of_plugins_live_side_by_side(site):
    from munirules.engine.jurisdiction import check_digit

    nation(site)
    codes = [f"99{number:03}" for number in range(100, 400)]
    codes = [code + check_digit(code) for code in codes]
    files: dict[str, str] = {"towns/__init__.py": "raise ValueError('nobody imports me')"}
    for number, code in enumerate(codes):
        files |= {
            f"towns/t{code}/{file.partition('data/')[2]}": text
            for file, text in city("x", code, f"町{number}", number).items()
            if "data/" in file
        }
    site.add("munirules-towns", {code: f"towns:t{code}" for code in codes}, files)
    assert len(installed()) == 301
    for number in (299, 0, 150):
        assert cost(Rulebook.of(codes[number]), copies=1) == number
    assert site.imported() == {"nation_law", "nation_law.data", "nation_law.data.office"}
