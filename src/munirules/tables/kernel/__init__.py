"""Decisions compiled over columns: the rules as they stand, by numba, in one loop per decision and date regime.

`types` says what the types of rules become and how they lie in columns, `lowering`, `arithmetic` and `counterparts` what
numba makes of them, `functions` and `rewriting` compile a rule as it stands, `writer`, `needs` and `body` write a decision's loop, `kernels`
keeps it, `encode` lays tables out, and `engine` runs it over chunks.
"""

from __future__ import annotations

from munirules.tables.kernel.engine import prepare

__all__ = ["prepare"]
