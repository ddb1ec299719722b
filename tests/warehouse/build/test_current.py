"""A build with nothing to do says so; whatever could change the file makes it build."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from tests.shared_build import trained_with
from warehouse.build import inputs
from warehouse.build.current import compare
from warehouse.build.request import BuildRequest
from warehouse.build.run import BuildSummary
from warehouse.cli.app import app
from warehouse.pages.lineage import describes, docs_file
from warehouse.paths import PROJECT_ROOT
from warehouse.publish import publish

pytestmark = pytest.mark.slow("whatever a file was made from, a change of it builds again")

READ = ("warehouse", "ml", "dbt_project", "sources")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of everything a build reads, which it then reads instead."""
    root = tmp_path / "project"
    for folder in READ:
        shutil.copytree(PROJECT_ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(inputs, "PROJECT_ROOT", root)
    monkeypatch.setattr(inputs, "ML_DIR", root / "ml")
    monkeypatch.setattr(inputs, "DBT_PROJECT_DIR", root / "dbt_project")
    return root


@pytest.fixture
def request_of(built: BuildSummary, project: Path) -> BuildRequest:
    settings = trained_with(built.output)
    return BuildRequest(output=built.output, sources_dir=project / "sources", settings=settings)


def test_the_file_just_built_is_current(request_of: BuildRequest) -> None:
    found = compare(request_of)

    assert found.is_current
    assert found.build is not None
    assert len(found.build.inputs) > 300


@pytest.mark.parametrize(
    "name",
    [
        "dbt_project/seeds/company_spellings.csv",
        "dbt_project/seeds/seeds.yml",
        "dbt_project/models/marts/dim_projects.sql",
        "dbt_project/models/marts/dim_projects.yml",
        "dbt_project/macros/clean_text.sql",
        "dbt_project/docs/overview.md",
        "dbt_project/dbt_project.yml",
        "dbt_project/tests/generic/within_range.sql",
        "ml/oxides.py",
        "warehouse/build/gates/published.yml",
        "warehouse/sources/read.py",
        "warehouse/pages/report/style.py",
        "sources/liu_2023/projects.csv",
        "sources/liu_2023/corrections.csv",
        "sources/liu_2023/datapackage.json",
    ],
)
def test_a_file_that_is_read_makes_it_build_when_edited_or_gone(
    request_of: BuildRequest, project: Path, name: str
) -> None:
    file = project / name
    text = file.read_bytes()

    file.write_bytes(text + b" ")
    edited = compare(request_of)
    file.unlink()
    gone = compare(request_of)
    file.write_bytes(text)

    assert (edited.changed, gone.changed) == ([name], [name])
    assert not edited.is_current
    assert compare(request_of).is_current


@pytest.mark.parametrize(
    "name", ["dbt_project/seeds/new.csv", "dbt_project/models/marts/new.sql", "ml/new.py"]
)
def test_a_new_file_makes_it_build(request_of: BuildRequest, project: Path, name: str) -> None:
    (project / name).write_text("new")

    assert compare(request_of).changed == [name]


def test_line_ends_do_not_count(request_of: BuildRequest, project: Path) -> None:
    for folder in READ:
        for file in (path for path in (project / folder).rglob("*") if path.is_file()):
            file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))

    assert compare(request_of).changed == []


def test_what_is_not_read_does_not_count(request_of: BuildRequest, project: Path) -> None:
    for name in (
        "dbt_project/target/manifest.json",
        "dbt_project/logs/dbt.sql",
        "warehouse/__pycache__/paths.py",
        "warehouse/paths.py~",
        "warehouse/#paths.py#",
        "warehouse/.paths.py",
        "sources/.ipynb_checkpoints/projects.csv",
        "sources/liu_2023/notes.md",
        "docs/model-card.md",
        "README.md",
    ):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text("stray")
    (project / "ml" / "folder.py").mkdir()
    (project / "ml" / ".#lock.py").symlink_to(project / "nowhere")

    assert compare(request_of).changed == []


def test_settings_and_libraries_count(request_of: BuildRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    other = replace(request_of, settings=replace(request_of.settings, seed=1))
    assert compare(other).changed == ["what the ensemble is trained with"]

    def newer(name: str, version: Callable[[str], str] = inputs.version) -> str:
        return "99" if name == "duckdb" else version(name)

    monkeypatch.setattr(inputs, "version", newer)
    assert compare(request_of).changed == ["duckdb"]


def test_the_publishers_own_tables_count(request_of: BuildRequest, tmp_path: Path) -> None:
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "factory.csv").write_text("as shipped")

    assert compare(replace(request_of, published_dir=folder)).changed == ["published/factory.csv"]


def append(file: Path) -> None:
    with file.open("ab") as stream:
        stream.write(b"\0")


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def edit(file: Path) -> None:
    with duckdb.connect(str(file)) as connection:
        connection.execute("update marts.dim_oxides set element_name = 'gold' where oxide = 'La2O3'")


def leave_a_log(file: Path) -> None:
    file.with_name(f"{file.name}.wal").write_bytes(b"x")


def forget_the_digest(file: Path) -> None:
    file.with_name(f"{file.name}.sha256").unlink()


def make_it_of_an_older_layout(file: Path) -> None:
    with duckdb.connect(str(file)) as connection:
        connection.execute("drop table meta.build_inputs")
    shutil.copyfile(file, file.with_name("older"))
    publish(file.with_name("older"), file)


@pytest.mark.parametrize(
    "damage",
    [append, cut, edit, leave_a_log, forget_the_digest, make_it_of_an_older_layout, Path.unlink],
)
def test_a_file_that_is_not_as_its_build_left_it_is_built(
    request_of: BuildRequest, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    copied = replace(request_of, output=tmp_path / "ree.duckdb")
    for file in (request_of.output, request_of.output.with_name(f"{request_of.output.name}.sha256")):
        shutil.copy(file, tmp_path)
    assert compare(copied).is_current

    damage(copied.output)

    assert compare(copied).build is None


@pytest.fixture
def same_settings(built: BuildSummary, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have commands ask for the ensemble of the shared file."""
    request = partial(BuildRequest, settings=trained_with(built.output))
    monkeypatch.setattr("warehouse.build.request.BuildRequest", request)


@pytest.mark.usefixtures("same_settings")
def test_the_command_says_that_nothing_changed(built: BuildSummary) -> None:
    before = built.output.stat()

    told = CliRunner().invoke(app, ["build", "--output", str(built.output)])
    as_json = CliRunner().invoke(app, ["build", "--output", str(built.output), "--json"])

    assert told.exit_code == as_json.exit_code == 0
    assert told.stdout.startswith("Nothing changed since build-")
    assert "--force" in told.stdout
    found = json.loads(as_json.stdout)
    assert (found["unchanged"], found["output"], found["lineage_site_made"]) == (
        True,
        str(built.output),
        False,
    )
    assert found["build_id"] in told.stdout
    assert built.output.stat() == before


@pytest.mark.usefixtures("same_settings")
def test_a_lineage_site_that_is_missing_or_of_another_file_is_made_alone(
    built: BuildSummary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Where its path, relative, its folder and its name are as bad as they can be.
    output = Path("what? now #1 é'") / "marts.duckdb"
    monkeypatch.chdir(tmp_path)
    docs_file(output).parent.mkdir(parents=True)
    shutil.copy(built.output, output)
    shutil.copy(f"{built.output}.sha256", f"{output}.sha256")
    docs_file(output).write_text("<html>of another file</html>")

    without = CliRunner().invoke(app, ["build", "--no-docs", "--output", str(output)])
    told = CliRunner().invoke(app, ["build", "--output", str(output)])

    assert "its lineage site is made again" not in without.stdout
    assert "its lineage site is made again" in told.stdout
    assert describes(output)
    assert output.read_bytes() == built.output.read_bytes()


def test_saying_so_waits_for_no_engine_of_the_build(built: BuildSummary) -> None:
    """What keeps it under three seconds: none of these is imported, each takes a second or more."""
    settings = trained_with(built.output).to_json()
    script = (
        "import sys; from functools import partial; import ml; import warehouse.build.request as request; "
        f"from warehouse.cli.app import app; same = ml.Settings.from_json({settings!r}); "
        "request.BuildRequest = partial(request.BuildRequest, settings=same); "
        f"app(['build', '--output', {str(built.output)!r}], standalone_mode=False); "
        "slow = {'dbt', 'great_expectations', 'keras', 'pandas', 'sklearn', 'sqlalchemy', 'tensorflow'}; "
        "print(sorted(slow & set(sys.modules)))"
    )

    told = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
    )

    assert told.stdout.splitlines()[0].startswith("Nothing changed since build-")
    assert told.stdout.splitlines()[-1] == "[]"
