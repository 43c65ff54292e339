"""Who may set what, and what is a conflict: told when the data are read, with both sources."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from munirules.engine.enactment import EnactmentError
from munirules.engine.provisions import NotInForce, Timeline
from munirules.models.declare import declaration, provision, row
from munirules.models.fields import count, rate, rows, sen, yen
from munirules.money import Rate
from munirules.testing.kit import PREFECTURE, UNION, act, chain, ordinance


@row
class Band:
    """One band."""

    above: int = count("超")
    price: int = sen("単価")


@provision
class Rules:
    """A field of every standing."""

    own: int = yen("自由", default=0)
    nations: Rate = rate("国の率", by="nation", default=Rate(0))
    prefectures: int = yen("県の額", by="prefecture", default=0)
    fixed: int = yen("固定", national="fixed", default=0)
    ceiling: int = yen("上限", national="ceiling", default=0)
    least: int = yen("下限", national="floor", default=0)
    guide: int = yen("参考", national="reference", default=0)
    bands: tuple[Band, ...] = rows("料金表", ascending="above", default=())


@provision
class Needed:
    """Fields without a default."""

    one: int = yen("一")
    two: int = yen("二")


def version(since: str, more: str = "", *, of: str = "Rules", **values: object) -> str:
    told = "".join(f"{name} = {value}\n" for name, value in values.items())
    return f"[[version]]\nsince = {since}\n{more}\n[version.{of}]\n{told}\n"


def line(cls: type = Rules, known: date | None = None, **laws: Sequence[str]) -> Timeline:
    return Timeline(declaration(cls), chain(**laws), known)


def refused(**laws: Sequence[str]) -> list[str]:
    with pytest.raises(EnactmentError) as caught:
        line(**laws)
    return str(caught.value).splitlines()


LATER = date(2024, 4, 1)
BY = {"city": "999997", "union": UNION.code, "prefecture": PREFECTURE.code}


@pytest.mark.parametrize(
    ("field", "value", "may", "who"),
    [
        ("own", 5, {"city", "union", "prefecture", "nation"}, ""),
        ("nations", '"5%"', {"nation"}, "the nation"),
        ("prefectures", 5, {"prefecture", "nation"}, "a prefecture or the nation"),
        ("fixed", 5, {"nation"}, "the nation"),
        ("guide", 5, {"city", "union", "prefecture", "nation"}, ""),
    ],
)
@pytest.mark.parametrize("maker", ["city", "union", "prefecture", "nation"])
def test_each_field_is_set_by_those_who_may(maker, field, value, may, who):
    text = version("2020-04-01", **{field: value})
    law = act(text) if maker == "nation" else ordinance(text, code=BY[maker])
    if maker in may:
        read = line(**{maker: [law]}).at(LATER).value
        assert getattr(read, field) != getattr(Rules(), field) or (maker, field) == ("nation", "guide")
        return
    (told,) = refused(**{maker: [law]})
    assert told.startswith(f"{maker}.toml:7: Rules.{field} (")
    assert f") is set by {who}, not by 架空" in told


@pytest.mark.parametrize(
    ("national", "city", "right"),
    [
        ({"own": 5}, {}, ("own", 5)),  # a standard counts where the city is silent
        ({"own": 5}, {"own": 3}, ("own", 3)),
        ({"fixed": 5}, {}, ("fixed", 5)),
        ({"ceiling": 5}, {}, ("ceiling", 0)),  # a ceiling is not the city's own value
        ({"ceiling": 5}, {"ceiling": 5}, ("ceiling", 5)),
        ({"least": 5}, {}, ("least", 0)),
        ({"least": 5}, {"least": 6}, ("least", 6)),
        ({"guide": 5}, {}, ("guide", 0)),
        ({"guide": 5}, {"guide": 100}, ("guide", 100)),
    ],
)
def test_what_a_national_value_is(national, city, right):
    own = line(nation=[act(version("2020-04-01", **national))], city=[ordinance(version("2020-04-01", **city))])
    assert getattr(own.at(LATER).value, right[0]) == right[1]


@given(
    st.sampled_from(["ceiling", "least"]),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=4, unique_by=lambda own: own[0]),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=4, unique_by=lambda own: own[0]),
)
def test_a_value_beyond_a_limit_is_refused_on_whatever_day_it_is(field, limits, values):
    def law(steps: list[tuple[int, int]]) -> str:
        return "".join(version(f"20{20 + year}-04-01", **{field: value}) for year, value in steps)

    def value(steps: list[tuple[int, int]], year: int) -> int | None:
        return next((value for since, value in sorted(steps, reverse=True) if since <= year), None)

    beyond = []
    for year in range(10):
        limit, own = value(limits, year), value(values, year)
        if limit is not None and own is not None and (own > limit if field == "ceiling" else own < limit):
            beyond.append((year, own, limit))
    laws = {"nation": [act(law(limits))], "city": [ordinance(law(values))]}
    if not beyond:
        line(**laws)
        return
    told = refused(**laws)
    kind = "ceiling" if field == "ceiling" else "floor"
    label = declaration(Rules).specs[field].label
    for year, own, limit in beyond:
        fault = f"{field} ({label}) = {own} is beyond the national {kind} {limit} (架空法) on 20{20 + year}-04-01"
        assert any(fault in one for one in told) or year not in {since for since, _ in limits + values}


OWN = version("2020-04-01", own=1)
# Two enactments of the city: the second's head and versions, and what is told of the two.
CONFLICT = ("conflict: own is set by", "'架空市条例'", "'改正条例'", "one enactment owns a field unless")
SAME_DAY = ("conflict: own is set since 2020-04-01 by", "'架空市条例' (", "'改正条例' (", "differ in `promulgated`")
ABSENT = ("toml: amends '架空町条例', which 架空市 does not have",)
AMENDS = 'amends = "架空市条例"'
PAIRS = [
    ("two that set one field", "", OWN.replace("2020", "2022"), CONFLICT),
    ("two that set different fields", "", version("2020-04-01", guide=5), ()),
    ("one that amends the other", AMENDS, OWN.replace("2020", "2022"), ()),
    ("one that amends the other on the same day", AMENDS, OWN, SAME_DAY),
    ("one that amends it, known later", AMENDS, version("2020-04-01", "promulgated = 2021-04-01", own=1), ()),
    ("one that amends what is not there", 'amends = "架空町条例"', version("2020-04-01", guide=5), ABSENT),
]


@pytest.mark.parametrize(("more", "versions", "told"), [pair[1:] for pair in PAIRS], ids=[pair[0] for pair in PAIRS])
@pytest.mark.parametrize("order", [1, -1])
def test_one_enactment_owns_a_field_unless_the_other_amends_it(order, more, versions, told):
    laws = [ordinance(OWN), ordinance(versions, title="改正条例", more=more)][::order]
    if not told:
        assert line(city=laws).at(LATER).value
        return
    (fault,) = refused(city=laws)
    assert all(word in fault for word in told)


def test_a_conflict_names_both_files_and_plugins():
    (told,) = refused(city=[ordinance(OWN), ordinance(OWN, title="別の条例")])
    assert told == (
        "conflict: own is set by '架空市条例' (city.toml, munirules-city 1.0) and by '別の条例' (city1.toml:7, munirules-city 1.0); "
        "one enactment owns a field unless the other says amends = '架空市条例'"
    )


def test_several_may_amend_one_another_in_whatever_order_they_are_read():
    laws = [
        ordinance(OWN),
        ordinance(version("2021-04-01", own=2), title="一部改正", more='amends = "架空市条例"'),
        ordinance(version("2022-04-01", own=3), title="再改正", more='amends = "一部改正"'),
        ordinance(version("2023-04-01", own=4), title="他の改正", more='amends = "架空市条例"'),
    ]
    for turn in range(4):
        own = line(city=laws[turn:] + laws[:turn])
        assert [own.at(date(year, 4, 1)).value.own for year in range(2020, 2024)] == [1, 2, 3, 4]


def test_a_repeal_ends_what_its_own_enactment_set_and_nothing_of_another():
    repealed = ordinance(OWN + "[[version]]\nsince = 2022-04-01\nrepeal = true\n")
    replacing = ordinance(version("2022-04-01", own=2), title="新条例", more='amends = "架空市条例"')
    for laws in ([repealed, replacing], [replacing, repealed]):
        assert line(city=laws).at(LATER).value.own == 2
    with pytest.raises(NotInForce, match=r"own \(自由\) of 架空市条例 ended on 2022-03-31; covered: "):
        line(city=[repealed]).at(LATER)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"owm": 1}, r"city\.toml:\d+: Rules has no field 'owm' — did you mean 'own'\? \(fields: own, nations, .*\)"),
        ({"own": 1.5}, r"city\.toml:\d+: Rules\.own \(自由\): 1\.5 is a decimal number; allowed: whole yen of 0 or more 円"),
        ({"own": -1}, r"city\.toml:\d+: Rules\.own \(自由\): -1 is out of bounds.*"),
        ({"own": '"1"'}, r"city\.toml:\d+: Rules\.own \(自由\): '1' is a str.*"),
        ({"bands": "[{above = 1, price = 1.234}]"}, r".*Rules\.bands\[0\]\.price \(単価\): 1\.234 has more than two decimals.*"),
        ({"bands": "[{above = 1, price = inf}]"}, r".*Rules\.bands\[0\]\.price \(単価\): Infinity is not a number.*"),
        ({"bands": "[{above = 5, price = 1}, {above = 5, price = 2}]"}, r".*bands\[1\]\.above: 5 does not ascend after 5"),
        ({"unset": '["owm"]'}, r"city\.toml:\d+: Rules has no field 'owm' to unset"),
    ],
)  # fmt: skip
def test_a_bad_value_is_told_with_file_and_line(values, told):
    (fault,) = refused(city=[ordinance(version("2020-04-01", **values))])
    assert re.fullmatch(told, fault), fault


def test_every_fault_of_a_chain_is_told_at_once():
    told = refused(
        city=[ordinance(version("2020-04-01", owm=1, nations='"5%"', ceiling=9))],
        prefecture=[ordinance(version("2020-04-01", fixed=1), code=PREFECTURE.code)],
        nation=[act(version("2020-04-01", ceiling=5, own=-1))],
    )
    assert [fault.split(":")[0] for fault in told] == [
        "city.toml",
        "city.toml",
        "prefecture.toml",
        "nation.toml",
        "city.toml",
    ]


# What is in force, and what is told where nothing is.

PERIODS = "".join(
    [
        version("2015-04-01", "until = 2016-03-31", of="Needed", one=1, two=1),
        version("2018-04-01", of="Needed", one=2, two=2),
        version("2020-04-01", "until = 2020-09-30\ntemporary = true", of="Needed", one=3),
        version("2022-04-01", "until = 2023-03-31", of="Needed", two=4),
    ]
)


@pytest.mark.parametrize(
    ("on", "right"),
    [
        (date(2015, 3, 31), "one (一) is not in force"),
        (date(2015, 4, 1), (1, 1)),
        (date(2016, 3, 31), (1, 1)),
        (date(2016, 4, 1), "one (一) of 架空市条例 ended on 2016-03-31"),
        (date(2018, 4, 1), (2, 2)),
        (date(2020, 4, 1), (3, 2)),  # what is not mentioned stays
        (date(2020, 9, 30), (3, 2)),
        (date(2020, 10, 1), (2, 2)),  # after what was temporary, what stood before
        (date(2022, 4, 1), (2, 4)),
        (date(2023, 4, 1), "two (二) of 架空市条例 ended on 2023-03-31"),  # an ended value revives nothing older
    ],
)
def test_a_date_is_in_force_or_is_told_with_what_is_covered(on, right):
    own = line(Needed, city=[ordinance(PERIODS)])
    if isinstance(right, tuple):
        read = own.at(on).value
        assert (read.one, read.two) == right
        return
    with pytest.raises(NotInForce) as caught:
        own.at(on)
    assert str(caught.value) == (
        f"Needed (Fields without a default) on {on}: {right}; "
        "covered: 2015-04-01 to 2016-03-31, 2018-04-01 to 2023-03-31"
    )


def test_where_nobody_speaks_no_date_is_covered():
    with pytest.raises(NotInForce, match=r"Needed .* on 2024-04-01: one \(一\) is not in force; no date is covered"):
        line(Needed).at(LATER)


def test_an_ended_local_value_does_not_revive_the_national_one_but_an_unset_one_lets_it_speak():
    national = act(version("2020-04-01", own=1))
    ended = ordinance(version("2021-04-01", "until = 2022-03-31", own=2))
    unset = ordinance(version("2021-04-01", own=2) + version("2022-04-01", unset='["own"]'))
    with pytest.raises(NotInForce, match=r"own \(自由\) of 架空市条例 ended on 2022-03-31; covered: "):
        line(nation=[national], city=[ended]).at(LATER)
    assert line(nation=[national], city=[unset]).at(LATER).value.own == 1


def test_a_correction_stands_beside_what_it_corrects():
    law = ordinance(
        version("2020-04-01", "promulgated = 2020-03-01", own=1)
        + version("2020-04-01", "promulgated = 2021-06-01", own=2)
        + version("2022-04-01", "promulgated = 2021-12-01", own=3)
    )
    cases = [(date(2020, 3, 1), 1), (date(2021, 5, 31), 1), (date(2021, 6, 1), 2), (date(2021, 12, 1), 3), (None, 3)]
    assert [line(city=[law], known=known).at(LATER).value.own for known, _ in cases] == [right for _, right in cases]
    assert line(city=[law]).at(date(2020, 4, 1)).value.own == 2


def test_a_provision_knows_where_each_field_comes_from():
    own = line(
        city=[ordinance(version("2020-04-01", 'citation = "第3条"', own=1))],
        nation=[act(version("2019-04-01", 'citation = "第9条"', own=2, nations='"5%"'))],
    )
    section = own.at(LATER)
    assert {field: entry.enactment.title for field, entry in section.origins.items()} == {
        "own": "架空市条例",
        "nations": "架空法",
    }
    assert [cited.text for cited in section.citations] == ["架空市条例 第3条", "架空法 第9条"]
    assert own.section_of(section.value) is section
    assert own.section_of(Rules()) is None


def test_a_delegated_area_is_the_unions_between_its_days():
    own = line(
        union=[ordinance(version("2015-04-01", own=7), code=UNION.code)],
        nation=[act(version("2010-04-01", own=1))],
        delegated=(date(2018, 4, 1), date(2023, 3, 31)),
    )
    days = [date(2018, 3, 31), date(2018, 4, 1), date(2023, 3, 31), date(2023, 4, 1)]
    assert [own.at(on).value.own for on in days] == [1, 7, 7, 1]
