from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import unicodedata
from pathlib import Path

import pytest

from warehouse.errors import ReeError
from warehouse.paths import PROJECT_ROOT, SOURCES_DIR
from warehouse.sources.contract import load_package, load_packages
from warehouse.sources.dbt_sources import SOURCES_YML, render_sources_yml
from warehouse.sources.read import canonical_sha256, read_sources, reference_cell_sha256
from warehouse.sources.seal import seal_sources

ROWS = {"projects": 146, "plants": 67}
# Words of the published cells that the titles in references.csv correct.
MISPRINTS = {
    "OIL GEOCHEMISTRY": "SOIL GEOCHEMISTRY",
    "Pogos de Caldas": "Poços de Caldas",
    "kipawa projects": "Kipawa project",
}


@pytest.fixture
def sources_copy(tmp_path: Path) -> Path:
    shutil.copytree(SOURCES_DIR, tmp_path / "sources")
    return tmp_path / "sources"


def test_every_carried_cell_equals_the_published_one(published_dir: Path) -> None:
    """Compared with the publisher's files read by the csv module alone, by position."""
    package = load_package(SOURCES_DIR / "liu_2023")
    for name, rows in ROWS.items():
        resource = package.resource(name)
        assert resource.published is not None
        text = (published_dir / resource.published.path).read_text(encoding="utf-8-sig")
        published = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1:]
        carried_text = (SOURCES_DIR / "liu_2023" / resource.path).read_text(encoding="utf-8")
        carried = list(csv.reader(io.StringIO(carried_text, newline="")))[1:]
        facts = [i for i, field in enumerate(resource.table.fields) if not field.reference_cell]

        assert len(published) == len(carried) == rows
        assert [[row[i] for i in facts] for row in carried] == [[row[i] for i in facts] for row in published]


def test_every_published_reference_cell_is_resolved_to_keys(published_dir: Path) -> None:
    tables = read_sources(SOURCES_DIR, published_dir)

    assert not [c for t in tables for r in t.records for c in r.cells if c.startswith("unresolved:")]


def test_the_canonical_content_has_the_committed_checksums() -> None:
    for table in read_sources(SOURCES_DIR):
        recorded = json.loads((table.file.parent / "datapackage.json").read_text(encoding="utf-8"))
        entry = next(r for r in recorded["resources"] if r["name"] == table.resource.name)

        assert canonical_sha256(table) == entry["canonicalSha256"], table.name
        assert hashlib.sha256(table.file.read_bytes()).hexdigest() == entry["hash"].removeprefix("sha256:")
        assert len(table.records) == entry["rows"]


def test_published_shape_and_own_shape_are_the_same_content(published_dir: Path) -> None:
    own, published = read_sources(SOURCES_DIR), read_sources(SOURCES_DIR, published_dir)

    assert [canonical_sha256(t) for t in own] == [canonical_sha256(t) for t in published]
    assert [t.name for t in published if t.as_published] == ["liu_2023__projects", "liu_2023__plants"]


def test_reference_keys_in_the_tables_exist() -> None:
    tables = {t.resource.name: t for t in read_sources(SOURCES_DIR)}
    known = {record.cells[0] for record in tables["references"].records}
    cited: set[str] = set()
    for name in ROWS:
        table = tables[name]
        for i, field in enumerate(table.resource.table.fields):
            if field.reference_cell:
                cited |= {key for r in table.records for key in r.cells[i].split(";") if key}

    assert cited
    assert cited <= known


def test_titles_of_the_published_table_are_in_its_cells(published_dir: Path) -> None:
    cells = _cited_text(published_dir)
    titled = _titled("published_table")

    assert len(titled) > 70
    assert [
        r["title"] for r in titled if _letters(r["title"]) not in _letters(cells[r["reference_key"]])
    ] == []


def test_titles_of_an_address_are_its_words() -> None:
    titled = _titled("url")

    assert len(titled) > 50
    assert [r["title"] for r in titled if _letters(r["title"]) not in _letters(r["url"])] == []


def _titled(evidence: str) -> list[dict[str, str]]:
    with (SOURCES_DIR / "liu_2023" / "references.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["title_evidence"] == evidence]


def _cited_text(published_dir: Path) -> dict[str, str]:
    package = SOURCES_DIR / "liu_2023"
    with (package / "reference_cells.csv").open(encoding="utf-8", newline="") as file:
        keys = {row["published_cell_sha256"]: row["reference_keys"] for row in csv.DictReader(file)}
    cited: dict[str, str] = {}
    for name in ROWS:
        published = load_package(package).resource(name).published
        assert published is not None
        text = (published_dir / published.path).read_text(encoding="utf-8-sig")
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=";"):
            for cell in set(row):
                for key in filter(None, keys.get(reference_cell_sha256(cell), "").split(";")):
                    cited[key] = f"{cited.get(key, '')} | {cell}"
    for printed, meant in MISPRINTS.items():
        cited = {key: text.replace(printed, meant) for key, text in cited.items()}
    return cited


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def test_contracts_describe_every_column_and_carry_citation_and_licence() -> None:
    for package in load_packages(SOURCES_DIR):
        assert len(package.citation) > 40
        assert all({"name", "path"} <= set(licence) for licence in package.licenses)
        for resource in package.resources:
            assert all(len(field.description) > 8 for field in resource.table.fields)
    assert "105428" in load_package(SOURCES_DIR / "liu_2023").citation
    projects = load_package(SOURCES_DIR / "liu_2023").resource("projects")
    units = {f.name: f.unit for f in projects.table.fields if f.type == "number"}
    assert units["grade_wt_pct"] == "wt-%"
    assert all(units.values())


def test_dbt_describes_the_raw_tables_as_the_contracts_do() -> None:
    assert SOURCES_YML.read_text(encoding="utf-8") == render_sources_yml(), "run `ree seal`"


def test_an_edit_shows_until_it_is_sealed(sources_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.sources.seal.SOURCES_YML", sources_copy / "raw.yml")
    plants = sources_copy / "liu_2023" / "plants.csv"
    plants.write_text(plants.read_text(encoding="utf-8").replace("Kuantan Plant", "Kuantan works"), "utf-8")
    edited = {t.resource.name: t.is_as_recorded for t in read_sources(sources_copy)}

    assert [name for name, matches in edited.items() if not matches] == ["plants"]
    assert seal_sources(sources_copy) == ["liu_2023/plants"]
    assert all(t.is_as_recorded for t in read_sources(sources_copy))


def test_sources_with_the_line_ends_of_windows_are_as_recorded(
    sources_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warehouse.sources.seal.SOURCES_YML", sources_copy / "raw.yml")
    before = read_sources(sources_copy)
    for file in (path for path in sources_copy.rglob("*") if path.is_file()):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    after = read_sources(sources_copy)

    assert all(table.is_as_recorded for table in after)
    assert [table.sha256 for table in after] == [table.sha256 for table in before]
    assert [[record.cells for record in table.records] for table in after] == [
        [record.cells for record in table.records] for table in before
    ]
    assert any("\n" in cell for table in after for record in table.records for cell in record.cells)
    assert seal_sources(sources_copy) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("grade_wt_pct", "grade", "lacks 'grade_wt_pct' and has 'grade'"),
        ("hree_pct", "hree_pct,extra", "has 'extra', which the contract does not know"),
    ],
)
def test_a_changed_header_stops_with_the_column(sources_copy: Path, old: str, new: str, words: str) -> None:
    file = sources_copy / "liu_2023" / "projects.csv"
    header, rest = file.read_text(encoding="utf-8").split("\n", 1)
    file.write_text(header.replace(old, new, 1) + "\n" + rest, encoding="utf-8")

    with pytest.raises(ReeError, match=words) as caught:
        read_sources(sources_copy)
    assert caught.value.row == 1


def test_columns_may_stand_in_another_order(sources_copy: Path) -> None:
    file = sources_copy / "liu_2023" / "plants.csv"
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"), newline="")))
    before = {t.name: canonical_sha256(t) for t in read_sources(sources_copy)}
    with file.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows(row[::-1] for row in rows)

    assert {t.name: canonical_sha256(t) for t in read_sources(sources_copy)} == before


def test_a_cell_beyond_the_last_header_is_not_lost_in_silence(tmp_path: Path) -> None:
    package = load_package(SOURCES_DIR / "liu_2023")
    resource = package.resource("projects")
    header = [field.published_header or "" for field in resource.table.fields]
    with (tmp_path / "mining_projects.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, delimiter=";").writerows([[*header, ""], ["x"] * len(header) + ["stray"]])

    with pytest.raises(ReeError, match="holds 'stray'"):
        read_sources(SOURCES_DIR, tmp_path)


def test_an_unknown_reference_is_marked_and_its_prose_not_carried(tmp_path: Path) -> None:
    package = load_package(SOURCES_DIR / "liu_2023")
    for name in ROWS:
        resource = package.resource(name)
        assert resource.published is not None
        cells = ["Somebody, an unknown report" if f.reference_cell else "1" for f in resource.table.fields]
        header = [f.published_header or "" for f in resource.table.fields]
        with (tmp_path / resource.published.path).open("w", encoding="utf-8-sig", newline="") as handle:
            csv.writer(handle, delimiter=";").writerows([header, cells])

    table = next(t for t in read_sources(SOURCES_DIR, tmp_path) if t.resource.name == "projects")
    digest = reference_cell_sha256("Somebody,  an unknown\nreport")

    assert f"unresolved:{digest[:12]}" in table.records[0].cells


@pytest.mark.parametrize("text", ["{", '{"name": "x"}'])
def test_a_broken_contract_is_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "datapackage.json").write_text(text)

    with pytest.raises(ReeError, match="correct the contract") as caught:
        load_packages(tmp_path)
    assert "\n" not in str(caught.value)


def test_no_source_at_all_is_said(tmp_path: Path) -> None:
    with pytest.raises(ReeError, match=r"no source has a datapackage\.json"):
        load_packages(tmp_path)


def test_the_lock_names_exact_versions_with_hashes_and_no_host() -> None:
    lock = (PROJECT_ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = [line for line in lock.splitlines() if line and line[0] not in "# "]

    assert "://" not in lock
    assert len(pins) > 50
    assert all("==" in pin for pin in pins)
    assert lock.count("--hash=sha256:") >= len(pins)


def test_a_file_that_is_no_table_is_sealed_but_not_loaded(
    sources_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warehouse.sources.seal.SOURCES_YML", sources_copy / "raw.yml")
    package = load_package(sources_copy / "natural_earth")
    outlines = sources_copy / "natural_earth" / package.files[0].path
    assert package.files[0].hash == f"sha256:{hashlib.sha256(outlines.read_bytes()).hexdigest()}"

    outlines.write_bytes(outlines.read_bytes() + b"\n")

    assert seal_sources(sources_copy) == ["natural_earth/countries"]
    assert seal_sources(sources_copy) == []
    assert "natural_earth" not in {table.source for table in read_sources(sources_copy)}
