"""`RESULTS.md`: a first section of the library's cold and warm starts, and a section for each comparison."""

from __future__ import annotations

from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
SECTION = "\n## "


def keep(title: str, lines: list[str]) -> None:
    """Keep a section, in place of what stood under its title.

    Args:
        title: its title; empty for the first section, which has the page's.
        lines: what stands in it; of the first section the page's title too.
    """
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    first, *others = text.rstrip("\n").split(SECTION)
    body = "\n".join(lines).strip("\n")
    if not title:
        first = body
    else:
        own = f"{title}\n\n{body}"
        places = [place for place, other in enumerate(others) if other.partition("\n")[0] == title]
        if places:
            others[places[0]] = own
        else:
            others.append(own)
    RESULTS.write_text(SECTION.join(part.strip("\n") + "\n" for part in [first, *others]), encoding="utf-8")
