"""What the parts of `munirules.tables` hand one another: a chunk of rows bound to declared classes, and its answers.

A chunk is some tens of thousands of subjects. `Bound` holds them as columns of canonical Arrow types, in which an engine
need not look twice: what a caller wrote in whatever form was read, and rows in which something is the matter are marked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

import attrs
import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook


@attrs.frozen(kw_only=True, eq=False)
class Node:
    """Objects of one declared class as columns, all of one length.

    Attributes:
        cls: the class.
        length: how many objects.
        columns: scalar fields that were given, by name, in canonical types:
            `int64` for yen, counts and quantities, for sen (in sen) and for the number of a choice; `bool`; `date32`;
            `string` for codes, texts and references; `dictionary<int32, string>` of the same where the caller's was one
            or few values recur; `string` for a rate, as it was written. A tuple of scalars is a `list` of one of these.
            A null stands only where the field may be None; in rows that are suspect, or in which a fact is not there,
            what stands is of the type and means nothing. A field that is not among them has its default in every row.
        records: record fields (a declared class inside), by name, of the same length. One that may be None tells by
            its `there`.
        parts: fields that hold several records, by name.
        there: true where the object is given, false where it is given as none, null where it is not given. None: it is
            given in every row. Only facts, and records that may be None, have it.
        about: for facts, the part class to whose items they are aligned; None for the subjects.
    """

    cls: type
    length: int
    columns: Mapping[str, pa.Array] = attrs.field(factory=dict)
    records: Mapping[str, Node] = attrs.field(factory=dict)
    parts: Mapping[str, Parts] = attrs.field(factory=dict)
    there: pa.BooleanArray | None = None
    about: type | None = None


@attrs.frozen(kw_only=True, eq=False)
class Parts:
    """The parts of every object of a node, one after the other.

    Attributes:
        offsets: int64, one more than there are objects: those of object `i` stand from `offsets[i]` to `offsets[i+1]`.
        items: the parts.
    """

    offsets: NDArray[np.int64]
    items: Node


@attrs.frozen(kw_only=True, eq=False)
class Bound:
    """One chunk, ready to decide.

    Attributes:
        subject: the subjects.
        facts: facts and supplied results by class: about the whole aligned to the subjects, about a part (`Node.about`)
            aligned to the items of that part class, in the order of the subject's `parts`.
        suspect: per subject, whether it, a part of it or a fact cannot be as it is given: a value that cannot be read, is
            out of bounds or not among the options, one that is missing though required, a date known only in part, and
            whatever `invariants`, `invariants_on` and `invariants_with` of its classes would refuse. An engine passes
            such rows over; they are decided again one by one, for their answer or their reason. Some may be right.
        rows: per subject, the row in the caller's table, from 0.
        on: the decision's date, or int64 `date.toordinal()` per subject (0 in a suspect row without one).
    """

    subject: Node
    facts: Mapping[type, Node]
    suspect: NDArray[np.bool_]
    rows: NDArray[np.int64]
    on: date | NDArray[np.int64]

    @property
    def length(self) -> int:
        """How many subjects."""
        return self.subject.length


@attrs.frozen(kw_only=True, eq=False)
class Answers:
    """What an engine answers for a chunk.

    Attributes:
        done: bool per subject: whether it came out as plainly decided. Others (suspect, failed, refused) are decided again
            in Python.
        fields: result field to its values in canonical types (see `Node.columns`; sen in sen, choices as numbers, texts
            also as a dictionary), null for None. One for each subject, meaningless where not `done`; of a member
            decision one for each of `items`.
        offsets: of a member decision, int64, one more than there are subjects: the answers of subject `i` stand from
            `offsets[i]` to `offsets[i + 1]`; none where not `done`.
        items: of a member decision, per answer the index of the member among the items of the part class.
    """

    done: NDArray[np.bool_]
    fields: Mapping[str, pa.Array]
    offsets: NDArray[np.int64] | None = None
    items: NDArray[np.int64] | None = None


class Engine(Protocol):
    """A decision made ready for chunks of one shape (the same columns given). Called from several threads at once."""

    def __call__(self, bound: Bound, /) -> Answers:
        """Decide the rows of a chunk that are not suspect."""


class Prepare(Protocol):
    """How a compiled engine is made ready: `prepare` of `munirules.tables.kernel`."""

    def __call__(
        self,
        book: Rulebook,
        decision: Decision[Any, Any],
        sample: Bound,
        on: date | None,
        /,
        *,
        known: date | None = None,
    ) -> Engine | str:
        """Make an engine.

        Args:
            book: for whom.
            decision: what is decided.
            sample: the first chunk: others have the same columns.
            on: the date; None where each row has its own, and date regimes are told apart by `bound.on`.
            known: as known on this date; None for all that is known.

        Returns:
            The engine, or why there is none, in plain words.
        """
