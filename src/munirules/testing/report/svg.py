"""Plots as inline SVG, drawn from data alone: no script, nothing from a network. Colours come from the page's style."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape
from math import floor, log10
from typing import Final

from munirules.testing.report.words import number, signed

WIDTH: Final = 720
LEFT, RIGHT, TOP, BOTTOM = 84, 20, 16, 44

Spread = Sequence[tuple[float, int]]


def nice_step(reach: float, wanted: int) -> float:
    """A step of 1, 2 or 5 times a power of ten that divides a reach into about so many."""
    raw = max(reach, 1e-9) / max(wanted, 1)
    power = float(10 ** floor(log10(raw)))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * 0.999)


def ticks(low: float, high: float, wanted: int = 6) -> list[float]:
    """Round values from just below `low` to just above `high`."""
    step = nice_step(high - low, wanted)
    first, last = floor(low / step), -floor(-high / step)
    return [index * step for index in range(int(first), int(last) + 1)]


class _Axes:
    """A plane with two axes, and what is drawn on it.

    Args:
        x: least and greatest value across.
        y: least and greatest value up.
        height: of the whole, in pixels.
        left: room for what stands before it.
        title: what the plot shows, for those who cannot see it.
    """

    def __init__(self, x: tuple[float, float], y: tuple[float, float], height: int, left: int, title: str) -> None:
        self.x, self.y, self.height, self.left, self.title = x, y, height, left, title
        self.parts: list[str] = []

    def across(self, value: float) -> float:
        low, high = self.x
        return self.left + (value - low) / ((high - low) or 1) * (WIDTH - self.left - RIGHT)

    def up(self, value: float) -> float:
        low, high = self.y
        return self.height - BOTTOM - (value - low) / ((high - low) or 1) * (self.height - TOP - BOTTOM)

    def add(self, part: str) -> None:
        self.parts.append(part)

    def text(self, x: float, y: float, text: str, anchor: str = "middle", kind: str = "tick") -> None:
        self.add(f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>')

    def line(self, x1: float, y1: float, x2: float, y2: float, kind: str) -> None:
        self.add(f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')

    def box(self, x: float, y: float, width: float, height: float, kind: str, tip: str) -> None:
        shape = f'x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" height="{max(height, 1):.1f}" rx="1.5"'
        self.add(f'<rect class="{kind}" {shape}><title>{escape(tip)}</title></rect>')

    def grid_up(self, values: Sequence[float], told: Callable[[float], str]) -> None:
        for value in values:
            y = self.up(value)
            self.line(self.left, y, WIDTH - RIGHT, y, "grid" if value else "zero")
            self.text(self.left - 8, y + 4, told(value), "end")

    def grid_across(self, values: Sequence[float], told: Callable[[float], str], label: str) -> None:
        base = self.height - BOTTOM
        for value in values:
            x = self.across(value)
            self.line(x, base, x, base + 4, "axis")
            self.text(x, base + 18, told(value))
        self.line(self.left, base, WIDTH - RIGHT, base, "axis")
        self.text((self.left + WIDTH - RIGHT) / 2, self.height - 6, label, kind="label")

    def drawn(self) -> str:
        title = escape(self.title)
        head = f'<svg viewBox="0 0 {WIDTH} {self.height}" role="img" aria-label="{title}"><title>{title}</title>'
        return "".join([head, *self.parts, "</svg>"])


def bars(items: Sequence[tuple[str, float]], unit: str, title: str) -> str:
    """Horizontal bars to both sides of zero: label and value."""
    left, row = 250, 30
    values = [value for _, value in items]
    low, high = min(0, *values), max(0, *values)
    room = (high - low or 1) * 0.18  # for the words beside the bars
    axes = _Axes(
        (low - (room if low < 0 else 0), high + (room if high > 0 else 0)), (0, 1), row * len(items) + 16, left, title
    )
    zero = axes.across(0)
    for index, (label, value) in enumerate(items):
        y = 8 + index * row
        axes.text(left - 12, y + 18, short(label, 17), "end", "label")
        end = axes.across(value)
        told = signed(value, unit)
        axes.box(min(zero, end), y + 5, abs(end - zero), row - 12, "more" if value > 0 else "less", f"{label}: {told}")
        axes.text(end + (6 if value >= 0 else -6), y + 18, told, "start" if value >= 0 else "end")
    axes.line(zero, 4, zero, axes.height - 4, "axis")
    return axes.drawn()


def bins(spread: Spread, wanted: int = 36) -> list[tuple[float, float, int]]:
    """A spread of differences as bins (from, below, how many) of one width, none of which holds both signs."""
    values = [value for value, _ in spread]
    step = nice_step(max(values) - min(values), wanted) if len(values) > 1 else max(abs(values[0]), 1)
    step = max(step, 1)
    counts: dict[int, int] = {}
    for value, count in spread:
        index = floor(value / step) if value > 0 else -floor(-value / step) - 1
        counts[index] = counts.get(index, 0) + count
    return [(index * step, (index + 1) * step, counts[index]) for index in sorted(counts)]


def histogram(spread: Spread, unit: str, title: str, label: str) -> str:
    """How many rows have which difference; what is unchanged is left out."""
    changed = [(value, count) for value, count in spread if value]
    if not changed:
        return ""
    made = bins(changed)
    high = max(count for _, _, count in made)
    up, across = ticks(0, high, 5), ticks(made[0][0], made[-1][1], 8)
    axes = _Axes((across[0], across[-1]), (0, up[-1]), 280, LEFT, title)
    axes.grid_up(up, number)
    for start, end, count in made:
        x, width = axes.across(start), axes.across(end) - axes.across(start)
        y = axes.up(count)
        tip = f"{signed(start, unit)} – {signed(end, unit)}: {number(count)}"
        axes.box(x + 0.5, y, width - 1, axes.up(0) - y, "more" if start >= 0 else "less", tip)
    axes.grid_across(across, lambda value: signed(value, "") if value else "0", f"{label} ({unit})")
    axes.line(axes.across(0), TOP, axes.across(0), axes.height - BOTTOM, "zero")
    return axes.drawn()


def steps(
    at: Sequence[int],
    before: Sequence[float | None],
    after: Sequence[float | None],
    names: tuple[str, str, str],
    axis: str,
    unit: str,
) -> str:
    """Amounts of two sides over a number, one above the other with their difference below.

    Args:
        at: the number's values.
        before: amounts of the one side.
        after: of the other.
        names: what the sides, and the difference, are called.
        axis: what the number is called.
        unit: of the amounts.
    """
    known = [value for value in (*before, *after) if value is not None]
    apart = [None if one is None or other is None else other - one for one, other in zip(before, after, strict=True)]
    up = ticks(min(0, *known), max(known), 6)
    across = ticks(at[0], at[-1], 8)
    upper = _Axes((at[0], at[-1]), (up[0], up[-1]), 320, LEFT, f"{names[0]}, {names[1]}")
    upper.grid_up(up, number)
    for values, kind in ((after, "after"), (before, "before")):  # the broken line lies on the whole one
        for path in _stairs(upper, at, values):
            upper.add(f'<path class="{kind}" d="{path}"/>')
    for index, kind in enumerate(("before", "after")):
        x = LEFT + 16 + index * 180
        upper.line(x, TOP + 8, x + 24, TOP + 8, kind)
        upper.text(x + 30, TOP + 12, short(names[index], 14), "start", "label")
    shown = [value for value in across if at[0] <= value <= at[-1]]
    upper.grid_across(shown, number, axis)
    return upper.drawn() + _apart(at, apart, names[2], shown, unit)


def scatter(points: Sequence[tuple[float, float]], title: str, across: str, up: str, unit: str) -> str:
    """Differences over a quantity, a dot each.

    Args:
        points: quantity and difference.
        title: what the plot shows.
        across: what the quantity is called.
        up: what the difference is called.
        unit: of the differences.
    """
    xs, ys = [x for x, _ in points], [y for _, y in points]
    high, wide = ticks(min(0, *ys), max(0, *ys), 6), ticks(min(xs), max(xs), 8)
    axes = _Axes((wide[0], wide[-1]), (high[0], high[-1]), 300, LEFT, title)
    axes.grid_up(high, lambda value: signed(value, "") if value else "0")
    for x, y in points:
        place = f'cx="{axes.across(x):.1f}" cy="{axes.up(y):.1f}"'
        tip = f"<title>{escape(f'{number(x)}: {signed(y, unit)}')}</title>"
        axes.add(f'<circle class="{"more" if y > 0 else "less"}" {place} r="2.6">{tip}</circle>')
    axes.grid_across(wide, number, across)
    axes.text(LEFT, TOP - 4, f"{up} ({unit})", "start", "label")
    return axes.drawn()


def _apart(at: Sequence[int], apart: Sequence[float | None], name: str, across: Sequence[float], unit: str) -> str:
    known = [value for value in apart if value is not None]
    up = ticks(min(0, *known), max(0, *known), 4) if known else [0, 1]
    axes = _Axes((at[0], at[-1]), (up[0], up[-1] if up[-1] > up[0] else up[0] + 1), 190, LEFT, name)
    axes.grid_up(up, lambda value: signed(value, "") if value else "0")
    zero = axes.up(0)
    for index, value in enumerate(apart):
        if value:
            x, end = axes.across(at[index]), axes.across(at[min(index + 1, len(at) - 1)])
            y = axes.up(value)
            tip = f"{number(at[index])}: {signed(value, unit)}"
            axes.box(x, min(y, zero), max(end - x, 2), abs(y - zero), "more" if value > 0 else "less", tip)
    axes.grid_across(across, number, name)
    return axes.drawn()


def _stairs(axes: _Axes, at: Sequence[int], values: Sequence[float | None]) -> Iterator[str]:
    """Paths of steps; a value that is not there ends one."""
    path: list[str] = []
    for value, x in zip(values, at, strict=True):
        if value is None:
            if path:
                yield "".join(path)
            path = []
            continue
        across, up = axes.across(x), axes.up(value)
        path.append(f"M{across:.1f} {up:.1f}" if not path else f"H{across:.1f}V{up:.1f}")
    if path:
        yield "".join(path)


def short(text: str, width: int) -> str:
    """A text that fits, counted in full-width characters."""
    used = 0.0
    for index, letter in enumerate(text):
        used += 0.55 if letter.isascii() else 1
        if used > width:
            return f"{text[: max(index - 1, 0)]}…"
    return text
