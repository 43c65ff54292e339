"""A map held against a file: every header is accounted for, every field can be filled, every constant is right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from munirules.errors import MunirulesError, did_you_mean
from munirules.tables.files.mapping import ONE, REST, MapError, Source, TableMap
from munirules.tables.files.targets import CODE, DAY, Target, Targets

if TYPE_CHECKING:
    import pyarrow as pa

    from munirules.tables.files.convert import Converted
    from munirules.tables.files.reading import Wanted

NUMBERS = frozenset({"yen", "sen", "count", "quantity"})
INTEGERS = NUMBERS - {"sen"}
MANY = 40


@attrs.frozen
class Filled:
    """A column to make: what it becomes, and where from. `source.codes`, `value` and `default` are read values."""

    target: Target
    source: Source


@attrs.frozen(kw_only=True)
class Plan:
    """How a batch of a file becomes columns.

    Attributes:
        fields: the columns of `decide_table`.
        results: what the old system answered, by result field.
        on: the date's column, if the file has one.
        code: the municipality's code, if the file has it.
        key: header of the key; None for none.
        keep: headers that are handed on.
    """

    fields: tuple[Filled, ...]
    results: tuple[Filled, ...] = ()
    on: Filled | None = None
    code: Filled | None = None
    key: str | None = None
    keep: tuple[str, ...] = ()

    @property
    def filled(self) -> tuple[Filled, ...]:
        """Every column to make."""
        return (*self.fields, *self.results, *(each for each in (self.on, self.code) if each is not None))

    @property
    def wanted(self) -> dict[str, Wanted]:
        """Headers that are to be read; text that serves one plain field alone may be read at once as its type."""
        used = Counter(header for each in self.filled for header in each.source.headers)
        used.update([*self.keep, *([] if self.key is None else [self.key])])
        wanted: dict[str, Wanted] = dict.fromkeys(used, "text")
        for each in self.filled:
            spec = each.target.spec
            if each.source.plain and used[each.source.headers[0]] == 1:
                if spec.kind in INTEGERS:
                    wanted[each.source.headers[0]] = "int"
                elif spec.kind == "day" and not spec.partial:
                    wanted[each.source.headers[0]] = "day"
        return wanted

    def convert(self, batch: pa.RecordBatch) -> Converted:
        """Turn a batch of the file into columns; see `munirules.tables.files.convert.convert`."""
        from munirules.tables.files.convert import convert

        return convert(self, batch)


def plain_map(headers: Sequence[str], targets: Targets, mapped: TableMap) -> TableMap:
    """The map of a file whose headers are the names of fields: each is its own source.

    Args:
        headers: the file's.
        targets: what they may be.
        mapped: what is said otherwise: key, on, code, keep, drop; its fields are empty.
    """
    aside = {*mapped.keep, *mapped.drop}
    fields = {header: Source(headers=(header,)) for header in headers if header in targets and header not in aside}
    return attrs.evolve(mapped, fields=fields)


def bind(
    mapped: TableMap,
    headers: Sequence[str],
    targets: Targets,
    *,
    results: Targets | None = None,
    name: str = "the file",
    tables: Iterable[str] = (),
) -> Plan:
    """Hold a map against the headers of a file.

    Args:
        mapped: the map.
        headers: headers of the file.
        targets: what may be filled, by name.
        results: what the old system's answers may be; None where the map's `results` are not wanted.
        name: what to call the file in errors.
        tables: names of tables that come by files of their own.

    Raises:
        MapError: naming each header that is missing, stands twice or is not accounted for, each unknown field, each
            required field that nothing fills, and each constant, code or default that its field does not allow.
    """
    binder = _Binder(mapped, tuple(headers), name)
    fields = binder.fill("fields", mapped.fields, targets)
    wanted = binder.fill("results", mapped.results, results) if results is not None else ()
    on = binder.one(DAY, mapped.on)
    code = binder.one(CODE, mapped.code)
    binder.lists()
    binder.required(targets, {each.target.name for each in fields} | set(tables))
    unwanted = mapped.results if results is None else {}
    keep = binder.account((*fields, *wanted, *(each for each in (on, code) if each)), unwanted, targets)
    if binder.problems:
        raise MapError(binder.problems)
    return Plan(fields=fields, results=wanted, on=on, code=code, key=mapped.key, keep=keep)


class _Binder:
    def __init__(self, mapped: TableMap, headers: tuple[str, ...], name: str) -> None:
        self.mapped = mapped
        self.headers = headers
        self.name = name
        self.at = f"{mapped.where}: " if mapped.where else ""
        twice = [header for header, count in Counter(headers).items() if count > 1]
        self.problems = [f"{name}: the header {header!r} stands twice" for header in twice]

    def fill(self, part: str, sources: Mapping[str, Source], targets: Targets) -> tuple[Filled, ...]:
        """Bind sources to targets."""
        found = []
        for field, source in sources.items():
            target = targets.get(field)
            if target is None:
                known = ", ".join(list(targets)[:MANY]) + (", …" if len(targets) > MANY else "")
                label = next((each.name for each in targets.values() if each.label == field), "")
                near = f" — {field} is the label of {label!r}" if label else did_you_mean(field, targets)
                self._say(source, f"{part}: {field!r} is unknown{near} (known: {known})")
                continue
            found.append(self._bound(target, source))
        return tuple(found)

    def one(self, target: Target, source: Source | None) -> Filled | None:
        """Bind the source of the date or of the code."""
        return None if source is None else self._bound(target, source)

    def _bound(self, target: Target, source: Source) -> Filled:
        for header in source.headers:
            self._there(header, source, target.name)
        kind = target.spec.kind
        if source.factor != ONE and kind not in NUMBERS:
            self._say(source, f"{target.name} ({target.label}): unit and factor are for numbers")
        if (source.system is not None or source.policy != "strict") and kind != "day":
            self._say(source, f"{target.name} ({target.label}): system and policy are for dates")
        if source.empty == "none" and not target.optional and not target.fact:
            self._say(
                source, f'{target.name} ({target.label}): may not be none; write default = … or empty = "missing"'
            )
        if kind == "rows" and not source.plain:
            self._say(source, f"{target.name}: a list of parts is taken as it is; map it as a table of its own")
        codes = source.codes
        if codes is not None:
            codes = {code: self._read(target, source, value) for code, value in codes.items()}
        value, default = (self._read(target, source, each) for each in (source.value, source.default))
        return Filled(target, attrs.evolve(source, codes=codes, value=value, default=default))

    def _read(self, target: Target, source: Source, raw: Any) -> Any:
        if raw is None:
            return None
        try:
            return target.read(raw)
        except MunirulesError as error:
            self._say(source, str(error))
            return None

    def lists(self) -> None:
        """Key and lists name headers of the file, and none both ways."""
        for key, headers in (("keep", self.mapped.keep), ("drop", self.mapped.drop)):
            for header in headers:
                if header != REST:
                    self._there(header, None, key)
        if self.mapped.key is not None:
            self._there(self.mapped.key, None, "key")
        both = set(self.mapped.keep) & set(self.mapped.drop)
        self.problems += [f"{self.at}{header!r} is both kept and dropped" for header in sorted(both)]

    def required(self, targets: Targets, filled: set[str]) -> None:
        """What has no default is filled; of a fact, where a column of it is."""
        facts = {target.fact for name, target in targets.items() if name in filled and name != target.fact}
        for target in targets.values():
            if target.required and target.name not in filled and (not target.fact or target.fact in facts):
                near = did_you_mean(target.name, self._free()) or did_you_mean(target.label, self._free())
                self.problems.append(
                    f"{self.at}{self.name}: no column fills {target.name} ({target.label}), which is required{near}"
                )

    def account(self, filled: Iterable[Filled], unwanted: Mapping[str, Source], targets: Targets) -> tuple[str, ...]:
        """Every header is used, kept or dropped; returns those to keep."""
        used = {header for each in filled for header in each.source.headers}
        used.update(header for source in unwanted.values() for header in source.headers)
        used.update([self.mapped.key] if self.mapped.key is not None else [])
        rest = [header for header in self.headers if header not in used]
        if REST in self.mapped.keep:
            return tuple(header for header in rest if header not in self.mapped.drop)
        if REST not in self.mapped.drop:
            for header in rest:
                if header not in self.mapped.keep and header not in self.mapped.drop:
                    label = next((each.name for each in targets.values() if each.label == header), "")
                    near = f" — it is the label of {label!r}" if label else did_you_mean(header, targets)
                    if header in targets:
                        near = f" — a field has this name; map it: {header} = {header!r}"
                    self.problems.append(
                        f"{self.at}{self.name}: the column {header!r} is neither mapped, kept nor dropped{near}"
                    )
        return tuple(header for header in self.mapped.keep if header != REST)

    def _free(self) -> Iterator[str]:
        used = {header for source in self.mapped.fields.values() for header in source.headers}
        return (header for header in self.headers if header not in used)

    def _there(self, header: str, source: Source | None, what: str) -> None:
        if header not in self.headers:
            near = did_you_mean(header, self.headers)
            self._say(
                source, f"{what}: {self.name} has no column {header!r}{near} (columns: {', '.join(self.headers)})"
            )

    def _say(self, source: Source | None, problem: str) -> None:
        at = f"{source.where}: " if source is not None and source.where else self.at
        self.problems.append(at + problem)
