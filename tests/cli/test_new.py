"""`munirules new plugin`: what it writes passes its own tests."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from munirules.cli.new import slug_of
from munirules.plugins.jurisdictions import all_jurisdictions, find


def test_a_new_plugin_passes_its_own_tests(run, process, free, install, tmp_path: Path) -> None:
    project, body = tmp_path / "new", free[0]
    result = run("new", "plugin", body.code, "--to", str(project))
    assert result.exit_code == 0
    assert f'python -m pip install -e "{project}[test]"' in result.stdout
    path = install(project)
    done = process("-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(project), str(project), path=path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 passed" in done.stdout
    answer = process(
        *("-m", "munirules", "decide", "water.supply", "--in", body.full_name, "--on", "R8.4.1"),
        *("--facts", '{"meter_size": 20, "volume": 38, "months": 1}'),
        path=path,
    )
    assert "total (請求額): 5,346円" in answer.stdout
    assert f"unverified: {body.name}給水条例（見本） 別表第1: 見本の数値であり、実在の料金ではない" in answer.stdout


def test_check_asks_for_its_sources_alone(run, free, tmp_path: Path) -> None:
    project = tmp_path / "new"
    run("new", "plugin", free[0].code, "--to", str(project))
    result = run("check", str(project))
    assert result.exit_code == 1
    assert result.stdout.count("FAIL") == 1
    assert "FAIL  sources" in result.stdout
    assert "is still to be filled in" in result.stdout
    for file in project.rglob("*.toml"):
        text = file.read_text(encoding="utf-8").replace("https://example.com/", "https://www.city.tajimi.lg.jp/")
        file.write_text(text, encoding="utf-8")
    result = run("check", str(project))
    assert result.exit_code == 0, result.stdout
    assert "cases       3 of 3 right" in result.stdout
    assert "ok    properties" in result.stdout
    assert "warning: water.toml:13: 見本の数値" in result.stdout


def test_what_is_written(run, tmp_path: Path) -> None:
    project = tmp_path / "gifu"
    run("new", "plugin", "岐阜県白川町", "--to", str(project), "--distribution", "munirules-kamo.gun")
    written = {str(path.relative_to(project)) for path in project.rglob("*") if path.is_file()}
    assert written == {
        "README.md",
        "pyproject.toml",
        "src/munirules_kamo_gun/__init__.py",
        "src/munirules_kamo_gun/data/cases.toml",
        "src/munirules_kamo_gun/data/properties.toml",
        "src/munirules_kamo_gun/data/water.toml",
        "tests/test_plugin.py",
    }
    data = tomllib.loads(project.joinpath("pyproject.toml").read_text(encoding="utf-8"))
    assert data["project"]["entry-points"]["munirules"] == {"215066": "munirules_kamo_gun:data"}
    assert not any(
        "@" in path.read_text(encoding="utf-8").replace("@pytest", "")
        for path in project.rglob("*.*")
        if path.is_file()
    )


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("多治見市", "tajimi"),
        ("岐阜市", "gifu-shi"),
        ("岐阜県", "gifu-ken"),
        ("岐阜県白川町", "shirakawa-cho"),
        ("東京都府中市", "tokyo-fuchu-shi"),
        ("東京都港区", "minato"),
    ],
)
def test_names(name: str, slug: str) -> None:
    assert slug_of(find(name)) == slug


def test_no_two_jurisdictions_get_one_name() -> None:
    bodies = [body for body in all_jurisdictions() if body.city is None]
    assert len({slug_of(body) for body in bodies}) == len(bodies)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("多治見町", "--to", "{new}"), "did you mean"),
        (("多治見市", "--to", "{used}"), "is there already"),
        (("多治見市", "--to", "{new}", "--distribution", "Tajimi City"), "write small letters"),
        (("多治見市", "--to", "{used}/file/x"), "cannot be written"),
        (("多治見市",), "Missing option '--to'"),
    ],
)
def test_faults(run, tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    used = tmp_path / "used"
    used.mkdir()
    used.joinpath("file").write_text("", encoding="utf-8")
    filled = [argument.format(new=tmp_path / "new", used=used) for argument in arguments]
    result = run("new", "plugin", *filled)
    assert result.exit_code == 2
    assert told in result.stderr
    assert not tmp_path.joinpath("new").exists()
