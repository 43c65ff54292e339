"""Files of fictional distributions: a nation that has one business, and municipalities that set its values."""

from __future__ import annotations

HEAD = 'title = "{title}"\nkind = "{kind}"\njurisdiction = "{code}"\nsource = "https://example.com/{code}"\nread_on = 2026-11-20\n'

NATION_RULES = """
    from munirules import Decision, Yen, facts, provision, result
    from munirules.models.fields import count, yen

    @facts(title="申請")
    class Application:
        copies: int = count("通数", minimum=1)

    @provision(title="手数料")
    class Fee:
        each: int = yen("一通の額")
        most: int = yen("上限", default=1_000_000)

    @result(title="手数料")
    class Paid:
        total: Yen

    copy_fee = Decision("office.copy", Application, Paid, title="写しの手数料", on="申請日", authority="長")

    @copy_fee.rule(title="額", law="手数料令第1条")
    def total(application: Application, fee: Fee) -> Yen:
        return min(application.copies * fee.each, fee.most)
"""


def fees(code: str, each: int, *, title: str = "手数料条例", kind: str = "ordinance", more: str = "") -> str:
    """An enactment that sets what a copy costs."""
    head = HEAD.format(title=title, kind=kind, code=code)
    return f"{head}{more}\n[[version]]\nsince = 2020-04-01\n[version.Fee]\neach = {each}\n"


def described(code: str, name: str, kind: str = "city", more: str = "") -> str:
    """`jurisdiction.toml` of a body that no table lists."""
    return f'code = "{code}"\nname = "{name}"\nkana = "かくう"\nromaji = "Kaku"\nkind = "{kind}"\n{more}'


NATION = {
    "nation_law/__init__.py": "",
    "nation_law/data/__init__.py": "",
    "nation_law/data/office.py": NATION_RULES,
    "nation_law/data/office.toml": fees("000000", 300, title="手数料令", kind="cabinet_order"),
}
"""The nation: a copy costs 300 where nobody else says so."""


def city(package: str, code: str = "999997", name: str = "架空市", each: int = 400, **more: str) -> dict[str, str]:
    """A municipality that is data only; `more` are further files of its folder."""
    files = {"office.toml": fees(code, each), "jurisdiction.toml": described(code, name), **more}
    return {f"{package}/__init__.py": "", **{f"{package}/data/{file}": text for file, text in files.items()}}
