"""Maps from a legacy layout to fields: a TOML file that says, header by header, what an old system's columns mean.

The same map serves a run of decisions and an audit of the old system's answers::

    key = "水栓番号"                                # column that names the row, in results and rejects
    on = { from = "検針日", system = "default" }     # the decision's date, where it stands in a column
    code = "団体コード"                              # the municipality's code, where several stand in one file
    keep = ["地区"]                                 # put beside the result as it is; "*": all others
    drop = ["備考"]                                 # passed over; "*": all others

    [file]                                         # how the file is written, where that is not to be found out
    encoding = "cp932"
    delimiter = ","
    columns = ["水栓番号", "検針日"]                 # names of the columns of a file without a line of headers
    sheet = "検針"

    [fields]                                       # fields of the subject; those of facts are "Income.amount"
    meter_size = "口径"
    use = { from = "用途", codes = { "1" = "家事用", "2" = "営業用" } }
    previous_on = { from = ["前回元号", "前回年月日"], width = [1, 6], system = "default", none = ["0000000"] }
    months = { value = 2 }

    [results]                                      # what the old system answered: fields of the result (for audits)
    total = "請求額"
    base_charge = { from = "基本料金", unit = "sen" }

    [tables.members]                               # further files: parts of the subject, by name of the table
    key = "世帯番号"
    drop = "*"
    [tables.members.fields]
    born_on = { from = "生年月日", system = "juki" }

A field is filled by a header, or by a table of these keys:

========== =============================================================================================
`from`     header, or several whose texts are joined (era code and yymmdd)
`join`     what to put between joined texts
`width`    zeros are put before a text until it is that wide; a number for each header that is joined
`value`    a constant, in place of `from`
`codes`    the old system's codes to values; a code that is not listed sets the row aside
`system`   code system of dates (`munirules era systems` lists them)
`policy`   a date outside its era: `strict` sets the row aside, `normalise` and `keep` read it
`unit`     what an amount counts: `yen`, `sen`, `hundred_yen`, `thousand_yen`, `ten_thousand_yen`
`factor`   exact rate by which a number is multiplied; a result that is not whole sets the row aside
`none`     texts that stand for nothing, as an empty cell does
`empty`    an empty cell: `default` (as if left out), `none` (given as none), `missing` (sets the row aside)
`default`  the value of an empty cell
========== =============================================================================================

`read_map(path)` reads a map. `munirules.tables.files.plan.bind(map.main, headers, targets)` checks it against the headers
of a file and what may be filled, and gives a plan whose `convert(batch)` turns a batch of the file into columns that
`decide_table` takes. Everything wrong with a map is told at once, with file, line, key and a did-you-mean.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import attrs

from munirules.engine.lines import Lines
from munirules.errors import MunirulesError, did_you_mean
from munirules.money import MoneyError, Rate

Key = tuple[str | int, ...]

REST: Final = "*"
ONE: Final = Rate(1)
UNITS: Final = {
    "yen": ONE,
    "sen": Rate(1, 100),
    "hundred_yen": Rate(100),
    "thousand_yen": Rate(1_000),
    "ten_thousand_yen": Rate(10_000),
}
POLICIES: Final = ("strict", "normalise", "keep")
EMPTIES: Final = ("default", "none", "missing")
_TABLE: Final = ("key", "on", "code", "keep", "drop", "file", "fields", "results")
_TOP: Final = ("title", "tables", *_TABLE)
_FILE: Final = ("encoding", "delimiter", "columns", "sheet")
_SOURCE: Final = (
    *("from", "join", "width", "value", "codes", "system", "policy", "unit", "factor", "none", "empty", "default"),
)


class MapError(MunirulesError, ValueError):
    """A map that cannot be used, or does not fit its file.

    Attributes:
        problems: one line each, with file and line of the map.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@attrs.frozen(kw_only=True)
class Source:
    """Where a field's values come from and how they are read; the top of this module tells what each means.

    Attributes:
        headers: the columns of the file, whose texts are joined; none for a constant.
        value: the constant.
        join: text between joined texts.
        width: least width of each header's text; empty for as it is.
        codes: the old system's codes to plain values; None for none.
        system: code system of dates; None for none.
        policy: what is done with a date outside its era.
        factor: by what a number is multiplied; a `unit` is a factor too.
        none: texts that stand for nothing.
        empty: what an empty cell means; see the top.
        default: the plain value of an empty cell; None for none.
        where: file and line of the map, for errors; empty where no map says it.
    """

    headers: tuple[str, ...] = ()
    value: Any = None
    join: str = ""
    width: tuple[int, ...] = ()
    codes: Mapping[str, Any] | None = None
    system: str | None = None
    policy: str = "strict"
    factor: Rate = ONE
    none: tuple[str, ...] = ()
    empty: str = "default"
    default: Any = None
    where: str = ""

    @property
    def plain(self) -> bool:
        """Whether it is one column, read as its field is, with nothing done to it."""
        return self == Source(headers=self.headers, where=self.where) and len(self.headers) == 1


@attrs.frozen(kw_only=True)
class FileForm:
    """How a file is written; None for what is to be found out.

    Attributes:
        encoding: `utf-8`, `cp932` ….
        delimiter: what stands between the values of a line.
        columns: names of the columns, where the file has no line of headers.
        sheet: name of the sheet of an Excel file; None for the first.
    """

    encoding: str | None = None
    delimiter: str | None = None
    columns: tuple[str, ...] | None = None
    sheet: str | None = None


@attrs.frozen(kw_only=True)
class TableMap:
    """The map of one file.

    Attributes:
        name: the table: empty for that of the subjects, else `members`, `Roles.holders` ….
        key: header of the key; None where it is not said.
        on: the decision's date, where a column has it.
        code: the municipality's code, where a column has it.
        fields: field of the subject, part or fact to its source.
        results: field of the result to where the old system's answer stands.
        keep: headers to put beside the result; `("*",)` for all others.
        drop: headers to pass over; `("*",)` for all others.
        form: how the file is written.
        where: file and line of the map, for errors.
    """

    name: str = ""
    key: str | None = None
    on: Source | None = None
    code: Source | None = None
    fields: Mapping[str, Source] = attrs.field(factory=dict)
    results: Mapping[str, Source] = attrs.field(factory=dict)
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    form: FileForm = attrs.field(factory=FileForm)
    where: str = ""


@attrs.frozen(kw_only=True)
class FileMap:
    """A map: of the file of the subjects, and of further files by name of their table.

    Attributes:
        path: the map's file.
        title: what it says it is.
        main: the map of the subjects' file.
        tables: those of further files.
    """

    path: str
    title: str
    main: TableMap
    tables: Mapping[str, TableMap]


def read_map(path: str | Path) -> FileMap:
    """Read a map.

    Raises:
        MapError: naming all that is wrong, with file and line.
    """
    name = str(path)
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise MapError([f"{name}: {error.strerror}"]) from None
    except UnicodeDecodeError as error:
        raise MapError([f"{name}: byte {error.start}: not UTF-8; a map is a TOML file in UTF-8"]) from None
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise MapError([f"{name}: {error}"]) from None
    reader = _Reader(name, Lines(text))
    found = reader.whole(data)
    if reader.problems:
        raise MapError(reader.problems)
    return found


class _Reader:
    """Reads the parts of a map, and gathers what is wrong with them."""

    def __init__(self, name: str, lines: Lines) -> None:
        self.name = name
        self.lines = lines
        self.problems: list[str] = []

    def whole(self, data: Mapping[str, Any]) -> FileMap:
        self._known(data, _TOP, ())
        tables = self._take(data, "tables", dict, "a table", {}, ())
        return FileMap(
            path=self.name,
            title=self._take(data, "title", str, "a text", "", ()),
            main=self._table("", data, ()),
            tables={name: self._inner(name, table) for name, table in tables.items()},
        )

    def _inner(self, name: str, data: object) -> TableMap:
        at: Key = ("tables", name)
        if not isinstance(data, dict):
            self._say(at, f"{data!r} is not a table")
            return TableMap()
        self._known(data, _TABLE, at)
        return self._table(name, data, at)

    def _table(self, name: str, data: Mapping[str, Any], at: Key) -> TableMap:
        fields = self._take(data, "fields", dict, "a table of field = header", {}, at)
        results = self._take(data, "results", dict, "a table of field = header", {}, at)
        return TableMap(
            name=name,
            key=self._take(data, "key", str, "a header", None, at),
            on=self._source(data["on"], (*at, "on")) if "on" in data else None,
            code=self._source(data["code"], (*at, "code")) if "code" in data else None,
            fields=dict(self._sources(fields, (*at, "fields"))),
            results=dict(self._sources(results, (*at, "results"))),
            keep=self._headers(data, "keep", at),
            drop=self._headers(data, "drop", at),
            form=self._form(self._take(data, "file", dict, "a table", {}, at), (*at, "file")),
            where=f"{self.name}:{self.lines.of(*at)}",
        )

    def _form(self, data: Mapping[str, Any], at: Key) -> FileForm:
        self._known(data, _FILE, at)
        columns = data.get("columns")
        if columns is not None and not _texts(columns):
            self._say((*at, "columns"), f"{columns!r} is not a list of headers")
            columns = None
        return FileForm(
            encoding=self._take(data, "encoding", str, "a text", None, at),
            delimiter=self._take(data, "delimiter", str, "a text", None, at),
            columns=None if columns is None else tuple(columns),
            sheet=self._take(data, "sheet", str, "a text", None, at),
        )

    def _headers(self, data: Mapping[str, Any], key: str, at: Key) -> tuple[str, ...]:
        given = data.get(key, [])
        if given == REST:
            return (REST,)
        if not _texts(given):
            self._say((*at, key), f'{given!r} is not a list of headers; write ["備考"], or "*" for all others')
            return ()
        return tuple(given)

    def _sources(self, data: Mapping[str, Any], at: Key) -> Iterator[tuple[str, Source]]:
        """Sources by field; `Income.amount = …` without quotes means the same as with them."""
        for name, given in data.items():
            path = (*at, name)
            if isinstance(given, dict) and given and not any(key in _SOURCE for key in given):
                for inner, source in self._sources(given, path):
                    yield f"{name}.{inner}", source
            else:
                yield name, self._source(given, path)

    def _source(self, given: object, at: Key) -> Source:
        where = f"{self.name}:{self.lines.of(*at)}"
        if isinstance(given, str):
            return Source(headers=(given,), where=where)
        if not isinstance(given, dict):
            self._say(at, f"{given!r} is no source; write a header, or {{ from = …, codes = … }}, or {{ value = … }}")
            return Source()
        self._known(given, _SOURCE, at)
        headers = self._from(given, at)
        return Source(
            headers=headers,
            value=self._plain(given, "value", at),
            join=self._take(given, "join", str, "a text", "", at),
            width=self._width(given, len(headers), at),
            codes=self._codes(given, at),
            system=self._system(given, at),
            policy=self._one_of(given, "policy", POLICIES, at),
            factor=self._factor(given, at),
            none=self._none(given, at),
            empty=self._one_of(given, "empty", EMPTIES, at),
            default=self._plain(given, "default", at),
            where=where,
        )

    def _from(self, given: Mapping[str, Any], at: Key) -> tuple[str, ...]:
        if ("from" in given) == ("value" in given):
            self._say(
                at, "says both from and value" if "from" in given else "lacks from (a header) or value (a constant)"
            )
        if "empty" in given and "default" in given:
            self._say(at, "says both empty and default; write one of them")
        headers = given.get("from", ())
        if isinstance(headers, str):
            return (headers,)
        if headers != () and (not _texts(headers) or not headers):
            self._say(at, f"from = {headers!r} is neither a header nor a list of headers")
            return ()
        return tuple(headers)

    def _width(self, given: Mapping[str, Any], count: int, at: Key) -> tuple[int, ...]:
        width = given.get("width", ())
        widths = tuple(width) if isinstance(width, (list, tuple)) else (width,)
        if not all(type(each) is int and each >= 0 for each in widths) or (widths and len(widths) != count):
            self._say(at, f"width = {width!r} is not a whole number for each header of from")
            return ()
        return widths

    def _codes(self, given: Mapping[str, Any], at: Key) -> Mapping[str, Any] | None:
        codes = self._take(given, "codes", dict, 'a table such as { "1" = "male" }', None, at)
        if codes is None:
            return None
        return {code: self._plain(codes, code, (*at, "codes")) for code in codes}

    def _system(self, given: Mapping[str, Any], at: Key) -> str | None:
        name: str | None = self._take(given, "system", str, "a text", None, at)
        if name is not None:
            from munirules.calendar import era_table

            try:
                era_table().system(name)
            except MunirulesError as error:
                self._say(at, str(error))
                return None
        return name

    def _factor(self, given: Mapping[str, Any], at: Key) -> Rate:
        if "unit" in given and "factor" in given:
            self._say(at, "says both unit and factor; write one of them")
        if "unit" in given:
            return UNITS[self._one_of(given, "unit", tuple(UNITS), at)]
        try:
            factor = Rate.parse(given.get("factor", 1))
        except MoneyError as error:
            self._say(at, f"factor: {error}")
            return ONE
        if factor.num < 1:
            self._say(at, f"factor = {given['factor']!r} is not above zero")
            return ONE
        return factor

    def _none(self, given: Mapping[str, Any], at: Key) -> tuple[str, ...]:
        texts = given.get("none", [])
        if not _texts(texts):
            self._say(at, f'none = {texts!r} is not a list of texts; write ["00000000"]')
            return ()
        return tuple(texts)

    def _plain(self, given: Mapping[str, Any], key: str, at: Key) -> Any:
        value = given.get(key)
        if isinstance(value, (dict, list, datetime)) or not isinstance(value, (type(None), str, int, Decimal, date)):
            self._say((*at, key), f"{key} = {value!r} is not one value: a text, a number, a date, true or false")
            return None
        return value

    def _one_of(self, given: Mapping[str, Any], key: str, known: Sequence[str], at: Key) -> str:
        value = given.get(key, known[0])
        if value not in known:
            self._say(
                at, f"{key} = {value!r} is not known{did_you_mean(str(value), known)} (known: {', '.join(known)})"
            )
            return known[0]
        return str(value)

    def _take(self, data: Mapping[str, Any], key: str, kind: type, noun: str, other: Any, at: Key) -> Any:
        value = data.get(key, other)
        if key in data and not isinstance(value, kind):
            self._say((*at, key), f"{key} = {value!r} is not {noun}")
            return other
        return value

    def _known(self, data: Iterable[str], known: Sequence[str], at: Key) -> None:
        for key in data:
            if key not in known:
                self._say((*at, key), f"{key!r} is unknown{did_you_mean(key, known)} (known: {', '.join(known)})")

    def _say(self, at: Key, problem: str) -> None:
        path = ".".join(map(str, at))
        self.problems.append(f"{self.name}:{self.lines.of(*at)}: {path + ': ' if path else ''}{problem}")


def _texts(value: object) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value)
