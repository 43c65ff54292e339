"""Income (所得) of a person in a year, as the resident tax roll gives it to other businesses.

Law: 地方税法 (昭和25年法律第226号) 第292条第1項第7号 (同一生計配偶者), 第9号 (扶養親族) and 第13号 (合計所得金額),
第313条第1項 (総所得金額, 退職所得金額, 山林所得金額), 第314条の2第1項 and, of prefectures, 第34条第1項: 第1号 (雑損控除),
第2号 (医療費控除), 第3号 (社会保険料控除), 第4号 (小規模企業共済等掛金控除), 第6号 (障害者控除), 第8号 (寡婦控除),
第8号の2 (ひとり親控除), 第9号 (勤労学生控除), 第10号の2 (配偶者特別控除); 附則第6条 (肉用牛の売却). They are the
articles that 児童扶養手当法施行令 (昭和36年政令第405号) 第4条 names
(https://github.com/ledmonster/japanese-law `doc/336/336CO0000000405_20250401_507CO0000000082.rst`), and welfare counts an
income by them.
That nobody declared anything, and that nothing is known, are values of their own; neither is an income of nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from munirules.models.choices import Choice
from munirules.models.declare import facts
from munirules.models.fields import choice, count, flag, yen
from munirules.models.resident import Resident


class IncomeStatus(Choice):
    """How an income came to be known."""

    DECLARED = 1, "申告済", "declared"
    UNDECLARED = 2, "未申告", "undeclared"
    UNKNOWN = 3, "不明", "unknown"


class Widowhood(Choice):
    """寡婦控除・ひとり親控除 and what was before them."""

    NONE = 0, "なし", "none"
    WIDOW = 1, "寡婦", "widow"
    WIDOWER = 2, "寡夫", "widower"
    SPECIAL_WIDOW = 3, "特別の寡婦", "special widow"
    SINGLE_PARENT = 4, "ひとり親", "single parent"


class Spouse(Choice):
    """同一生計配偶者 (or, before 2018, 控除対象配偶者)."""

    NONE = 0, "なし", "none"
    UNDER_70 = 1, "あり（70歳未満）", "below 70"
    FROM_70 = 2, "あり（70歳以上）", "70 or older"


@facts(title="所得", about=Resident)
class Income:
    """What a person earned in a calendar year, what was deducted, and whom the person maintained at its end.

    The three totals are None where they are not known. With a status other than `declared` all three are None and all
    other amounts 0: a rule looks at `status` before it looks at an amount.

    Attributes:
        year: calendar year in which it was earned.
        status: declared, undeclared (未申告) or unknown (no information from where the person was taxed).
        total_income: 合計所得金額.
        aggregate_income: 総所得金額等.
        comprehensive_income: 総所得金額.
        retirement_income: 退職所得金額.
        forestry_income: 山林所得金額.
        land_business_income: 土地等に係る事業所得等の金額.
        long_term_gains: 長期譲渡所得の金額, after special deductions.
        short_term_gains: 短期譲渡所得の金額, after special deductions.
        futures_income: 先物取引に係る雑所得等の金額.
        treaty_income: 条約適用利子等・条約適用配当等 and 特例適用利子等・特例適用配当等.
        employment_revenue: 給与収入.
        employment_income: 給与所得.
        pension_revenue: 公的年金等の収入.
        pension_income: 公的年金等に係る雑所得.
        casualty_deduction: 雑損控除額.
        medical_deduction: 医療費控除額.
        social_insurance_deduction: 社会保険料控除額.
        mutual_aid_deduction: 小規模企業共済等掛金控除額.
        spouse_special_deduction: 配偶者特別控除額.
        livestock_exempt: 肉用牛の売却による事業所得に係る免除額.
        disabled: persons (self included) with 障害者控除, without the specially disabled.
        specially_disabled: persons (self included) with 特別障害者控除.
        self_disabled: whether the person is among the `disabled`.
        self_specially_disabled: whether the person is among the `specially_disabled`.
        widowhood: 寡婦, ひとり親.
        working_student: 勤労学生.
        spouse: 同一生計配偶者.
        dependants_under_16: 扶養親族 below 16.
        dependants_16_to_18: 扶養親族 from 16 to 18.
        dependants_19_to_22: 特定扶養親族.
        dependants_23_to_29: other 扶養親族 below 30.
        dependants_30_to_69: other 扶養親族 from 30 to 69; one who lives abroad is 控除対象扶養親族 only on further terms.
        dependants_from_70: 老人扶養親族.
    """

    year: int = count("所得の年", en="year of income", unit="年", minimum=1950, maximum=9999)
    status: IncomeStatus = choice("申告の状況", en="status", default=IncomeStatus.DECLARED)
    total_income: int | None = yen("合計所得金額", en="total income", default=None)
    aggregate_income: int | None = yen("総所得金額等", en="aggregate income", default=None)
    comprehensive_income: int | None = yen("総所得金額", en="comprehensive income", default=None)
    retirement_income: int = yen("退職所得金額", en="retirement income", default=0)
    forestry_income: int = yen("山林所得金額", en="forestry income", default=0)
    land_business_income: int = yen("土地等に係る事業所得等の金額", en="income from dealing in land", default=0)
    long_term_gains: int = yen("長期譲渡所得金額", en="long-term capital gains", default=0)
    short_term_gains: int = yen("短期譲渡所得金額", en="short-term capital gains", default=0)
    futures_income: int = yen("先物取引に係る雑所得等の金額", en="income from futures", default=0)
    treaty_income: int = yen("条約適用利子等・配当等の額", en="interest and dividends under treaties", default=0)
    employment_revenue: int = yen("給与収入", en="salary", default=0)
    employment_income: int = yen("給与所得", en="employment income", default=0)
    pension_revenue: int = yen("公的年金等の収入", en="public pensions", default=0)
    pension_income: int = yen("公的年金等に係る雑所得", en="income from public pensions", default=0)
    casualty_deduction: int = yen("雑損控除額", en="casualty deduction", default=0)
    medical_deduction: int = yen("医療費控除額", en="medical deduction", default=0)
    social_insurance_deduction: int = yen("社会保険料控除額", en="social insurance deduction", default=0)
    mutual_aid_deduction: int = yen("小規模企業共済等掛金控除額", en="small enterprise mutual aid deduction", default=0)
    spouse_special_deduction: int = yen("配偶者特別控除額", en="special deduction for spouses", default=0)
    livestock_exempt: int = yen("肉用牛の売却による免除額", en="exempt from sale of beef cattle", default=0)
    disabled: int = count("障害者控除の人数", en="disabled persons", unit="人", default=0)
    specially_disabled: int = count("特別障害者控除の人数", en="specially disabled persons", unit="人", default=0)
    self_disabled: bool = flag("本人が障害者", en="disabled oneself", default=False)
    self_specially_disabled: bool = flag("本人が特別障害者", en="specially disabled oneself", default=False)
    widowhood: Widowhood = choice("寡婦・ひとり親", en="widowed or single parent", default=Widowhood.NONE)
    working_student: bool = flag("勤労学生", en="working student", default=False)
    spouse: Spouse = choice("同一生計配偶者", en="spouse of the same livelihood", default=Spouse.NONE)
    dependants_under_16: int = count("16歳未満の扶養親族", en="dependants below 16", unit="人", default=0)
    dependants_16_to_18: int = count("16歳から18歳の扶養親族", en="dependants from 16 to 18", unit="人", default=0)
    dependants_19_to_22: int = count("特定扶養親族", en="dependants from 19 to 22", unit="人", default=0)
    dependants_23_to_29: int = count("23歳から29歳の扶養親族", en="dependants from 23 to 29", unit="人", default=0)
    dependants_30_to_69: int = count("30歳から69歳の扶養親族", en="dependants from 30 to 69", unit="人", default=0)
    dependants_from_70: int = count("老人扶養親族", en="dependants of 70 or older", unit="人", default=0)

    def invariants(self) -> Iterator[str]:
        """What of an income cannot be together."""
        totals = (self.total_income, self.aggregate_income, self.comprehensive_income)
        if self.status == IncomeStatus.DECLARED:
            if totals == (None, None, None):
                yield (
                    "total_income (合計所得金額): missing, as are aggregate_income and comprehensive_income; "
                    "a declared income has an amount (0 too), another has the status undeclared or unknown"
                )
        else:
            given = [name for name in _AMOUNTS if getattr(self, name)] + [
                name for name, total in zip(_TOTALS, totals, strict=True) if total == 0
            ]
            for name in given:
                yield f"{name}: {getattr(self, name)}, but status (申告の状況) is {self.status.label}"
        if self.self_disabled and not self.disabled:
            yield "disabled (障害者控除の人数): 0, but self_disabled is true; the person counts"
        if self.self_specially_disabled and not self.specially_disabled:
            yield "specially_disabled (特別障害者控除の人数): 0, but self_specially_disabled is true; the person counts"


_TOTALS = ("total_income", "aggregate_income", "comprehensive_income")
_AMOUNTS = (
    *_TOTALS,
    *("retirement_income", "forestry_income", "land_business_income", "long_term_gains", "short_term_gains"),
    *("futures_income", "treaty_income", "employment_revenue", "employment_income", "pension_revenue"),
    "pension_income",
)


def dependants_of(income: Income) -> int:
    """Number of 扶養親族等: dependants of every age and the spouse of the same livelihood. For rules."""
    return (
        income.dependants_under_16
        + income.dependants_16_to_18
        + income.dependants_19_to_22
        + income.dependants_23_to_29
        + income.dependants_30_to_69
        + income.dependants_from_70
        + (0 if income.spouse == Spouse.NONE else 1)
    )
