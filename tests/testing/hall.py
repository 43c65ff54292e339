"""The rulebook of a fictional city that has a hall."""

from tests.testing.fee_rules import hall

from munirules.testing.kit import book, ordinance

TEXT = """
[[version]]
since = 2020-04-01
[version.HallFees]
least = 300
most = 5000
fees = [{ above = 0, price = 250 }, { above = 3, price = 333 }]
"""


def hall_book():
    """The rulebook."""
    return book(hall, city=[ordinance(TEXT)])
