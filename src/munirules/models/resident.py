"""Residents (住民) as they stand on the 住民票, and what the members of a household are to one another.

Law: 住民基本台帳法 (昭和42年法律第81号) 第7条 (記載事項) and 第30条の45 (外国人住民), as of 2025-06-20:
https://github.com/ledmonster/japanese-law `_sources/doc/342/342AC0000000081_20250620_507AC0000000074.rst.txt`.
The Act has the days of becoming and ceasing to be a resident written down, not the reasons. Reasons here are those for
which the Act and 住民基本台帳法施行令 (昭和42年政令第292号) have an entry made or struck, told as far apart as
businesses ask for: 第7条 (who takes up an address or else is to be recorded), 第8条 (転出, 死亡 or another reason),
第8条の2 (日本の国籍の取得又は喪失) and 第12条 (職権) of the order, 第30条の46 and 第30条の47 of the Act (foreigners)
(the same repository, `doc/342/342CO0000000292_20250526_507CO0000000017.rst`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from munirules.models.choices import Choice
from munirules.models.declare import facts
from munirules.models.fields import choice, code, day, flag, reference, text
from munirules.models.identifiers import my_number_problem, resident_code_problem

HEAD = "世帯主"
JAPAN = "JPN"


class Sex(Choice):
    """性別 as the 住民票 says it."""

    NOT_STATED = 0, "記載なし", "not stated"
    MALE = 1, "男", "male"
    FEMALE = 2, "女", "female"


class MovedIn(Choice):
    """Why somebody became a resident (住民となった事由); a grouping of the library's own, see above."""

    NOT_STATED = 0, "記載なし", "not stated"
    BIRTH = 1, "出生", "birth"
    MOVE = 2, "転入", "move from another municipality"
    FROM_ABROAD = 3, "国外からの転入", "move from abroad"
    NATURALISED = 4, "帰化", "naturalisation"
    NATIONALITY_GAINED = 5, "国籍取得", "acquisition of nationality"
    STATUS_GAINED = 6, "在留資格の取得", "status of residence gained"
    REGISTER_MADE = 7, "就籍", "entry into a family register"
    EX_OFFICIO = 8, "職権記載", "entered ex officio"


class MovedOut(Choice):
    """Why somebody ceased to be a resident (住民でなくなった事由); a grouping of the library's own, see above."""

    NOT_STATED = 0, "記載なし", "not stated"
    MOVE = 1, "転出", "move to another municipality"
    ABROAD = 2, "国外転出", "move abroad"
    DEATH = 3, "死亡", "death"
    DECLARED_MISSING = 4, "失踪宣告", "declaration of disappearance"
    NATIONALITY_LOST = 5, "国籍喪失", "loss of nationality"
    STATUS_LOST = 6, "在留資格の喪失", "status of residence lost"
    EX_OFFICIO = 7, "職権消除", "removed ex officio"


class ForeignClass(Choice):
    """外国人住民の区分: the upper column of the table of 住民基本台帳法第30条の45, and Japanese."""

    NONE = 0, "日本国籍", "Japanese"
    MID_TO_LONG_TERM = 1, "中長期在留者", "mid- to long-term resident"
    SPECIAL_PERMANENT = 2, "特別永住者", "special permanent resident"
    TEMPORARY_REFUGE = 3, "一時庇護許可者又は仮滞在許可者", "temporary refuge or provisional stay"
    TRANSITIONAL = (
        4,
        "出生による経過滞在者又は国籍喪失による経過滞在者",
        "transitional stay after birth or loss of nationality",
    )


@facts(title="住民")
class Resident:
    """A resident as on the 住民票, also one who has left.

    Attributes:
        id: the number or name by which data refer to this person (宛名番号 say); not the 個人番号.
        born_on: day of birth; a `PartialDate` where only a part of it is known.
        name: family and given name as on the 住民票.
        name_kana: its reading (氏名の振り仮名, 第7条第1号の2).
        name_latin: name in Latin letters, of foreign residents.
        former_surname: 旧氏 where it stands beside the name.
        former_surname_kana: its reading.
        alias: 通称 of a foreign resident.
        alias_kana: its reading.
        sex: as the 住民票 says it.
        relationship: 続柄 to the head as the 住民票 writes it (世帯主, 妻, 子, 妻の子, 夫(未届) …).
        mother: id of the mother, where she is a member of the same household.
        father: id of the father, likewise.
        spouse: id of the spouse, likewise; also without registration of the marriage where the law counts that.
        moved_in_on: day on which the person became a resident of the municipality.
        moved_in_by: why.
        address_since: day since which the person lives at the address.
        moved_from: address before.
        moved_out_on: day on which the person ceased to be a resident; None for who is one.
        moved_out_by: why.
        moved_to: address after.
        died_on: day of death.
        nationality: ISO 3166-1 code of three letters (JPN); XXA for stateless persons, XXX where it is not known.
        foreign_class: which of the four classes of foreign residents.
        residence_status: 在留資格 as the residence card writes it (永住者, 留学 …).
        residence_until: last day of the period of stay; None for none.
        protected: whether the address is protected (DV等支援措置).
        protected_until: last day of that protection.
        my_number: 個人番号; never printed.
        resident_code: 住民票コード; never printed.
    """

    id: str = code("宛名番号", en="id")
    born_on: date = day("生年月日", en="date of birth", partial=True)
    name: str = text("氏名", en="name", default="")
    name_kana: str = text("氏名の振り仮名", en="name in kana", default="")
    name_latin: str = text("ローマ字氏名", en="name in Latin letters", default="")
    former_surname: str = text("旧氏", en="former surname", default="")
    former_surname_kana: str = text("旧氏の振り仮名", en="former surname in kana", default="")
    alias: str = text("通称", en="alias", default="")
    alias_kana: str = text("通称の振り仮名", en="alias in kana", default="")
    sex: Sex = choice("性別", en="sex", default=Sex.NOT_STATED)
    relationship: str = code("続柄", en="relationship to the head", default="")
    mother: str | None = reference("母", en="mother", default=None)
    father: str | None = reference("父", en="father", default=None)
    spouse: str | None = reference("配偶者", en="spouse", default=None)
    moved_in_on: date | None = day("住民となった日", en="resident since", partial=True, default=None)
    moved_in_by: MovedIn = choice("住民となった事由", en="reason of moving in", default=MovedIn.NOT_STATED)
    address_since: date | None = day("住所を定めた日", en="at the address since", partial=True, default=None)
    moved_from: str = text("前住所", en="address before", default="")
    moved_out_on: date | None = day("住民でなくなった日", en="resident until", default=None)
    moved_out_by: MovedOut = choice("住民でなくなった事由", en="reason of moving out", default=MovedOut.NOT_STATED)
    moved_to: str = text("転出先", en="address after", default="")
    died_on: date | None = day("死亡日", en="date of death", partial=True, default=None)
    nationality: str = code("国籍・地域", en="nationality", default=JAPAN)
    foreign_class: ForeignClass = choice("外国人住民の区分", en="class of foreign resident", default=ForeignClass.NONE)
    residence_status: str = code("在留資格", en="status of residence", default="")
    residence_until: date | None = day("在留期間の満了の日", en="end of the period of stay", default=None)
    protected: bool = flag("支援措置", en="protected", default=False)
    protected_until: date | None = day("支援措置の終期", en="protected until", default=None)
    my_number: str | None = text("個人番号", en="individual number", secret=True, default=None)
    resident_code: str | None = text("住民票コード", en="resident record code", secret=True, default=None)

    def invariants(self) -> Iterator[str]:
        """What of one resident cannot be together."""
        if not self.id:
            yield "id (宛名番号): empty; ids tell persons apart"
        for field, label in (("mother", "母"), ("father", "父"), ("spouse", "配偶者")):
            if getattr(self, field) == self.id:
                yield f"{field} ({label}): {self.id!r} is this person; name another"
        if len(self.nationality) != 3 or not (self.nationality.isascii() and self.nationality.isupper()):
            yield f"nationality (国籍・地域): {self.nationality!r}; write the ISO code of three letters (JPN, KOR, XXA)"
        elif self.nationality == JAPAN:
            if self.foreign_class != ForeignClass.NONE:
                yield f"foreign_class (外国人住民の区分): {self.foreign_class.label}, but nationality is {JAPAN}"
            if self.residence_status:
                yield f"residence_status (在留資格): {self.residence_status!r}, but nationality is {JAPAN}"
        if self.my_number is not None and (problem := my_number_problem(self.my_number)):
            yield f"my_number (個人番号): {problem}"
        if self.resident_code is not None and (problem := resident_code_problem(self.resident_code)):
            yield f"resident_code (住民票コード): {problem}"
