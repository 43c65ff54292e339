"""Cases: read strictly, run exactly, misprints kept and not obeyed."""

from __future__ import annotations

from pathlib import Path

import pytest

from munirules.checking import CaseError, CaseResult, Verdict, load_cases, run_case, score
from munirules.plugins.rulebook import Rulebook

CITY = Path(__file__).parent / "fiction" / "munirules_fictional" / "city"
HEAD = """\
decision = "housing.monthly_rent"
source = "https://city.kaku.lg.jp/rent.html"
jurisdiction = "99999"

[[case]]
on = "R3.4.1"
given = { floor_area = 57, tenants = [] }
facts = { Excess = { years = 1 } }
"""


def only(tmp_path: Path, text: str) -> CaseResult:
    file = tmp_path / "cases.toml"
    file.write_text(HEAD + text, encoding="utf-8")
    (case,) = load_cases(file)
    return run_case(case)


def test_the_citys_own_cases() -> None:
    cases = load_cases(CITY)
    results = [run_case(case) for case in cases]
    assert [result.verdict for result in results] == [Verdict.RIGHT, Verdict.MISPRINT, Verdict.RIGHT]
    assert score(results) == "2 of 3 right, 1 misprint"
    assert [str(case) for case in cases] == ["two tenants", "before the change", "refused"]
    assert {case.jurisdiction for case in cases} == {"999997"}
    assert cases[1].assumed == ("nobody earns too much",)
    for result in results:
        result.confirm()


def test_a_rulebook_may_be_given() -> None:
    book = Rulebook.of("999997")
    assert all(run_case(case, book).passed for case in load_cases(CITY))


def test_a_folder_that_is_not_installed_is_its_own_plugin(free, tmp_path: Path) -> None:
    tmp_path.joinpath("water.toml").write_text(WATER.replace("212041", free[0].code), encoding="utf-8")
    tmp_path.joinpath("cases").mkdir()
    tmp_path.joinpath("cases", "bills.toml").write_text(BILLS, encoding="utf-8")
    (case,) = load_cases(tmp_path)
    result = run_case(case)
    result.confirm()
    assert (case.jurisdiction, case.line) == (free[0].code, 1)


WATER = """\
title = "架空の給水条例"
kind = "ordinance"
jurisdiction = "212041"
source = "https://www.city.tajimi.lg.jp/reiki"
read_on = 2026-11-20
[[version]]
since = 2019-10-01
[version.WaterTariff]
table_months = 1
split = "odd_first"
tax = "excluded"
round_month = 0
round_tax = 0
round_total = 1
charges = [{ base = 1000, bands = "" }]
bands = [{ above = 0, price = 157.5 }]
"""
BILLS = """\
[[case]]
decision = "water.supply"
source = "https://www.city.tajimi.lg.jp/bills"
on = 2026-04-01
given = { meter_size = 20, volume = 3, months = 1 }
expect = { volume_charge = 472.5, subtotal = 1472.50, total = 1619 }
"""


@pytest.mark.parametrize(
    ("text", "verdict", "told"),
    [
        ("expect = { gross = 1254 }", "right", ""),
        ("expect = { gross = 1254.0 }", "right", ""),
        ("expect = { gross = 1254, total = 1 }", "wrong", "total is 0, printed 1"),
        ("expect = { gross = 1254.5 }", "wrong", "gross is 1254, printed 1254.5"),
        ("expect = { total = true }", "wrong", "True is a bool"),
        ("refused = '収入'", "wrong", "is decided, not refused"),
        ("expect = { totl = 0 }", "failed", "Rent has no such field — did you mean 'total'? (fields: gross, total)"),
        ("expect = { total = 0 }\nmisprint = 'x'", "wrong", "is marked as a misprint, but comes out as printed"),
        ("expect = { total = 1 }\nmisprint = 'x'", "misprint", "total is 0, printed 1"),
        ("expect = { total = 1 }\nmisprint = 'x'\nrecomputed = { total = 0 }", "misprint", "total is 0, printed 1"),
        ("expect = { total = 1 }\nmisprint = 'x'\nrecomputed = { total = 2 }", "wrong", "total is 0, printed 2"),
        ("expect = { total = 0 }\nknown = 2019-12-19", "right", ""),
        ("expect = { gross = 1168.5 }\nknown = 2019-12-19", "right", ""),
    ],
)
def test_verdicts(tmp_path: Path, text: str, verdict: str, told: str) -> None:
    result = only(tmp_path, text)
    assert result.verdict == verdict
    assert told in str(result)
    assert f"{tmp_path / 'cases.toml'}:5: housing.monthly_rent 2021-04-01 line 5: {verdict}" in str(result)
    if not result.passed:
        with pytest.raises(AssertionError, match="monthly_rent"):
            result.confirm()


def test_what_cannot_be_decided_has_failed(tmp_path: Path) -> None:
    file = tmp_path / "cases.toml"
    file.write_text(HEAD.replace("facts = { Excess = { years = 1 } }", "expect = { total = 0 }"), encoding="utf-8")
    (case,) = load_cases(file)
    assert "is needs_finding: 収入超過の認定" in str(run_case(case))
    file.write_text(HEAD.replace("floor_area = 57", "floor_aria = 57") + "expect = { total = 0 }", encoding="utf-8")
    (case,) = load_cases(file)
    result = run_case(case)
    assert result.verdict is Verdict.FAILED
    assert "Tenancy.floor_aria: unknown — did you mean 'floor_area'?" in str(result)


def test_members(tmp_path: Path) -> None:
    file = tmp_path / "cases.toml"
    text = """\
[[case]]
decision = "housing.counted_income"
source = "https://city.kaku.lg.jp/rent.html"
jurisdiction = "999997"
on = 2021-04-01
given = { floor_area = 57, tenants = [
    { id = "a", born_on = 1980-04-01, facts = { Income = { amount = 300000 }, Disability = { grade = 2 } } },
] }
expect = { a = { counted = 30000 } }
"""
    file.write_text(text, encoding="utf-8")
    (case,) = load_cases(file)
    run_case(case).confirm()
    file.write_text(text.replace("{ a = {", "{ b = {"), encoding="utf-8")
    (case,) = load_cases(file)
    assert "answers for a, not for 'b'" in str(run_case(case))
    file.write_text(text.replace("{ a = { counted = 30000 } }", "{ a = 3 }"), encoding="utf-8")
    (case,) = load_cases(file)
    assert "write expect.ID = { field = value }" in str(run_case(case))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("expct = { total = 1 }", ":9: unknown key 'expct' — did you mean 'expect'?"),
        ("expect = 3", ":9: expect = 3 is not allowed; write a table { field = value }"),
        ("", ":5: a case has either `expect` or `refused`"),
        ("expect = { total = 1 }\nrefused = 'x'", ":5: a case has either `expect` or `refused`"),
        ("expect = { total = 1 }\nrecomputed = { total = 2 }", "`recomputed` without `misprint`"),
        ("expect = { total = 1 }\nmisprint = ''", ":10: misprint = '' is not allowed"),
        ("expect = { total = 1 }\nassumed = [1]", ":10: assumed = [1] is not allowed; write a list of texts"),
        ("expect = { total = 1 }\nknown = 'R8.13.1'", ":10: known: 「R8.13.1」: there is no month 13"),
        ("expect = { total = 1 }\njurisdiction = '999990'", ":10: jurisdiction: '999990': the check digit"),
        ("expect = { total = 1 }\non = 2026-04-01", "cannot be read"),
        ("expect = { total = 1 }\n[[cases]]", ":10: unknown key 'cases' — did you mean 'case'?"),
    ],
)
def test_faults_name_file_line_and_key(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "cases.toml"
    file.write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        load_cases(file)
    assert str(file) in str(caught.value)
    assert told in str(caught.value)


def test_faults_are_told_together(tmp_path: Path) -> None:
    tmp_path.joinpath("cases.toml").write_text("[[case]]\n[[case]]\non = 3\n", encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        load_cases(tmp_path)
    text = str(caught.value)
    assert text.count("a case without 'decision'") == 2
    assert "on = 3 is not allowed; write a date such as 2026-04-01" in text
    with pytest.raises(CaseError, match="no such folder or file"):
        load_cases(tmp_path / "nowhere")


def test_a_folder_without_cases_has_none(tmp_path: Path) -> None:
    assert load_cases(tmp_path) == ()
    assert score([]) == "0 of 0 right"
