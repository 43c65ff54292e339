"""The loops written by hand answer as the rulebook does: else they would be no yardstick of it."""

import random
from datetime import date, timedelta
from importlib import import_module

import pyarrow as pa
import pytest

from munirules import Rulebook, Status, facts_of
from munirules.engine.bag import none_of
from munirules.errors import MunirulesError
from munirules.law.water.supply import WaterTariff, WaterUse, water_bill
from munirules.law.welfare.child_allowance import ChildAllowanceClaim, child_allowance
from munirules.models.household import Capacity, Household, Role, RoleHolder, Roles
from munirules.models.resident import Resident

ON = date(2025, 6, 1)
FINE, BAD, REFUSED = "fine", "bad", "refused"


def a_household(draw):
    """Members and holders as rows, with things that are the matter now and then."""
    names = draw.sample(["1", "2", "10", "20", "é", "長い番号"], draw.randint(1, 5))
    if draw.random() < 0.05:
        names[-1] = names[0]
    members = []
    for name in names:
        born = ON - timedelta(days=draw.randint(-10, 30 * 365))
        claimed = born + timedelta(days=draw.randint(0, 20)) if draw.random() < 0.7 else None
        if claimed is not None and draw.random() < 0.3:
            claimed = ON - timedelta(days=draw.randint(-5, 40))
            event = claimed - timedelta(days=draw.randint(0, 30))
        else:
            event = born if draw.random() < 0.6 and (claimed or draw.random() < 0.1) else None
        members.append({"id": name, "born_on": born, "claimed_on": claimed, "event_on": event})
    anybody = [*names, "99"] if draw.random() < 0.05 else names
    holders = [
        {
            "role": draw.choice(["recipient", "recipient", "recipient", "payee"]),
            "capacity": draw.choice(["parent", "parent", "guardian", "facility", "foster_parent", "self"]),
            "member": draw.choice(anybody),
            "about": draw.choice([None, None, *anybody]),
        }
        for _ in range(draw.randint(0, 3))
    ]
    return members, holders


def scattered(parts, draw):
    """The rows of all households in no order; those of one keep theirs, by which ties are decided."""
    keys = [key for key, own in enumerate(parts) for _ in own]
    draw.shuffle(keys)
    left = [iter(own) for own in parts]
    return [next(left[key]) | {"key": key} for key in keys]


def tables_of(households, draw):
    """The tables of many households."""
    members = scattered([own for own, _ in households], draw)
    holders = scattered([own for _, own in households], draw)
    claim = "ChildAllowanceClaim."
    renamed = {"claimed_on": claim + "claimed_on", "event_on": claim + "event_on"}
    words = pa.dictionary(pa.int32(), pa.string())
    return {
        "main": pa.table({"key": pa.array(range(len(households)), pa.int64())}),
        "members": pa.table(
            {
                renamed.get(name, name): pa.array([row[name] for row in members], kind)
                for name, kind in (("key", pa.int64()), ("id", pa.string()), ("born_on", pa.date32()), *CLAIM)
            }
        ),
        "holders": pa.table(
            {
                name: pa.array([row[name] for row in holders], kind)
                for name, kind in (
                    ("key", pa.int64()),
                    ("role", words),
                    ("capacity", words),
                    ("member", pa.string()),
                    ("about", pa.string()),
                )
            }
        ),
    }


CLAIM = (("claimed_on", pa.date32()), ("event_on", pa.date32()))


def decided(book, members, holders):
    """What the rulebook says of one household."""
    try:
        household = Household(members=tuple(Resident(id=row["id"], born_on=row["born_on"]) for row in members))
        roles = Roles(
            holders=tuple(
                RoleHolder(
                    role=Role[row["role"].upper()],
                    capacity=Capacity[row["capacity"].upper()],
                    member=row["member"],
                    about=row["about"],
                )
                for row in holders
            )
        )
        claims = []
        for row in members:
            if row["claimed_on"] is None and row["event_on"] is not None:
                return BAD, []
            if row["claimed_on"] is not None:
                claim = ChildAllowanceClaim(claimed_on=row["claimed_on"], event_on=row["event_on"])
                claims.append(facts_of(row["id"], claim))
            else:
                claims.append(facts_of(row["id"], none_of(ChildAllowanceClaim)))
        outcome = book.decide(child_allowance, household, roles, *claims, on=ON)
    except MunirulesError:
        return BAD, []
    if outcome.status is Status.REFUSED:
        return REFUSED, []
    found = []
    for row in members:
        try:
            own = outcome.of(row["id"])
        except MunirulesError:  # not concerned
            continue
        found.append((row["id"], own.recipient, own.order, own.amount))
    return FINE, found


@pytest.mark.parametrize("words", [pa.string(), pa.dictionary(pa.int32(), pa.string())])
@pytest.mark.parametrize("threads", [1, 2])
def test_child_allowance_by_hand(threads, words):
    child = import_module("benchmarks.tables.by_hand.child")
    book, draw = Rulebook.of("岐阜県岐阜市"), random.Random(5)
    households = [a_household(draw) for _ in range(400)]
    wanted = [decided(book, *own) for own in households]
    assert {kind for kind, _ in wanted} == {FINE, BAD, REFUSED}
    tables = tables_of(households, draw)
    for table, names in (("members", ["id"]), ("holders", ["member", "about"])):
        for name in names:
            own = tables[table]
            column = own[name] if words == pa.string() else own[name].dictionary_encode()
            tables[table] = own.set_column(own.column_names.index(name), name, column)
    answers, aside = child.child_allowance(tables, child.rates_of(book, ON), threads)
    found = {key: [] for key in range(len(households))}
    for row in answers.to_pylist():
        found[row["key"]].append((row["member"], row["recipient"], row["order"], row["amount"]))
    kinds = {row["key"]: REFUSED if row["refused"] else BAD for row in aside.to_pylist()}
    for key, (kind, own) in enumerate(wanted):
        assert kinds.get(key, FINE) == kind, (key, households[key])
        assert sorted(found[key]) == sorted(own), (key, households[key])


@pytest.mark.parametrize("town", ["岐阜県白川町", "岐阜県各務原市", "岐阜県郡上市", "宮城県大和町", "愛知県半田市"])
def test_water_bills_by_hand(town):
    bills = import_module("benchmarks.tables.by_hand.bills")
    book, draw = Rulebook.of(town), random.Random(7)
    uses = [row.use for row in book.timeline(WaterTariff, "water", None).at(ON).value.charges]
    rows = [
        {
            "use": draw.choice([*uses, *uses, "知らない用途"]),
            "meter_size": draw.choice([9, 13, 20, 25, 40, 75, 100, 400]),
            "volume": draw.choice([-1, 0, 1, 7, 10, 11, 25, 60, 199, 5_000]),
            "months": draw.choice([0, 1, 2, 2, 3]),
        }
        for _ in range(600)
    ]
    answers, aside = bills.water_bills(
        pa.table(
            {"key": pa.array(range(len(rows)), pa.int64())} | {name: [row[name] for row in rows] for name in rows[0]}
        ),
        bills.terms_of(book, ON),
        2,
    )
    found = {row["key"]: row for row in answers.to_pylist()}
    kinds = {row["key"]: REFUSED if row["refused"] else BAD for row in aside.to_pylist()}
    seen = set()
    for key, row in enumerate(rows):
        try:
            outcome = book.decide(water_bill, WaterUse(**row), on=ON)
        except MunirulesError:
            wanted = BAD
        else:
            wanted = REFUSED if outcome.status is Status.REFUSED else FINE
        seen.add(wanted)
        assert kinds.get(key, FINE) == wanted, row
        if wanted == FINE:
            for name in bills.FIELDS:
                own = found[key][name]
                assert getattr(outcome.result, name) == (int(own * 100) if name in bills.SEN else own), (name, row)
    assert seen == {FINE, BAD, REFUSED} or town != "岐阜県白川町"
