"""The law of 架空市 as texts: what a plugin's folder would hold."""

from __future__ import annotations

from tests.fictional.city import act, ordinance

LEVY_ACT = act(
    """
[[version]]
since = 2000-04-01
citation = "第2条"
[version.LevyRates]
age = 20

[[version]]
since = 2022-04-01
citation = "第2条"
[version.LevyRates]
age = 18

[[version]]
since = 2010-04-01
citation = "第9条"
[version.AllowanceRates]
limit = 60_000
"""
)

LEVY = ordinance(
    """
[[version]]
since = 2010-04-01
citation = "第3条"
[version.LevyRates]
rate = "5%"
exempt = 300_000
floor = 100

[[version]]
since = 2024-04-01
promulgated = 2023-12-20
citation = "第3条"
[version.LevyRates]
rate = "5.5%"
""",
    title="架空市賦課条例",
)

ALLOWANCE = ordinance(
    """
[[version]]
since = 2010-04-01
citation = "第5条"
[version.AllowanceRates]
per_child = 10_000
elder_bonus = 2_000
limit = 50_000
""",
    title="架空市手当条例",
)

LAWS = {"city": (LEVY, ALLOWANCE), "nation": (LEVY_ACT,)}
