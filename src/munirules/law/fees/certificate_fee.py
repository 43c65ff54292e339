"""証明手数料 (業務9): what certificates cost at the window.

Law: 地方自治法 (昭和22年法律第67号) 第227条・第228条第1項; for the family register 地方公共団体の手数料の標準に関する政令
(平成12年政令第16号), whose amounts are a `standard` and count where the ordinance of the municipality is silent. Everything else
stands in the municipality's 手数料条例 alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from munirules.engine.decision import Decision, refuse
from munirules.engine.holds import monotone, never_above, never_below
from munirules.law.fees.certificate_kinds import Certificate
from munirules.law.fees.taxation import FeeTaxation
from munirules.models.declare import facts, provision, result, row
from munirules.models.fields import choice, code, count, flag, rows, yen
from munirules.money import Rounding, Yen, quotient
from munirules.tape import applied

SAME = -1
"""In a row's `more`: each further unit costs what the first one costs."""

NO_FEE = -1
"""No fee is set for a certificate."""

PER = ("copy", "person", "sheet", "item", "year", "tax_item", "parcel", "land_and_building", "hour")


@facts(title="証明書の請求")
class CertificateRequest:
    """What somebody asks for: a certificate, and how much of it counts for the fee.

    Attributes:
        kind: the certificate.
        name: with `OTHER`, as the ordinance names it (在学証明 …).
        copies: how many of it.
        persons: persons that one copy shows.
        sheets: sheets of one copy.
        items: items certified (証明事項), or documents inspected.
        years: years that one copy certifies.
        tax_items: taxes that one copy certifies (税目).
        lots: parcels of land that one copy shows.
        buildings: buildings that one copy shows.
        hours: hours of inspection; a part of an hour counts as one.
        online: ordered and paid online.
        with_paper: a code for the electronic register is asked for together with the same certificate on paper.
        relief: ground on which no fee is taken, as the ordinance names it; empty for none.
    """

    kind: Certificate = choice("証明書の種類", en="certificate")
    name: str = code("その他の証明の名称", en="name of another certificate", default="")
    copies: int = count("通数", en="copies", unit="通", minimum=1, default=1)
    persons: int = count("記載される人数", en="persons", unit="人", minimum=1, default=1)
    sheets: int = count("枚数", en="sheets", unit="枚", minimum=1, default=1)
    items: int = count("証明事項・書類の件数", en="items", unit="件", minimum=1, default=1)
    years: int = count("年度数", en="years", unit="年度", minimum=1, default=1)
    tax_items: int = count("税目数", en="taxes", unit="税目", minimum=1, default=1)
    lots: int = count("土地の筆数", en="lots", unit="筆", default=0)
    buildings: int = count("家屋の棟数", en="buildings", unit="棟", default=0)
    hours: int = count("閲覧時間", en="hours", unit="時間", minimum=1, default=1)
    online: bool = flag("オンライン請求", en="online", default=False)
    with_paper: bool = flag("書面の証明書と併せて請求", en="with the same certificate on paper", default=False)
    relief: str = code("無料とする事由", en="ground of exemption", default="")

    def invariants(self) -> Iterator[str]:
        """What of a request cannot be together."""
        if self.kind == Certificate.ANY:
            yield "kind (証明書の種類): 'any' stands in tables only; name the certificate"
        if (self.kind == Certificate.OTHER) != (self.name != ""):
            told = "missing" if not self.name else f"{self.name!r}, but kind is {self.kind.label}"
            yield f"name (その他の証明の名称): {told}; kind 'other', and only that, has a name"


@row(title="証明手数料")
class FeeRow:
    """What a certificate costs: `fee` for the first unit, which covers `included` of what is counted, then `more` for each `step`.

    Attributes:
        kind: the certificate.
        name: with `OTHER`, its name.
        fee: for one unit (1件).
        per: what is counted of a copy: nothing (`copy`), persons, sheets, items, years, taxes and years (`tax_item`), lots
            and buildings together (`parcel`) or each for itself (`land_and_building`), hours.
        included: how many the first unit covers.
        step: how many each further unit covers; a part counts as a whole.
        more: for each further unit; the same again where it is not given.
    """

    kind: Certificate = choice("証明書の種類")
    name: str = code("その他の証明の名称", default="")
    fee: Yen = yen("手数料")
    per: str = code("単位", options=PER, default="copy")
    included: int = count("1件に含む数", minimum=1, default=1)
    step: int = count("加算の単位", minimum=1, default=1)
    more: int = yen("加算額", minimum=SAME, default=SAME)


@row(title="手数料を徴収しない場合")
class FreeRow:
    """A ground on which no fee is taken, for one certificate or for all."""

    ground: str = code("事由")
    kind: Certificate = choice("証明書の種類", default=Certificate.ANY)


@provision(title="証明手数料表")
class CertificateFees:
    """The table of a fee ordinance (手数料条例), without what the family register costs (`RegisterFees`)."""

    fees: tuple[FeeRow, ...] = rows("手数料表", default=())
    free: tuple[FreeRow, ...] = rows("手数料を徴収しない場合", default=())


@provision(title="戸籍の手数料")
class RegisterFees:
    """Fees for the family register; the national amounts are those that an ordinance takes as its standard."""

    certificate: Yen = yen("戸籍の謄本・抄本・証明書")
    removed_certificate: Yen = yen("除籍の謄本・抄本・証明書")
    item: Yen = yen("戸籍の記載事項の証明（1件）")
    removed_item: Yen = yen("除籍の記載事項の証明（1件）")
    acceptance: Yen = yen("受理証明書・届書の記載事項の証明書")
    acceptance_fine: Yen = yen("受理証明書（上質紙）")
    notice_view: Yen = yen("届書の閲覧（書類1件）")


@provision(title="戸籍電子証明書提供用識別符号の手数料")
class RegisterCodeFees:
    """Fees for the codes with which others fetch the electronic register."""

    code: Yen = yen("戸籍電子証明書提供用識別符号")
    removed_code: Yen = yen("除籍電子証明書提供用識別符号")


@result(title="証明手数料")
class CertificateFee:
    """The fee of a request."""

    each: Yen = yen("1通の手数料", en="fee of one copy")
    exempt: bool = flag("手数料を徴収しない", en="no fee is taken")
    fee: Yen = yen("手数料", en="fee")
    taxable: bool = flag("消費税の課税対象", en="bears consumption tax")


certificate_fee = Decision(
    "fees.certificate_fee",
    CertificateRequest,
    CertificateFee,
    title="証明手数料",
    on="請求日",
    authority="市町村長",
    law="地方自治法第227条・第228条第1項",
)


def units_beyond(counted: int, fee: FeeRow) -> int:
    """Return the units beyond the first that a number of persons, sheets or lots makes; a part counts as a whole."""
    return quotient(max(counted - fee.included, 0), fee.step, Rounding.CEILING)


def priced(counted: int, fee: FeeRow) -> Yen:
    """Price a number of persons, sheets or lots of one copy."""
    further = units_beyond(counted, fee)
    applied("手数料表", fee, 1 + further)
    return fee.fee + further * (fee.fee if fee.more == SAME else fee.more)


def row_of(fees: tuple[FeeRow, ...], kind: Certificate, name: str) -> FeeRow | None:
    """Return the row of a certificate; None where the table has none."""
    for candidate in fees:
        if candidate.kind == kind and candidate.name == name:
            return candidate
    return None


def register_fee(kind: Certificate, fees: RegisterFees) -> Yen:
    """Return what one unit of a certificate of the family register costs; `NO_FEE` for every other certificate."""
    if kind == Certificate.REGISTER or kind == Certificate.REGISTER_EXTRACT:
        return fees.certificate
    if kind == Certificate.REMOVED_REGISTER or kind == Certificate.REMOVED_EXTRACT:
        return fees.removed_certificate
    if kind == Certificate.REGISTER_ITEMS:
        return fees.item
    if kind == Certificate.REMOVED_ITEMS:
        return fees.removed_item
    if kind == Certificate.ACCEPTANCE or kind == Certificate.NOTICE_ITEMS:
        return fees.acceptance
    if kind == Certificate.ACCEPTANCE_FINE:
        return fees.acceptance_fine
    if kind == Certificate.NOTICE_VIEW:
        return fees.notice_view
    return NO_FEE


def counted_by_item(kind: Certificate) -> bool:
    """Whether a fee of the family register is for each item certified, or each document inspected."""
    return kind == Certificate.REGISTER_ITEMS or kind == Certificate.REMOVED_ITEMS or kind == Certificate.NOTICE_VIEW


def table_fee(request: CertificateRequest, fee: FeeRow) -> Yen:
    """Price one copy by a row of the table."""
    if fee.per == "person":
        return priced(request.persons, fee)
    if fee.per == "sheet":
        return priced(request.sheets, fee)
    if fee.per == "item":
        return priced(request.items, fee)
    if fee.per == "year":
        return priced(request.years, fee)
    if fee.per == "tax_item":
        return priced(request.tax_items * request.years, fee)
    if fee.per == "hour":
        return priced(request.hours, fee)
    if fee.per == "parcel":
        return priced(max(request.lots + request.buildings, 1), fee)
    if fee.per == "land_and_building":
        land = priced(request.lots, fee) if request.lots > 0 or request.buildings == 0 else 0
        return land + (priced(request.buildings, fee) if request.buildings > 0 else 0)
    return priced(1, fee)


@certificate_fee.rule("code_fee", title="識別符号の手数料", until=date(2024, 2, 29), minor=True)
def no_code_fee(request: CertificateRequest) -> Yen:
    """Before the registers could be fetched electronically there was no code."""
    if request.kind == Certificate.REGISTER_CODE or request.kind == Certificate.REMOVED_CODE:
        refuse("戸籍電子証明書の制度の施行（令和6年3月1日）前である")
    return NO_FEE


@certificate_fee.rule("code_fee", title="識別符号の手数料", since=date(2024, 3, 1), minor=True)
def code_fee(request: CertificateRequest, codes: RegisterCodeFees) -> Yen:
    """What a code for the electronic register costs: nothing online, or beside the same certificate on paper."""
    if request.kind != Certificate.REGISTER_CODE and request.kind != Certificate.REMOVED_CODE:
        return NO_FEE
    if request.online or request.with_paper:
        return 0
    return codes.code if request.kind == Certificate.REGISTER_CODE else codes.removed_code


@certificate_fee.rule(title="1通の手数料")
def each(request: CertificateRequest, code_fee: Yen, registers: RegisterFees, table: CertificateFees) -> Yen:
    """The fee of one copy: of the family register by its own amounts, of all else by the table."""
    if code_fee != NO_FEE:
        return code_fee
    unit = register_fee(request.kind, registers)
    if unit != NO_FEE:
        return unit * request.items if counted_by_item(request.kind) else unit
    fee = row_of(table.fees, request.kind, request.name)
    if fee is None:
        refuse("手数料表（収録分）にこの証明書がない")
    return table_fee(request, fee)


@certificate_fee.rule(title="手数料を徴収しない")
def exempt(request: CertificateRequest, table: CertificateFees) -> bool:
    """Whether no fee is taken, on a ground that the ordinance knows."""
    if request.relief == "":
        return False
    for candidate in table.free:
        if candidate.ground == request.relief and (candidate.kind == Certificate.ANY or candidate.kind == request.kind):
            applied("手数料を徴収しない場合", candidate)
            return True
    refuse("手数料を徴収しない事由が条例・規則に定められていない")


@certificate_fee.rule(title="手数料")
def fee(request: CertificateRequest, each: Yen, exempt: bool) -> Yen:
    """The fee of all copies."""
    return 0 if exempt else each * request.copies


@certificate_fee.rule(title="消費税の課税対象", law="消費税法第6条第1項")
def taxable(taxation: FeeTaxation) -> bool:
    """Whether the fee bears consumption tax: what is issued by law does not."""
    return taxation.certificates


certificate_fee.holds(
    monotone("fee", by="copies"),
    monotone("fee", by="persons"),
    monotone("fee", by="sheets"),
    monotone("fee", by="items"),
    monotone("fee", by="years"),
    monotone("fee", by="lots"),
    monotone("fee", by="buildings"),
    never_above("fee", 0, when={"exempt": True}),
    never_below("fee", "each", when={"exempt": False}),
)
