"""A query of a real PostgreSQL server, started here: `nox -s postgresql`."""

from __future__ import annotations

import csv
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from munirules import Rulebook
from munirules.tables.files.inputs import Order
from munirules.tables.files.mapping import FileForm
from munirules.tables.files.opening import open_input
from munirules.tables.files.records import FileError
from munirules.tables.files.run import decide_file

BILLS = """
    select lpad(n::text, 6, '0') as no, 13 as meter_size, n % 100 as volume, 1 as months, date '2023-05-10' as day,
           (n * 1.5)::numeric(10, 2) as amount
    from generate_series(1, 100000) as n
"""


def programs() -> Path:
    """The folder of the server's programs, which Debian keeps off the path."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    assert folders, "no PostgreSQL server is installed (Debian: apt-get install postgresql)"
    return folders[-1]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that lives as long as this module's tests; it refuses to run as root."""
    folder = tmp_path_factory.mktemp("postgresql")
    user = "postgres" if os.geteuid() == 0 else None
    if user is not None:
        for path in (folder, *folder.parents):
            if str(path).startswith(str(tmp_path_factory.getbasetemp().parent)):
                path.chmod(0o755)
        shutil.chown(folder, user)

    def run(program: str, *arguments: str) -> None:
        command = [str(programs() / program), *arguments]
        subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL, timeout=60)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = str(folder / "data")
    run("initdb", "--pgdata", data, "--auth", "trust", "--username", "city", "--encoding", "UTF8")
    options = f"-k {folder} -p {port} -c listen_addresses=127.0.0.1"
    run("pg_ctl", "--pgdata", data, "--wait", "--options", options, "--log", str(folder / "log"), "start")
    yield f"postgresql://city:secret@127.0.0.1:{port}/postgres"
    run("pg_ctl", "--pgdata", data, "--wait", "--mode", "immediate", "stop")


def test_rows_come_in_parts_with_their_types(server: str) -> None:
    reader = open_input(server, FileForm(), BILLS)
    assert reader.headers == ("no", "meter_size", "volume", "months", "day", "amount")
    parts = [chunk.parse() for chunk in reader.chunks(dict.fromkeys(reader.headers, "text"))]
    reader.close()
    assert len(parts) > 1
    assert sum(part.batch.num_rows for part in parts) == 100_000
    assert parts[0].batch.slice(0, 1).to_pylist() == [
        {"no": "000001", "meter_size": 13, "volume": 1, "months": 1, "day": date(2023, 5, 10), "amount": "1.50"}
    ]


def test_a_query_is_decided_like_a_file(server: str, tmp_path: Path) -> None:
    book = Rulebook.of("白川町")
    decision = book.decision("water.supply")
    query = f"select no, '家事用' as use, meter_size, volume, months, day from ({BILLS}) as bills order by no limit 500"
    common = {"book": book, "decision": decision, "on": "day", "keys": {"": "no"}}
    summary = decide_file(Order(input=server, query=query, output=tmp_path / "query.csv", **common))
    assert (summary.rows, summary.decided) == (500, 500)
    rows = [f"{number:06d},家事用,13,{number % 100},1,R5.5.10" for number in range(1, 501)]
    file = tmp_path / "in.csv"
    file.write_text("\n".join(["no,use,meter_size,volume,months,day", *rows]), encoding="utf-8")
    decide_file(Order(input=str(file), output=tmp_path / "file.csv", **common))
    assert (tmp_path / "query.csv").read_bytes() == (tmp_path / "file.csv").read_bytes()
    with (tmp_path / "query.csv").open(encoding="utf-8") as written:
        answers = {row["no"]: row["total"] for row in csv.DictReader(written)}
    use = decision.subject(use="家事用", meter_size=13, volume=38, months=1)
    assert answers["000038"] == str(book.decide(decision, use, on=date(2023, 5, 10)).result.total)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("select x from nope", 'relation "nope" does not exist'),
        ("select 1 / (50000 - n) as v from generate_series(1, 100000) as n", "division by zero"),
    ],
)
def test_what_the_server_refuses_is_told_without_the_password(server: str, query: str, told: str) -> None:
    def read() -> None:
        with closing(open_input(server, FileForm(), query)) as reader:
            for chunk in reader.chunks({"v": "text"}):
                chunk.parse()

    with pytest.raises(FileError) as caught:
        read()
    assert told in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(FileError, match="Connection refused"):
        open_input("postgresql://city:secret@127.0.0.1:1/postgres", FileForm(), "select 1")
