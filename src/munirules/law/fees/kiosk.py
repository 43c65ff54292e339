"""コンビニ交付 (業務90): may this certificate be printed at a kiosk now, and at which price.

Law: 電子署名等に係る地方公共団体情報システム機構の認証業務に関する法律 (the user's certificate on the 個人番号カード); hours, days,
age and fee by the municipality's ordinance and rules. Every value is data: an ordinance gives an own price, or so much less than at
the window, also for a time (`temporary = true`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from munirules.calendar.holidays import is_holiday
from munirules.calendar.rules import Attained, age_on, day_number
from munirules.engine.decision import Decision, refuse
from munirules.engine.holds import equals, monotone, never_below
from munirules.law.fees.certificate_fee import (
    NO_FEE,
    CertificateFees,
    RegisterFees,
    register_fee,
    row_of,
)
from munirules.law.fees.certificate_kinds import Certificate, Family, family_of
from munirules.law.fees.clock import END_OF_DAY, clock_problem
from munirules.models.choices import Choice
from munirules.models.declare import facts, provision, result, row
from munirules.models.fields import choice, code, count, day, flag, quantity, rows, yen
from munirules.money import Yen
from munirules.tape import applied

FROM_WINDOW = -1
"""In a row's `fee`: what the window takes, less `less`."""

WEEK = 7
SATURDAY = 6


class Shown(Choice):
    """Whom the certificate shows."""

    SELF = 0, "本人", "the holder"
    HOUSEHOLD = 1, "同一世帯の者", "members of the household"
    REGISTER = 2, "同一戸籍の者", "members of the same family register"


@facts(title="コンビニ交付の利用")
class KioskUse:
    """What the holder of a card asks a kiosk for.

    Attributes:
        kind: the certificate.
        clock: time of day as hours and minutes, 1830 for 18:30.
        born_on: the holder's day of birth.
        shown: whom the certificate shows.
        copies: how many.
        card_valid: the card and its user's certificate (利用者証明用電子証明書) are valid.
        moved_out_on: day on which the holder left, or has notified to leave; None for who stays.
        died_on: day on which the person shown died; None for who lives.
        protected: 支援措置 are in force for the holder or somebody of the household.
        record_held: the record is held back from kiosks for another reason (発行停止, characters that cannot be printed).
    """

    kind: Certificate = choice("証明書の種類", en="certificate")
    clock: int = quantity("時刻", en="time", unit="時分", maximum=END_OF_DAY)
    born_on: date = day("生年月日", en="date of birth", partial=True)
    shown: Shown = choice("記載される者", en="shown", default=Shown.SELF)
    copies: int = count("通数", en="copies", unit="通", minimum=1, default=1)
    card_valid: bool = flag("利用者証明用電子証明書が有効", en="valid card", default=True)
    moved_out_on: date | None = day("転出（予定）日", en="moved out on", default=None)
    died_on: date | None = day("死亡日", en="died on", default=None)
    protected: bool = flag("支援措置", en="protected", default=False)
    record_held: bool = flag("交付の停止", en="record held back", default=False)

    def invariants(self) -> Iterator[str]:
        """What is no time of day, or no certificate."""
        problem = clock_problem(self.clock)
        if problem:
            yield f"clock (時刻): {problem}"
        if self.kind == Certificate.ANY:
            yield "kind (証明書の種類): 'any' stands in tables only; name the certificate"


@row(title="利用時間")
class HoursRow:
    """When a certificate can be printed: from `opens` up to, not including, `closes`."""

    kind: Certificate = choice("証明書の種類")
    days: str = code("曜日", options=("every_day", "weekdays"), default="every_day")
    opens: int = quantity("開始時刻", unit="時分", maximum=END_OF_DAY)
    closes: int = quantity("終了時刻", unit="時分", maximum=END_OF_DAY)


@row(title="休止日")
class ClosedRow:
    """Days of every year on which nothing is printed, from month and day to month and day; they may pass the turn of the year."""

    from_month: int = count("始月", minimum=1, maximum=12)
    from_day: int = count("始日", minimum=1, maximum=31)
    to_month: int = count("終月", minimum=1, maximum=12)
    to_day: int = count("終日", minimum=1, maximum=31)


@row(title="保守日")
class MaintenanceRow:
    """A day on which nothing is printed, or until an hour of it."""

    on: date = day("日")
    until: int = quantity("終了時刻", unit="時分", maximum=END_OF_DAY, default=END_OF_DAY)


@row(title="コンビニ交付手数料")
class KioskFeeRow:
    """The price of a certificate at a kiosk: its own, or what the window takes less an amount."""

    kind: Certificate = choice("証明書の種類")
    fee: int = yen("手数料", minimum=FROM_WINDOW, default=FROM_WINDOW)
    less: Yen = yen("窓口の手数料からの減額", default=0)


@provision(title="コンビニ交付の利用時間")
class KioskHours:
    """Hours and days; only certificates that stand here can be printed."""

    hours: tuple[HoursRow, ...] = rows("利用時間")
    closed: tuple[ClosedRow, ...] = rows("毎年の休止日", default=())
    maintenance: tuple[MaintenanceRow, ...] = rows("保守日", default=())


@provision(title="コンビニ交付を受けられる者")
class KioskHolders:
    """Who may use it; an age of 0 where the municipality sets none."""

    minimum_age: int = count("年齢", unit="歳", default=0)


@provision(title="コンビニ交付手数料表")
class KioskFees:
    """What a kiosk takes."""

    fees: tuple[KioskFeeRow, ...] = rows("手数料表")


@result(title="コンビニ交付手数料")
class KioskFee:
    """What a kiosk takes; `window_fee` is `NO_FEE` where the ordinance as recorded does not say it."""

    window_fee: int = yen("窓口の手数料（1通）", en="fee at the window", minimum=NO_FEE)
    each: Yen = yen("1通の手数料", en="fee of one copy")
    fee: Yen = yen("手数料", en="fee")


@result(title="コンビニ交付")
class KioskIssue:
    """That it is printed now, and at which price."""

    holder: bool = flag("利用できる者", en="may use it")
    may_show: bool = flag("記載される者", en="may show them")
    open_now: bool = flag("利用時間内", en="open now")
    total: Yen = yen("手数料", en="fee")


kiosk_fee = Decision(
    "fees.kiosk_fee", KioskUse, KioskFee, title="コンビニ交付手数料", on="利用日", authority="市町村長"
)
kiosk = Decision("fees.kiosk", KioskUse, KioskIssue, title="コンビニ交付", on="利用日", authority="市町村長")


@kiosk_fee.rule(title="窓口の手数料（1通）")
def window_fee(use: KioskUse, registers: RegisterFees, table: CertificateFees) -> int:
    """What one copy costs at the window; `NO_FEE` where the ordinance as recorded does not say it."""
    unit = register_fee(use.kind, registers)
    if unit != NO_FEE:
        return unit
    fee = row_of(table.fees, use.kind, "")
    return NO_FEE if fee is None else fee.fee


@kiosk_fee.rule(title="1通の手数料")
def each(use: KioskUse, fees: KioskFees, window_fee: int) -> Yen:
    """What one copy costs at a kiosk."""
    for candidate in fees.fees:
        if candidate.kind == use.kind:
            applied("コンビニ交付手数料表", candidate)
            if candidate.fee != FROM_WINDOW:
                return candidate.fee
            if window_fee == NO_FEE:
                refuse("窓口の手数料が収録されていないため、コンビニ交付の手数料を定められない")
            return max(window_fee - candidate.less, 0)
    refuse("コンビニ交付手数料表（収録分）にこの証明書がない")


@kiosk_fee.rule(title="手数料")
def fee(use: KioskUse, each: Yen) -> Yen:
    """The fee of all copies."""
    return each * use.copies


def within(closed: ClosedRow, on: date) -> bool:
    """Whether a day is among the days of every year on which nothing is printed."""
    today = on.month * 100 + on.day
    first = closed.from_month * 100 + closed.from_day
    last = closed.to_month * 100 + closed.to_day
    if first <= last:
        return first <= today <= last
    return today >= first or today <= last


def is_weekday(on: date) -> bool:
    """Whether a day is neither Saturday, Sunday nor a public holiday."""
    return day_number(on.year, on.month, on.day) % WEEK not in (0, SATURDAY) and not is_holiday(on)


@kiosk.rule(title="利用できる者")
def holder(use: KioskUse, holders: KioskHolders, on: date) -> bool:
    """Whether the holder may use a kiosk; refused where not."""
    if not use.card_valid:
        refuse("個人番号カードの利用者証明用電子証明書が有効でない")
    if use.born_on > on or age_on(use.born_on, on, Attained.DAY_BEFORE) < holders.minimum_age:
        refuse("コンビニ交付を受けられる年齢に達していない")
    if use.moved_out_on is not None:
        refuse("転出した者、転出を届け出た者はコンビニ交付を受けられない")
    if use.died_on is not None:
        refuse("死亡した者の証明書はコンビニで交付しない")
    if use.protected:
        refuse("支援措置の対象者はコンビニ交付を受けられない")
    if use.record_held:
        refuse("この者の証明書はコンビニ交付を停止している")
    return True


@kiosk.rule(title="記載される者")
def may_show(use: KioskUse) -> bool:
    """Whether the certificate may show more than the holder: the household, or the same family register."""
    family = family_of(use.kind)
    if use.shown == Shown.HOUSEHOLD and family != Family.RECORD:
        refuse("世帯員の分を交付できるのは住民票に限る")
    if use.shown == Shown.REGISTER and family != Family.REGISTER:
        refuse("同一戸籍の者の分を交付できるのは戸籍に関する証明書に限る")
    return True


@kiosk.rule(title="利用時間内")
def open_now(use: KioskUse, hours: KioskHours, on: date) -> bool:
    """Whether kiosks print this certificate on this day at this time; refused where not."""
    for closed in hours.closed:
        if within(closed, on):
            applied("毎年の休止日", closed)
            refuse("休止日である")
    for maintenance in hours.maintenance:
        if maintenance.on == on and use.clock < maintenance.until:
            applied("保守日", maintenance)
            refuse("保守のため休止している")
    known = False
    for candidate in hours.hours:
        if candidate.kind != use.kind:
            continue
        known = True
        if candidate.days == "weekdays" and not is_weekday(on):
            continue
        if use.clock >= candidate.opens and use.clock < candidate.closes:
            applied("利用時間", candidate)
            return True
    if not known:
        refuse("この証明書はコンビニで交付しない")
    refuse("この証明書の利用時間外である")


@kiosk.rule(title="手数料")
def total(priced: KioskFee) -> Yen:
    """The fee of all copies."""
    return priced.fee


kiosk_fee.holds(monotone("fee", by="copies"), never_below("fee", "each"))
kiosk.holds(equals(kiosk_fee, [("total", "fee")]))
