"""Explanations: what a clerk would show, in Japanese and English, as text, Markdown, JSON and a diagram."""

from __future__ import annotations

import json
import re
from datetime import date

import attrs
import pytest
from tests.fictional.family import ALL, BOOK, FAMILY
from tests.fictional.household import Hardship, Levy, allowance, levy, relief
from tests.fictional.snippets import module as snippet

from munirules.engine.bag import facts_of, none_of, provisional
from munirules.engine.explain import FORMS, WORDS, ExplainError
from munirules.engine.outcome import Status
from munirules.testing.kit import act, book, ordinance

WATER = """
@row
class Band:
    above: int = count("超")
    price: int = sen("単価")

@facts(title="使用")
class Use:
    volume: int = quantity("使用水量", unit="m³")

@provision(title="料金表")
class Tariff:
    bands: tuple[Band, ...] = rows("従量料金", ascending="above")
    floor_total: int = yen("端数単位")

@provision(title="消費税率")
class Tax:
    rate: Rate = rate("税率", by="nation")

@result(title="料金")
class Bill:
    charge: Sen
    total: Yen
    due: date
    reduced: bool

bill = Decision("water.bill", Use, Bill, title="水道料金", on="検針日", authority="架空市水道事業管理者", law="給水条例")

@bill.rule(title="従量料金")
def charge(use: Use, tariff: Tariff) -> Sen:
    band = tariff.bands[0]
    applied("従量料金", band, use.volume, use.volume * band.price)
    return use.volume * band.price

@bill.rule(title="請求額", law="給水条例第30条")
def total(charge: Sen, tax: Tax, tariff: Tariff) -> Yen:
    return to_yen(charge + of(charge, tax.rate, floor=1), floor=tariff.floor_total)

@bill.rule(title="納期限")
def due(on: date) -> date:
    return on

@bill.rule(title="減免")
def reduced(use: Use) -> bool:
    return False
""".replace("@row", "from munirules.tape import applied\n\n@row", 1)
TARIFF = ordinance(
    "[[version]]\nsince = 2020-04-01\ncitation = '別表第1'\nunverified = '第2項'\n[version.Tariff]\nfloor_total = 10\nbands = [{above = 0, price = 157.5}]\n",
    title="架空市給水条例",
)
TAX = act("[[version]]\nsince = 2019-10-01\n[version.Tax]\nrate = '10%'\n", title="消費税法")
ON = date(2024, 5, 1)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    world = snippet(tmp_path_factory.mktemp("water"), WATER)
    rulebook = book(world.bill, city=[TARIFF], nation=[TAX])
    return rulebook.decide(world.bill, world.Use(volume=13), on=ON)


@pytest.fixture(scope="module")
def household():
    return BOOK, FAMILY, ALL


JAPANESE = [
    "水道料金の決定 — 架空市 (999997)",
    "基準日 (検針日): 令和6年5月1日",
    "決定権者: 架空市水道事業管理者",
    "未確認: 架空市給水条例 別表第1: 第2項",
    "【結果】",
    "- 従量料金: 2,047.5円",
    "- 請求額: 2,250円",
    "- 納期限: 令和6年5月1日",
    "- 減免: いいえ",
    "【計算の根拠】",
    "1. 従量料金 = 2,047.5円",
    "【根拠】",
    "- 架空市給水条例 別表第1 (令和2年4月1日～) <munirules-city 1.0>",
    "  出典: https://example.com/999997",
    "- 消費税法 (令和元年10月1日～) <munirules-nation 1.0>",
    "  出典: https://example.com/000000",
]
ENGLISH = [
    "水道料金 (water.bill): decided — 架空市 (999997)",
    "key date (検針日): 2024-05-01",
    "authority: 架空市水道事業管理者",
    "unverified: 架空市給水条例 別表第1: 第2項",
    "Result:",
    "- 従量料金 (charge): 2,047.5 yen",
    "- 請求額 (total): 2,250 yen",
    "- 納期限 (due): 2024-05-01",
    "- 減免 (reduced): no",
    "How it was worked out:",
    "1. 従量料金 (charge) = 2,047.5 yen",
    "law:",
]


def in_order(lines: list[str], text: str) -> bool:
    """Whether the lines stand in a text, one after the other."""
    rest = iter(text.splitlines())
    return all(line in rest for line in lines)


@pytest.mark.parametrize(("locale", "lines"), [("ja", JAPANESE), ("en", ENGLISH)])
def test_an_explanation_is_what_a_clerk_would_show(outcome, locale, lines):
    text = outcome.explain(locale)
    assert in_order(lines, text), text
    assert "Sen" not in text
    assert "{" not in text


def test_rows_and_roundings_are_shown_with_the_step(outcome):
    text = outcome.explain()
    assert re.search(r"1\. 従量料金 = 2,047\.5円\n   適用 従量料金: .*157\.5円.* × 13 = 2,047\.5円\n", text)
    assert re.search(r"請求額 = 2,250円\n   端数処理: .*切捨て", text)
    assert re.search(r"端数処理: .*2252\.25.*2250", text)
    assert "給水条例第30条" in text


def test_markdown_has_heads(outcome):
    heads = [line for line in outcome.explain(form="markdown").splitlines() if line.startswith("#")]
    assert heads == ["# 水道料金の決定 — 架空市 (999997)", "## 結果", "## 計算の根拠", "## 根拠"]


def test_json_is_plain_data_in_yen(outcome):
    data = json.loads(outcome.explain(form="json"))
    assert data["decision"] == "water.bill"
    assert (data["jurisdiction"], data["on"], data["known"], data["status"]) == (
        {"code": "999997", "name": "架空市"}, "2024-05-01", None, "decided",
    )  # fmt: skip
    assert data["result"] == {"charge": 2047.5, "total": 2250, "due": "2024-05-01", "reduced": False}
    charge, total = data["trace"][:2]
    assert (charge["rule"], charge["title"], charge["value"], charge["unit"]) == ("charge", "従量料金", 2047.5, "円")
    assert charge["given"] == {"use": {"subject": "Use"}, "tariff": {"provision": "Tariff"}}
    assert charge["notes"][0]["amount"] == 2047.5
    assert total["given"]["charge"] == 2047.5  # in yen, as everywhere
    assert [one["text"] for one in total["citations"]] == ["給水条例第30条", "消費税法", "架空市給水条例 別表第1"]
    assert total["citations"][2]["unverified"] == "第2項"
    assert outcome.explain("en", form="json") == outcome.explain("ja", form="json")


def test_a_diagram_leads_from_what_is_given_to_the_answer(outcome):
    lines = outcome.explain(form="mermaid").splitlines()
    assert lines[0] == "flowchart TD"
    assert '    n_total["請求額<br/>2,250円"]' in lines
    assert "    n_charge --> n_total" in lines
    assert '    n_Use(["使用"]) --> n_charge' in lines
    assert '    n_Tax[/"消費税率"/] --> n_total' in lines


def test_a_diagram_shows_other_decisions_as_one_box(household):
    rulebook, family, told = household
    lines = rulebook.decide(relief, family, *told, Hardship(severe=True), on=ON).explain(form="mermaid").splitlines()
    assert lines[1:] == [
        '    n_Allowance["手当"]',
        '    n_relieved["救済後の額<br/>93,500円"]',
        '    n_Hardship(["困窮の認定"]) --> n_relieved',
        "    n_Allowance --> n_relieved",
    ]


def test_every_form_of_every_status_is_printed(household):
    rulebook, family, told = household
    late = attrs.evolve(family, moved_in=date(2024, 6, 1))
    outcomes = {
        Status.DECIDED: rulebook.decide(allowance, family, *told, on=ON),
        Status.PROVISIONAL: rulebook.decide(relief, family, *told, provisional(Hardship(severe=True)), on=ON),
        Status.REFUSED: rulebook.decide(allowance, late, *told, on=ON, known=date(2024, 4, 1)),
        Status.NEEDS_FINDING: rulebook.decide(relief, family, *told, on=ON),
    }
    for status, one in outcomes.items():
        assert one.status is status
        for locale, words in WORDS.items():
            for form in FORMS:
                assert one.explain(locale, form=form)
            assert words[status] in one.explain(locale).splitlines()[0]
    assert "理由: 転入前である（架空市条例第4条）" in outcomes[Status.REFUSED].explain()
    assert "この日までに公布されたものによる: 令和6年4月1日" in outcomes[Status.REFUSED].explain()
    assert "理由: 困窮の認定 (Hardship): 架空市福祉審査会" in outcomes[Status.NEEDS_FINDING].explain()
    data = json.loads(outcomes[Status.NEEDS_FINDING].explain(form="json"))
    assert data["needed"] == [{"fact": "Hardship", "title": "困窮の認定", "found_by": "架空市福祉審査会"}]
    assert data["result"] is None


def test_members_are_told_by_id(household):
    rulebook, family, told = household
    outcome = rulebook.decide(levy, family, *told, on=ON)
    assert in_order(["- haha: 賦課額: 93,500円", "- chichi: 賦課額: 115,500円"], outcome.explain())
    result = json.loads(outcome.explain(form="json"))["result"]
    assert {name: own["levied"] for name, own in result.items()} == {"haha": 93_500, "chichi": 115_500}
    assert "課税標準 [chichi] = 2,100,000円" in outcome.explain()


def test_what_was_supplied_is_said(household):
    rulebook, family, told = household
    each = [facts_of(one.id, Levy(base=0, levied=7) if one.mother is None else none_of(Levy)) for one in family.members]
    outcome = rulebook.decide(allowance, family, *each, told[-1], on=ON)
    assert "   提供された値: 賦課" in outcome.explain().splitlines()
    assert "   supplied: 賦課 (Levy)" in outcome.explain("en").splitlines()
    assert '"supplied": "Levy"' in outcome.explain(form="json")


@pytest.mark.parametrize(("locale", "form"), [("fr", "text"), ("ja", "html"), ("", "text")])
def test_another_locale_or_form_is_refused(outcome, locale, form):
    with pytest.raises(ExplainError, match="there are "):
        outcome.explain(locale, form=form)


def test_both_locales_have_every_word():
    assert WORDS["ja"].keys() == WORDS["en"].keys()
