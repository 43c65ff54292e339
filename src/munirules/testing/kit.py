r"""架空市: a city that does not exist, with a town, a union and a prefecture; rulebooks of law written down in a test.

::

    here = book(fee, city=[ordinance("[[version]]\nsince = 2020-04-01\n[version.Fees]\none = 300")])
    here.decide(fee, Copies(number=2), on=date(2026, 4, 1))

Nothing here reads a disk or an installed plugin, so that a test rests on what it writes itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import attrs

from munirules.engine.area import AreaContent
from munirules.engine.decision import Decision, Replacement
from munirules.engine.enactment import Enactment, parse
from munirules.engine.jurisdiction import NATION, Jurisdiction, JurisdictionKind
from munirules.engine.outcome import Outcome
from munirules.engine.provisions import Link
from munirules.engine.rulebook import Rulebook

CITY = Jurisdiction(code="999997", name="架空市", kana="かくうし", romaji="Kaku-shi", kind=JurisdictionKind.CITY)
TOWN = Jurisdiction(code="999962", name="架空町", kana="かくうちょう", romaji="Kaku-cho", kind=JurisdictionKind.TOWN)
UNION = Jurisdiction(
    code="999989", name="架空広域連合", kana="かくうこういきれんごう", romaji="Kaku", kind=JurisdictionKind.UNION
)
PREFECTURE = Jurisdiction(
    code="990001", name="架空県", kana="かくうけん", romaji="Kaku-ken", kind=JurisdictionKind.PREFECTURE
)

Law = str | Enactment

HEAD = """title = "{title}"
kind = "{kind}"
jurisdiction = "{code}"
source = "https://example.com/{code}"
read_on = 2026-11-20
"""


def ordinance(versions: str, *, title: str = "架空市条例", code: str = CITY.code, more: str = "") -> str:
    """The TOML of an ordinance: its head, then `versions` as they stand.

    Args:
        versions: its `[[version]]` tables.
        title: its title.
        code: of whom it is; the city's by default.
        more: further lines of the head (`amends = "…"`).
    """
    return HEAD.format(title=title, kind="ordinance", code=code) + more + "\n" + versions


def act(versions: str, *, title: str = "架空法", more: str = "") -> str:
    """The TOML of an act of the nation: its head, then `versions` as they stand."""
    return HEAD.format(title=title, kind="act", code=NATION.code) + more + "\n" + versions


def enacted(laws: Iterable[Law], name: str, replacements: Sequence[Replacement] = ()) -> tuple[Enactment, ...]:
    """Enactments from texts; the first carries the replacements."""
    made = [
        parse(law, file=f"{name}{number or ''}.toml", plugin=f"munirules-{name} 1.0") if isinstance(law, str) else law
        for number, law in enumerate(laws)
    ]
    if replacements:
        made[0] = attrs.evolve(made[0], replacements=tuple(replacements))
    return tuple(made)


@attrs.frozen(kw_only=True)
class Memory:
    """Sources of a rulebook that are written down in a test: `Rulebook(Memory(…))`.

    Attributes:
        jurisdiction: whose rulebook it is.
        contents: name of an area to what it holds.
        homes: provision and fact classes to the area whose modules declare them, where several areas share one.
        watchers: called with every outcome.
    """

    jurisdiction: Jurisdiction
    contents: dict[str, AreaContent]
    homes: dict[type, str] = attrs.field(factory=dict)
    watchers: list[Callable[[Outcome[Any]], object]] = attrs.field(factory=list)

    def areas(self) -> Sequence[str]:
        """Names of the areas."""
        return list(self.contents)

    def area(self, name: str) -> AreaContent:
        """What an area holds."""
        return self.contents[name]

    def area_of(self, cls: type) -> str | None:
        """The area of a class; None where nobody says it."""
        return self.homes.get(cls)

    def observers(self) -> Sequence[Callable[[Outcome[Any]], object]]:
        """What is told of every outcome."""
        return self.watchers


def chain(
    *,
    city: Sequence[Law] = (),
    union: Sequence[Law] = (),
    prefecture: Sequence[Law] = (),
    nation: Sequence[Law] = (),
    replaced: Sequence[Replacement] = (),
    delegated: tuple[date | None, date | None] = (None, None),
    of: Jurisdiction = CITY,
) -> tuple[Link, ...]:
    """The chain of a jurisdiction: itself, the union (where it says anything), prefecture, nation.

    Args:
        city: enactments of the jurisdiction itself, as TOML or as they are.
        union: of the union to which the area is delegated.
        prefecture: of the prefecture.
        nation: of the nation.
        replaced: rules that the jurisdiction's first enactment puts in place of shared ones.
        delegated: first and last day of the delegation to the union.
        of: the jurisdiction.
    """
    links = [Link(jurisdiction=of, enactments=enacted(city, "city", replaced))]
    if union:
        since, until = delegated
        links.append(Link(jurisdiction=UNION, enactments=enacted(union, "union"), since=since, until=until))
    links.append(Link(jurisdiction=PREFECTURE, enactments=enacted(prefecture, "prefecture")))
    links.append(Link(jurisdiction=NATION, enactments=enacted(nation, "nation")))
    return tuple(links)


def book(*decisions: Decision[Any, Any], of: Jurisdiction = CITY, **laws: Any) -> Rulebook:
    """A rulebook of one area, that of the first decision.

    Args:
        decisions: the decisions.
        of: whose rulebook it is.
        laws: as for `chain`.
    """
    content = AreaContent(chain=chain(of=of, **laws), decisions=decisions)
    return Rulebook(Memory(jurisdiction=of, contents={decisions[0].area: content}))
