"""polars: 児童手当 and 水道料金 as expressions, from Arrow files in memory to Arrow tables.

The same answers for the same columns. Of what declarations check it looks at what an expression tells without a join
more: what is missing, born after the date, or a bound; not that ids are unique. Overflow it does not see.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from serve import serve

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(sys.argv[1])
LAW = json.loads((FOLDER / "law.json").read_text(encoding="utf-8"))
LEAST_SIZE, MOST_MONTHS = 10, 12
SEN_PER_YEN = 100


def child_allowance(members: pl.DataFrame, holders: pl.DataFrame) -> pl.DataFrame:
    """Who receives what for each child; the order is found by one sort, which a window by household takes six times of."""
    law = LAW["child"]
    on, month = date.fromisoformat(law["on"]), date.fromisoformat(law["month"])
    bands = [(date.fromisoformat(band["since"]), band["first"], band["third"]) for band in law["bands"]]
    claimed, event = pl.col("ChildAllowanceClaim.claimed_on"), pl.col("ChildAllowanceClaim.event_on")
    born = pl.col("born_on")
    in_time = event.is_not_null() & (claimed <= event.dt.offset_by(f"{law['days']}d"))
    counts = ((claimed < month) | (in_time & (event < month))).fill_null(value=False)
    receiving = holders.lazy().filter((pl.col("role") == "recipient") & pl.col("about").is_null())
    bad = pl.col("id").is_null() | born.is_null() | (born > on) | (claimed.is_null() & event.is_not_null())
    faulty = members.lazy().filter(bad).select("key").unique()
    paid = pl.lit(0)
    for since, first, third in reversed(bands):
        paid = (
            pl.when(born >= since)
            .then(pl.when(pl.col("order") >= law["third_from"]).then(third).otherwise(first))
            .otherwise(paid)
        )
    return (
        members.lazy()
        .filter(born >= date.fromisoformat(law["counted_since"]))
        .join(receiving.select("key", recipient="member"), on="key")
        .join(faulty, on="key", how="anti")
        .filter(pl.col("id") != pl.col("recipient"))
        .with_columns(counts=counts)
        .sort("key", "recipient", "born_on", maintain_order=True)
        .with_columns(before=pl.col("counts").cast(pl.Int64).cum_sum())
        .with_columns(
            start=pl.when(
                (pl.col("key") != pl.col("key").shift(1)) | (pl.col("recipient") != pl.col("recipient").shift(1))
            )
            .then(pl.col("before") - pl.col("counts").cast(pl.Int64))
            .forward_fill()
            .fill_null(0)
        )
        .with_columns(order=pl.when(pl.col("counts")).then(pl.col("before") - pl.col("start")).otherwise(0))
        .with_columns(amount=pl.when(pl.col("order") > 0).then(paid).otherwise(0).cast(pl.Int64))
        .select("key", pl.col("id").alias("member"), "recipient", "order", "amount")
        .collect()
    )


def water_bills(table: pl.DataFrame) -> pl.DataFrame:
    """The bills of a tariff for one month without tax, whose readings are halved and which is rounded on the total."""
    law = LAW["water"]
    volume, months = pl.col("volume").cast(pl.Int64), pl.col("months").cast(pl.Int64)
    none: pl.Expr = pl.lit(None, pl.Int64)
    base, included, rent = none, none, none
    for row in reversed(law["charges"]):
        fits = (pl.col("use") == row["use"]) & (pl.col("meter_size") <= row["to_size"])
        base = pl.when(fits).then(row["base"]).otherwise(base)
        included = pl.when(fits).then(row["included"]).otherwise(included)
    for row in reversed(law["rents"]):
        rent = pl.when(pl.col("meter_size") <= row["to_size"]).then(row["rent"]).otherwise(rent)
    sets = {row["use"]: row["bands"] for row in law["charges"]}
    odd = volume % months
    return (
        table.lazy()
        .filter(
            pl.all_horizontal(pl.all().is_not_null())
            & (pl.col("meter_size") >= LEAST_SIZE)
            & (volume >= 0)
            & months.is_between(1, MOST_MONTHS)
        )
        .with_columns(base=base, included=included, rent=rent, less=volume // months, odd=odd)
        .filter(pl.col("base").is_not_null() & pl.col("rent").is_not_null())
        .with_columns(
            billed_volume=volume,
            base_charge=pl.col("base") * months,
            volume_charge=priced(law["bands"], sets, pl.col("less") + 1) * pl.col("odd")
            + priced(law["bands"], sets, pl.col("less")) * (months - pl.col("odd")),
            meter_rent=pl.col("rent") * months,
            relief=pl.lit(0, pl.Int64),
            days_used=pl.lit(None, pl.Int64),
        )
        .with_columns(subtotal=pl.col("base_charge") + pl.col("volume_charge") + pl.col("meter_rent"))
        .with_columns(total=pl.col("subtotal") * (law["tax_den"] + law["tax_num"]) // (law["tax_den"] * SEN_PER_YEN))
        .with_columns(consumption_tax=pl.col("total") * law["tax_num"] // (law["tax_den"] + law["tax_num"]))
        .select(
            "key",
            "days_used",
            "billed_volume",
            "base_charge",
            "volume_charge",
            "meter_rent",
            "relief",
            "subtotal",
            "consumption_tax",
            "total",
        )
        .collect()
    )


def priced(bands: list[dict[str, Any]], sets: dict[str, str], volume: pl.Expr) -> pl.Expr:
    """The price of a month's volume, band by band, by the set of the use."""
    found: pl.Expr = pl.lit(0, pl.Int64)
    for chosen in sorted({band["bands"] for band in bands}):
        own = [band for band in bands if band["bands"] == chosen]
        price: pl.Expr = pl.lit(0, pl.Int64)
        for band, after in zip(own, [*own[1:], None], strict=True):
            start = pl.max_horizontal(pl.lit(band["above"]), pl.col("included"))
            end = volume if after is None else pl.min_horizontal(volume, pl.lit(after["above"]))
            price += pl.max_horizontal(end - start, pl.lit(0)) * band["price"]
            price += pl.when(volume > band["above"]).then(band["lump"]).otherwise(0)
        uses = [use for use, name in sets.items() if name == chosen]
        found = pl.when(pl.col("use").is_in(uses)).then(price).otherwise(found)
    return found


def prepare(case: str, rows: int, _way: str) -> Callable[[], int]:
    """Read the tables; what is returned decides them all and hands over an Arrow table."""
    names = ("main",) if case == "bills" else ("main", "members", "holders")
    tables = [pl.read_ipc(FOLDER / f"{case}-{rows}.{name}.arrow") for name in names]
    if case == "bills":
        return lambda: summed(water_bills(tables[0]), "total")
    members, holders = tables[1], tables[2].cast({"about": pl.String})
    if case == "within":  # texts of few values: polars compares them as one type only
        members, holders = members.cast({"id": pl.String}), holders.cast({"member": pl.String})
    return lambda: summed(child_allowance(members, holders), "amount")


def summed(frame: pl.DataFrame, name: str) -> int:
    """Hand the answers over as Arrow, and return the sum by which sides are compared."""
    frame.to_arrow()
    return frame[name].sum()


if __name__ == "__main__":
    serve(prepare)
