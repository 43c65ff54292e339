"""Reports: one model in four forms and two languages, on a page that needs nothing else."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from munirules.testing.curve import Curve, curve_of
from munirules.testing.report import FORMS, ReportError, form_of, model, rendered, svg
from munirules.testing.witness import Source

SOURCE = Source(text="架空市条例 第3条", where="water.toml:12")
GROUP = model.Group(
    key="water.supply:total: WaterTariff.round_total",
    decision="water.supply",
    rule="total",
    title="請求額",
    cause="figure",
    count=3,
    up=2,
    down=1,
    total=-1234.5,
    largest=-1300,
    before="1,000",
    after="990",
    figures=(
        model.Figure(
            label="水道料金表 請求額の端数単位",
            kind="水道料金表 請求額の端数単位",
            path="WaterTariff.round_total",
            unit="円",
            before=1,
            after=10,
            source_before=SOURCE,
            source_after=SOURCE,
        ),
    ),
    articles=("架空市条例 第3条",),
    witness=model.Witness(
        question={"on": "2024-05-10", "subject": {"use": "<家事用>|'", "volume": 3}},
        fields=(("total", "請求額", 1000, 990),),
    ),
    curve=Curve(
        field="subject.volume",
        label="使用水量",
        unit="m³",
        at=(0, 1, 2, 3),
        before=(0, None, 20, 30),
        after=(0, 10, 10, 30),
    ),
    spread=((-1300, 1), (0.5, 1), (65, 1)),
)
REPORT = model.Report(
    kind="compare",
    decision="water.supply",
    title="水道料金",
    code="999997",
    place="架空市",
    before="A",
    after="B",
    seed=7,
    amount="請求額（total）",
    unit="円",
    asked=10,
    same=5,
    groups=(GROUP,),
    aside=(model.Aside(why="A: MissingFact", count=2, example={"on": "2024-05-10"}),),
    population=model.Population(
        rows=10, same=5, up=3, down=1, undecided=1, differing=5, looked_at=5,
        up_yen=300, down_yen=-20, largest=(200, -20), spread=((-20, 1), (0, 5), (50, 2), (200, 1)),
        before_yen=10_000, after_yen=10_280,
    ),
    failures=("new: 3 rows",),
)  # fmt: skip


@pytest.mark.parametrize("locale", ["ja", "en"])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_what_counts(form, locale):
    text = rendered(REPORT, form, locale)
    for told in (
        "water.supply",
        "WaterTariff.round_total",
        "架空市条例 第3条",
        "water.toml:12",
        "A: MissingFact",
        "2024-05-10",
    ):
        assert told in text.replace("\\", "")
    assert text.endswith("\n")


def test_numbers_add_up_in_the_text():
    text = rendered(REPORT, "text", "en")
    assert "questions 10 = same 5 + different 3 + set aside 2" in text
    assert "−1,234.5円" in text


def test_json_is_the_whole_model_and_what_follows_from_it():
    data = json.loads(rendered(REPORT, "json"))
    assert (data["different"], data["set_aside"], data["passed"]) == (3, 2, False)
    assert data["groups"][0]["figures"][0]["source_before"]["text"] == "架空市条例 第3条"
    assert data["groups"][0]["witness"]["question"]["subject"]["volume"] == 3
    assert data["population"]["spread"] == [[-20, 1], [0, 5], [50, 2], [200, 1]]


class Page(HTMLParser):
    """What a page holds: tags that are opened and closed, links, words."""

    VOID = frozenset({"meta", "br", "line", "rect", "path", "circle"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        own = dict(attrs)
        self.addresses += [own[name] for name in ("href", "src") if name in own]
        self.ids += [own["id"]] if "id" in own else []

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def test_the_page_stands_by_itself():
    text = rendered(REPORT, "html", "ja")
    page = Page()
    page.feed(text)
    assert page.open == []
    assert "script" not in page.tags
    assert "link" not in page.tags
    assert "http" not in text
    assert all(address.startswith("#") and address[1:] in page.ids for address in page.addresses)
    assert page.tags.count("svg") == 4  # winners and losers, yen by group, both amounts, their difference
    assert any("<家事用>" in words for words in page.words)
    assert '<html lang="ja">' in text


def test_markdown_escapes_what_would_be_read_as_its_own():
    text = rendered(REPORT, "markdown")
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert all(line.count(" | ") >= 1 for line in rows)
    assert "WaterTariff.round\\_total" in text
    assert "```sh\nmunirules decide water.supply --in 999997" in text


def test_forms_and_languages_that_there_are_none_of():
    with pytest.raises(ReportError, match="there are text, markdown, json, html"):
        rendered(REPORT, "pdf")
    with pytest.raises(ReportError, match="there are ja, en"):
        rendered(REPORT, "text", "fr")
    assert form_of(Path("x/report.HTML")) == "html"
    with pytest.raises(ReportError, match=r"a report is one of \*\.txt, \*\.md, \*\.json, \*\.html"):
        form_of(Path("report.pdf"))


@pytest.mark.parametrize(
    ("low", "high", "made"),
    [
        (0, 10, [0, 2, 4, 6, 8, 10]),
        (-3, 7, [-4, -2, 0, 2, 4, 6, 8]),
        (0, 1_234_000, [0, 500_000, 1_000_000, 1_500_000]),
    ],
)
def test_axes_have_round_steps(low, high, made):
    assert svg.ticks(low, high, 5) == made


def test_no_bin_holds_both_signs_and_none_is_lost():
    spread = [(-13, 2), (-1, 4), (1, 3), (2, 1), (250, 5)]
    found = svg.bins(spread)
    assert sum(count for *_, count in found) == 15
    assert all(start >= 0 or end <= 0 for start, end, _ in found)
    assert all(
        sum(start <= value < end or (value < 0 and start < value <= end) for start, end, _ in found) >= 1
        for value, _ in spread
    )
    assert svg.histogram([(0, 5)], "円", "t", "l") == ""


def test_a_line_is_broken_where_there_is_no_amount():
    drawn = svg.steps((0, 1, 2, 3), (1, None, 3, 4), (1, 2, 3, 4), ("a", "b", "c"), "x", "円")
    assert len(re.findall('class="before" d=', drawn)) == 2
    assert len(re.findall('class="after" d=', drawn)) == 1


def test_the_number_that_moves_the_difference_most_is_drawn():
    def amounts(requests):
        before = [100 + 0 * own["subject"]["volume"] for own in requests]
        after = [100 + 10 * max(own["subject"]["volume"] - 5, 0) for own in requests]
        return before, after

    request = {"on": "2024-05-10", "subject": {"volume": 8, "months": 1, "year": 2024}}
    curve = curve_of(request, [request], amounts, {"volume": ("使用水量", "m³")})
    assert (curve.field, curve.label, curve.at[0]) == ("subject.volume", "使用水量", 0)
    assert curve_of(request, [request], lambda own: ([1] * len(own), [1] * len(own)), {}) is None
