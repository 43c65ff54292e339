"""What a type checker sees: required fields, the type of a result, arguments of the wrong kind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SNIPPET = """
from datetime import date
from typing import Annotated
from munirules import (
    Decision, Each, MemberDecision, NOBODY, Place, Rulebook, Rate, Sen, Yen, at, facts, provision, refuse, result, row,
)
from munirules.models.fields import code, count, day, flag, quantity, rate, reference, rows, sen, yen

@row
class Band:
    above: int = count("超")
    price: int = sen("単価")

@facts
class Member:
    id: str = code("番号")
    mother: str | None = reference("母", default=None)

@facts(title="世帯")
class Household:
    members: tuple[Member, ...] = rows("世帯員")
    size: int = quantity("口径", unit="mm", minimum=13)
    own: bool = flag("自己所有", default=False)

@provision
class Tariff:
    bands: tuple[Band, ...] = rows("料金表", ascending="above")
    share: Rate = rate("率")

@result
class Bill:
    total: Yen

@result
class Levy:
    levied: Yen

bill = Decision("water.supply", Household, Bill, title="料金", on="検針日", authority="管理者")
levy = MemberDecision("water.levy", Household, Levy, member=Member, title="賦課", on="賦課期日", authority="市長")

@bill.rule(title="計", law="第1条")
def total(household: Household, each: Each[Yen], me: Place, tariff: Annotated[Tariff, at("read_on")]) -> Yen:
    if me == NOBODY:
        refuse("第2条")
    for one in each:
        reveal_type(one)  # R: int
    reveal_type(each[me])  # R: int
    reveal_type(tariff.share)  # R: Rate
    return household.size

reveal_type(total)  # R: def (household: Household, each: Each[int], me: Place, tariff: Tariff) -> int
book = Rulebook.of("岐阜市")
family = Household(members=(Member(id="a"),), size=13)
today = date(2026, 4, 1)
reveal_type(book.decide(bill, family, on=today).result)  # R: Bill
reveal_type(book.decide(levy, family, on=today).result)  # R: tuple[Levy, ...]
reveal_type(book.decide("water.supply", family, on=today).result)  # R: Any
reveal_type(book.decide_each(bill, family, on=[today])[0].result)  # R: Bill
reveal_type(family.members[0].mother)  # R: str | None

Household(members=())  # E: Missing named argument "size"
Household(members=(), size=13, owns=True)  # E: Unexpected keyword argument "owns"
Household(members=(), size="13")  # E: Argument "size" to "Household" has incompatible type "str"
Household((), 13)  # E: Too many positional arguments
Tariff(bands=())  # E: Missing named argument "share"
Band(above=1)  # E: Missing named argument "price"
family.size = 20  # E: Property "size" defined in "Household" is read-only
book.decide(bill, Member(id="a"), on=today)  # E: Cannot infer value of type parameter "S"
book.decide(bill, family)  # E: No overload variant of "decide"
book.decide(bill, family, on=today).result.levied  # E: "Bill" has no attribute "levied"
Rate(0.1)  # E: Argument 1 to "Rate" has incompatible type "float"
bill.rule()  # E: Missing named argument "title"
MemberDecision("water.x", Household, Levy, title="x", on="x", authority="x")  # E: Missing named argument "member"

@bill.replaces("total")
def local(household: Household) -> Yen:
    return 0

reveal_type(local)  # R: Replacement
"""


@pytest.fixture(scope="module")
def told(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[str]]:
    """What mypy says of the snippet, by line. Its cache is kept between runs."""
    api = pytest.importorskip("mypy.api")
    folder = tmp_path_factory.mktemp("types")
    (folder / "snippet.py").write_text(SNIPPET, encoding="utf-8")
    cache: Path = pytestconfig.cache.mkdir("mypy")
    options = ["--strict", "--no-error-summary", "--hide-error-context", "--config-file=", f"--cache-dir={cache}"]
    out, err, _ = api.run([*options, str(folder / "snippet.py")])
    assert not err
    lines: dict[int, list[str]] = {}
    for line in out.splitlines():
        found = re.match(r".*snippet\.py:(\d+): (?:error|note): (.*)", line)
        assert found, line
        lines.setdefault(int(found[1]), []).append(found[2])
    return lines


def plain(revealed: str) -> str:
    """A revealed type without the names of modules."""
    inner = re.sub(r'^Revealed type is "(.*)"$', r"\1", revealed)
    return re.sub(r"[\w.]+\.(\w+)", r"\1", inner)


def test_types_are_what_the_snippet_says(told):
    wrong = []
    for number, line in enumerate(SNIPPET.splitlines(), 1):
        _, _, reveals = line.partition("# R: ")
        _, _, error = line.partition("# E: ")
        said = told.pop(number, [])
        if reveals and [plain(text) for text in said] != [reveals]:
            wrong.append(f"{number}: {reveals} — {said}")
        elif error and not any(error in text for text in said):
            wrong.append(f"{number}: {error} — {said}")
        elif said and not reveals and not error:
            wrong.append(f"{number}: nothing — {said}")
    assert not wrong, "\n".join(wrong)
    assert not told
