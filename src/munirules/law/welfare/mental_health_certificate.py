"""精神障害者保健福祉手帳 (業務50): until when a certificate is valid, and from when it may be renewed.

Law: 精神保健及び精神障害者福祉に関する法律 (昭和25年法律第123号) 第45条第4項 (every two years). The prefecture or designated city decides, the
municipality forwards.
"""

from __future__ import annotations

from datetime import date

from munirules.calendar import Overflow, add_months, days_in_month, last_day_of_months, next_day
from munirules.calendar.civil import make_date
from munirules.engine.decision import Decision
from munirules.engine.holds import never_above, never_below
from munirules.models.declare import facts, provision, result
from munirules.models.fields import code, count, day, flag


@facts(title="精神障害者保健福祉手帳")
class MentalCertificate:
    """A certificate.

    Attributes:
        issued_on: day of the first issue (交付日).
        printed_until: end of validity as the certificate prints it, renewals counted; None to find it from the issue.
    """

    issued_on: date = day("交付日", en="issued on")
    printed_until: date | None = day("有効期限", en="printed end of validity", default=None)


@provision(title="精神障害者保健福祉手帳の有効期間")
class MentalCertificateTerms:
    """How long a certificate is valid, and how long before its end it may be renewed.

    Attributes:
        years: validity.
        month_end: whether it lasts to the end of the month.
        renewal_months: months before the end from which a renewal is taken.
        renewal_from: whether that is the same day so many months before the last day, or the day after it.
    """

    years: int = count("有効期間", unit="年", by="nation")
    month_end: bool = flag("月末まで", by="prefecture")
    renewal_months: int = count("更新の申請を受ける期間", unit="月", by="prefecture")
    renewal_from: str = code("更新の申請を受ける最初の日", options=("same_day", "next_day"), by="prefecture")


@result(title="精神障害者保健福祉手帳の有効期限")
class MentalCertificateValidity:
    """Until when the certificate is valid, and when it may be renewed.

    Attributes:
        valid_until: last day.
        expired: whether that has passed.
        renewable_from: first day of a renewal.
        renewable: whether a renewal is taken; also after the end.
        renewed_until: last day of the renewed certificate.
    """

    valid_until: date = day("有効期限", en="valid until")
    expired: bool = flag("期限切れ", en="expired")
    renewable_from: date = day("更新申請の始期", en="renewable from")
    renewable: bool = flag("更新申請ができる", en="renewable")
    renewed_until: date = day("更新後の有効期限", en="valid until when renewed")


mental_certificate = Decision(
    "welfare.mental_health_certificate",
    MentalCertificate,
    MentalCertificateValidity,
    title="精神障害者保健福祉手帳の有効期限",
    on="確認する日",
    authority="都道府県知事・指定都市の長（市町村長が経由）",
    role="forwards",
    law="精神保健及び精神障害者福祉に関する法律第45条第4項",
)


@mental_certificate.rule(title="有効期限", law="精神保健及び精神障害者福祉に関する法律第45条第4項")
def valid_until(certificate: MentalCertificate, terms: MentalCertificateTerms) -> date:
    """The printed end; or two years from the issue, to the end of that month."""
    if certificate.printed_until is not None:
        return certificate.printed_until
    return month_end(last_day_of_months(certificate.issued_on, terms.years * 12), terms)


@mental_certificate.rule(title="期限切れ")
def expired(valid_until: date, on: date) -> bool:
    """Whether the last day has passed."""
    return on > valid_until


@mental_certificate.rule(title="更新申請の始期")
def renewable_from(valid_until: date, terms: MentalCertificateTerms) -> date:
    """So many months before the last day."""
    same = add_months(valid_until, -terms.renewal_months, Overflow.LAST_DAY)
    return next_day(same) if terms.renewal_from == "next_day" else same


@mental_certificate.rule(title="更新申請ができる")
def renewable(renewable_from: date, on: date) -> bool:
    """Whether the time of renewal has begun; who comes after the end may still apply."""
    return on >= renewable_from


@mental_certificate.rule(title="更新後の有効期限")
def renewed_until(valid_until: date, terms: MentalCertificateTerms) -> date:
    """Two years after the end of validity."""
    return month_end(add_months(valid_until, terms.years * 12, Overflow.LAST_DAY), terms)


def month_end(last: date, terms: MentalCertificateTerms) -> date:
    """Return the last day of the month, where validity lasts to it."""
    return make_date(last.year, last.month, days_in_month(last.year, last.month)) if terms.month_end else last


mental_certificate.holds(never_above("renewable_from", "valid_until"), never_below("renewed_until", "valid_until"))
