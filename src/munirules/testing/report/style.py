"""The style of a report's page: light and dark, for a screen and for paper."""

from __future__ import annotations

from typing import Final

STYLE: Final = """
:root { --ink: #1c2430; --soft: #5b6675; --paper: #ffffff; --back: #f4f5f7; --line: #dde1e7; --grid: #e8ebef;
  --link: #1d5fd1; --before: #8a94a3; --after: #1d5fd1; --more: #d9730d; --less: #0f8a7e; --good: #16794c; --bad: #c2341d; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --soft: #9aa5b4; --paper: #171b21; --back: #0f1216;
  --line: #2d343e; --grid: #242a33; --link: #79a8ff; --before: #8a94a3; --after: #79a8ff; --more: #f29a4a; --less: #4cc2b5;
  --good: #5fc994; --bad: #ff8b75; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink);
  font: 15px/1.7 "Hiragino Sans", "Yu Gothic UI", "Noto Sans CJK JP", "Noto Sans JP", Meiryo, system-ui, sans-serif; }
main { max-width: 980px; margin: 0 auto; padding: 32px 40px 48px; background: var(--paper); min-height: 100vh; }
h1 { font-size: 25px; line-height: 1.4; margin: 0 0 12px; }
h2 { font-size: 19px; margin: 40px 0 12px; padding-bottom: 6px; border-bottom: 2px solid var(--line); }
h3 { font-size: 16px; margin: 36px 0 8px; padding-left: 10px; border-left: 4px solid var(--after); }
h4 { font-size: 14px; margin: 18px 0 4px; color: var(--soft); }
a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
p { margin: 8px 0; } p.good { color: var(--good); } p.bad { color: var(--bad); font-weight: 600; }
p.note { color: var(--soft); font-size: 13px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 8px 0; font-size: 14px; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
dd.key { grid-column: 1 / -1; font-family: ui-monospace, "Noto Sans Mono CJK JP", monospace; font-size: 12.5px; color: var(--soft); }
.tally { display: flex; flex-wrap: wrap; gap: 12px; margin: 20px 0; }
.tally div { flex: 1 1 120px; padding: 12px 16px; background: var(--back); border: 1px solid var(--line); border-radius: 8px; }
.tally b { display: block; font-size: 25px; line-height: 1.3; font-variant-numeric: tabular-nums; }
.tally span { color: var(--soft); font-size: 13px; } .tally .good b { color: var(--good); } .tally .bad b { color: var(--bad); }
.wide { overflow-x: auto; margin: 10px 0; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; line-height: 1.5; }
th { text-align: left; color: var(--soft); font-weight: 600; font-size: 12.5px; white-space: nowrap; }
th, td { padding: 6px 10px; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
pre { margin: 6px 0; padding: 10px 12px; background: var(--back); border: 1px solid var(--line); border-radius: 6px;
  font: 12.5px/1.6 ui-monospace, "Noto Sans Mono CJK JP", monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
figure { margin: 16px 0 24px; } figcaption { color: var(--soft); font-size: 13px; text-align: center; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
svg text { fill: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; } svg text.label { fill: var(--ink); }
.grid { stroke: var(--grid); } .axis { stroke: var(--before); } .zero { stroke: var(--soft); }
line.before, path.before { stroke: var(--before); stroke-width: 2.5; fill: none; stroke-dasharray: 6 4; }
line.after, path.after { stroke: var(--after); stroke-width: 2.5; fill: none; }
rect.more, circle.more { fill: var(--more); } rect.less, circle.less { fill: var(--less); } circle { fill-opacity: .55; }
@media print { body, main { background: #fff; } main { padding: 0; max-width: none; } h3, figure, table { break-inside: avoid; } }
""".strip()
