"""児童手当 written by hand: one loop over households, from Arrow tables to an Arrow table.

The yardstick of the compiled rules: it does for the columns it is given all that the rules and declarations do, and in
no other way than somebody would who wrote this one decision for speed. It checks what a column may hold, that ids are
unique and refer to somebody, and what of a claim cannot be together; marks the households in which something is the
matter, or that the law refuses; and answers for every child whom the others have.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
from benchmarks.tables.by_hand.columns import (
    EPOCH,
    Numbers,
    Texts,
    absent,
    choices,
    coded,
    numbers,
    offsets_of,
    one,
    repeated,
    same,
    text_array,
    texts,
)
from numba import njit

from munirules.law.welfare.child_allowance import ChildAllowanceClaims, ChildAllowanceRates
from munirules.law.welfare.months import AgeEnd, born_from
from munirules.models.household import Capacity, Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from munirules import Rulebook

    Named = Callable[[np.ndarray], pa.Array]

FINE, BAD, REFUSED = 0, 1, 2
NONE = -1
RECIPIENT = int(Role.RECIPIENT)
INSTITUTIONS = (int(Capacity.FACILITY), int(Capacity.FOSTER_PARENT), int(Capacity.FAMILY_HOME))
FIRST_DAY, LAST_DAY = date.min.toordinal() - EPOCH, date.max.toordinal() - EPOCH
MOST_MEMBERS = 1024


class Rates(NamedTuple):
    """The law as numbers: from which birth on each band reaches, and a child counts at all; what bands pay; the month's first day."""

    born_since: np.ndarray
    first: np.ndarray
    third: np.ndarray
    third_from: int
    days: int
    month: int
    on: int


class Members(NamedTuple):
    """The members' columns, and where those of each household begin."""

    offsets: np.ndarray
    id: Texts
    born_on: Numbers
    claimed_on: Numbers
    event_on: Numbers


class Holders(NamedTuple):
    """The roles' columns, and where those of each household begin."""

    offsets: np.ndarray
    role: Numbers
    capacity: Numbers
    member: Texts
    about: Texts


class Found(NamedTuple):
    """What the loop fills: the state of each household, and for each answer whose it is, who receives, order, amount."""

    state: np.ndarray
    household: np.ndarray
    member: np.ndarray
    recipient: np.ndarray
    order: np.ndarray
    amount: np.ndarray


def rates_of(book: Rulebook, on: date) -> Rates:
    """What the law says on a date."""
    rates = book.timeline(ChildAllowanceRates, "welfare", None).at(on).value
    claims = book.timeline(ChildAllowanceClaims, "welfare", None).at(on).value
    since = [born_from(on, band.until_age, band.ends) for band in rates.bands]
    since.append(born_from(on, rates.counted_to_age, AgeEnd.SCHOOL_YEAR))
    return Rates(
        born_since=np.array([day.toordinal() - EPOCH for day in since], np.int64),
        first=np.array([band.first for band in rates.bands], np.int64),
        third=np.array([band.third for band in rates.bands], np.int64),
        third_from=rates.third_from,
        days=claims.days,
        month=on.replace(day=1).toordinal() - EPOCH,
        on=on.toordinal() - EPOCH,
    )


def child_allowance(tables: dict[str, pa.Table], rates: Rates, threads: int = 1) -> tuple[pa.Table, pa.Table]:
    """Decide all households.

    Args:
        tables: `main` with `key`; `members` with `key`, `id`, `born_on` and the claim; `holders` with `key`, `role`,
            `capacity`, `member` and `about`. Parts may stand in any order.
        rates: the law.
        threads: over how many the households are shared out.

    Returns:
        The answers, as the library gives them, and row and key of the households that have none, with whether their
        data are at fault or the law refuses.
    """
    keys = numbers(tables["main"]["key"]).values
    members, holders, named = viewed(tables["members"], tables["holders"], keys)
    bounds = np.linspace(0, len(keys), threads + 1).astype(np.int64)
    state = np.zeros(len(keys), np.int8)
    if threads == 1:
        pieces = [_piece(members, holders, rates, state, bounds[:2], keys, named)]
    else:
        with ThreadPoolExecutor(threads) as pool:
            runs = [
                pool.submit(_piece, members, holders, rates, state, bounds[at : at + 2], keys, named)
                for at in range(threads)
            ]
            pieces = [run.result() for run in runs]
    rows = np.flatnonzero(state)
    aside = pa.table({"row": rows, "key": keys[rows], "refused": state[rows] == REFUSED})
    return pa.Table.from_batches(pieces), aside


def viewed(members: pa.Table, holders: pa.Table, keys: np.ndarray) -> tuple[Members, Holders, Named]:
    """View the columns of members and of roles in the order of their households, and what gives members' ids."""
    offsets, order = offsets_of(keys, numbers(members["key"]).values)
    members = members if order is None else members.take(order)
    begins, order = offsets_of(keys, numbers(holders["key"]).values)
    holders = holders if order is None else holders.take(order)
    columns = [members["id"], holders["member"], holders["about"]]
    named: Named
    if pa.types.is_dictionary(members["id"].type):
        ids, whom, about = coded(columns)
        column = one(members["id"])
        named = lambda places: column.take(pa.array(places)).cast(pa.string())  # noqa: E731
    else:
        ids, whom, about = (texts(column) for column in columns)
        named = lambda places: text_array(ids, places)  # noqa: E731
    claim = [numbers(members[f"ChildAllowanceClaim.{name}"]) for name in ("claimed_on", "event_on")]
    roles = {member.name.lower(): int(member) for member in Role}
    capacities = {member.name.lower(): int(member) for member in Capacity}
    standing = [choices(holders["role"], roles, NONE), choices(holders["capacity"], capacities, NONE)]
    return (
        Members(offsets, ids, numbers(members["born_on"]), *claim),
        Holders(begins, *standing, whom, about),
        named,
    )


def _piece(
    members: Members, holders: Holders, rates: Rates, state: np.ndarray, bounds: Any, keys: np.ndarray, named: Named
) -> pa.RecordBatch:
    """Decide the households between two bounds."""
    first, last = int(bounds[0]), int(bounds[1])
    born = members.born_on.values[members.offsets[first] : members.offsets[last]]
    most = int((born >= rates.born_since[-1]).sum())
    found = Found(state, *np.empty((3, most), np.int32), *np.empty((2, most), np.int64))
    answers = decide(members, holders, rates, found, first, last)
    rows = found.household[:answers]
    columns = {
        "row": rows.astype(np.int64),
        "key": keys[rows],
        "member": named(found.member[:answers]),
        "recipient": named(found.recipient[:answers]),
        "order": found.order[:answers],
        "amount": found.amount[:answers],
        "status": repeated("decided", answers),
        "reason": pa.nulls(answers, pa.string()),
    }
    return pa.RecordBatch.from_pydict(columns)


@njit(nogil=True, cache=True)
def decide(members: Members, holders: Holders, rates: Rates, found: Found, first: int, last: int) -> int:
    """Fill `found` for the households from `first` to before `last`; return how many answers there are."""
    offsets, born_on = members.offsets, members.born_on.values
    id_ends, id_data = members.id.offsets, members.id.data
    begins, roles, capacities = holders.offsets, holders.role.values, holders.capacity.values
    places = np.empty(MOST_MEMBERS, np.int64)  # of holders: whose id each names
    abouts = np.empty(MOST_MEMBERS, np.int64)  # of holders: for which child; `NONE` for all
    recipients = np.empty(MOST_MEMBERS, np.int64)  # of members: who receives; `NONE` where it is no concern
    ranks = np.empty(MOST_MEMBERS, np.int64)  # of members: what their order goes by
    born_since, first_paid, third_paid = rates.born_since, rates.first, rates.third
    id_bits, id_start = members.id.bits, members.id.start
    born_bits, born_start = members.born_on.bits, members.born_on.start
    claimed_days, claimed_bits, claimed_start = members.claimed_on
    event_days, event_bits, event_start = members.event_on
    holder_ends, holder_data, holder_bits, holder_start = holders.member
    about_ends, about_data, about_bits, about_start = holders.about
    households, answered, receives = found.household, found.member, found.recipient
    orders, amounts, state = found.order, found.amount, found.state
    oldest = born_since[-1]
    count = 0
    for row in range(first, last):
        low, high = offsets[row], offsets[row + 1]
        begin, end = begins[row], begins[row + 1]
        if high - low > MOST_MEMBERS or end - begin > MOST_MEMBERS:
            state[row] = BAD
            continue
        fine = True
        for member in range(low, high):
            born = born_on[member]
            fine &= FIRST_DAY <= born <= rates.on and id_ends[member + 1] > id_ends[member]
            if absent(born_bits, born_start, member):
                fine = False
            if absent(id_bits, id_start, member):
                fine = False
            for other in range(low, member):
                fine &= not same(id_ends, id_data, other, id_ends, id_data, member)
            recipients[member - low] = NONE
            ranks[member - low] = NONE
            given = not absent(claimed_bits, claimed_start, member)
            eventful = not absent(event_bits, event_start, member)
            if not given:
                fine &= not eventful
                continue
            claimed_on = claimed_days[member]
            fine &= FIRST_DAY <= claimed_on <= LAST_DAY
            since = claimed_on
            if eventful:
                event_on = event_days[member]
                fine &= FIRST_DAY <= event_on <= LAST_DAY - rates.days
                if since >= rates.month and claimed_on <= event_on + rates.days:
                    since = event_on
            if since < rates.month and born >= oldest:  # paid from the month after
                ranks[member - low] = (born - FIRST_DAY) * MOST_MEMBERS + member - low
        named = False
        for holder in range(begin, end):
            role = roles[holder]
            fine &= role != NONE and capacities[holder] != NONE
            named |= role == RECIPIENT
            place = NONE
            if not absent(holder_bits, holder_start, holder):
                place = member_with(id_ends, id_data, low, high, holder_ends, holder_data, holder)
            fine &= place != NONE
            places[holder - begin] = place
            abouts[holder - begin] = NONE
            if not absent(about_bits, about_start, holder):
                place = member_with(id_ends, id_data, low, high, about_ends, about_data, holder)
                fine &= place != NONE
                abouts[holder - begin] = place
        if not fine or not named:
            state[row] = REFUSED if fine else BAD
            continue
        for member in range(low, high):
            if born_on[member] < oldest:
                continue
            chosen = NONE
            for holder in range(begin, end):
                if roles[holder] == RECIPIENT:
                    if abouts[holder - begin] == member:
                        chosen = holder
                        break
                    if abouts[holder - begin] == NONE:
                        chosen = holder
            if chosen != NONE and capacities[chosen] not in INSTITUTIONS and places[chosen - begin] != member:
                recipients[member - low] = places[chosen - begin]
        for member in range(low, high):
            recipient = recipients[member - low]
            if recipient == NONE:
                continue
            order = 0
            own = ranks[member - low]
            if own != NONE:
                for other in range(high - low):
                    order += recipients[other] == recipient and 0 <= ranks[other] <= own
            households[count] = row
            answered[count] = member
            receives[count] = recipient
            orders[count] = order
            amounts[count] = (
                0
                if order == 0
                else amount(born_since, first_paid, third_paid, born_on[member], order >= rates.third_from)
            )
            count += 1
    return count


@njit(nogil=True, cache=True)
def member_with(
    id_ends: np.ndarray, id_data: np.ndarray, low: int, high: int, ends: np.ndarray, data: np.ndarray, index: int
) -> int:
    """The member of a household whose id stands at a place of a column; `NONE` for nobody."""
    for member in range(low, high):
        if same(id_ends, id_data, member, ends, data, index):
            return member
    return NONE


@njit(nogil=True, cache=True)
def amount(since: np.ndarray, first: np.ndarray, third: np.ndarray, born_on: int, is_third: bool) -> int:
    """The amount of the first band that a day of birth falls in; 0 past all of them."""
    for band in range(len(first)):
        if born_on >= since[band]:
            return third[band] if is_third else first[band]
    return 0
