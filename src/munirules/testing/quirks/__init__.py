"""Quirks of old systems: named habits and single figures, as hypotheses that explain differences."""

from munirules.testing.quirks.edits import Place, Reached
from munirules.testing.quirks.quirk import Both, Named, Quirk, QuirkError, Set, named_quirks, quirk_of, read_quirks

__all__ = ["Both", "Named", "Place", "Quirk", "QuirkError", "Reached", "Set", "named_quirks", "quirk_of", "read_quirks"]
