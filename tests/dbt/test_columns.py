"""What a column means, and its unit, is written once: in a docs block of ``dbt_project/docs/columns``."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

import duckdb
import yaml

from warehouse.columns import BLOCKS, SENSE, read_meanings
from warehouse.file.catalogue import Column, read_columns, read_relations
from warehouse.paths import DBT_PROJECT_DIR, SOURCES_DIR
from warehouse.sources.contract import load_packages

HOMONYMS = BLOCKS / "homonyms.md"
HOW = "describe a column with {{ doc('its_name') }} and write what it means once, in dbt_project/docs/columns"


def described() -> Iterator[tuple[str, str, str]]:
    """Yield model or seed, column and description as written, of everything dbt builds."""
    folders = (DBT_PROJECT_DIR / "models", DBT_PROJECT_DIR / "seeds")
    for file in sorted(file for folder in folders for file in folder.rglob("*.yml")):
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        for node in [*content.get("models", []), *content.get("seeds", [])]:
            for column in node.get("columns", []):
                yield node["name"], column["name"], column.get("description", "")


def columns_of(warehouse: duckdb.DuckDBPyConnection) -> list[Column]:
    """Return the columns of every table and view."""
    return [
        c
        for relation in read_relations(warehouse)
        for c in read_columns(warehouse, relation.schema, relation.name)
    ]


def names(column: str) -> set[str]:
    """Return the blocks that may describe a column."""
    return {name for name in read_meanings() if name.split(SENSE)[0] == column}


def test_every_column_is_described_by_a_block_of_its_name() -> None:
    found = list(described())
    wrong = [
        f"{table}.{column}: {text!r}"
        for table, column, text in found
        if text not in {f"{{{{ doc('{name}') }}}}" for name in names(column)}
    ]

    assert len(found) > 700
    assert not wrong, HOW


def test_a_source_describes_a_column_as_the_tables_after_it_do() -> None:
    wrong = [
        f"{package.name}/{resource.name}.{field.name}: {field.meaning!r}"
        for package in load_packages(SOURCES_DIR)
        for resource in package.resources
        for field in resource.table.fields
        if names(field.name) and field.meaning not in {read_meanings()[name] for name in names(field.name)}
    ]

    assert not wrong, "write in datapackage.json what the block of that name says"


def test_no_name_of_the_file_has_two_meanings_unless_it_is_listed(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    texts: dict[str, set[str]] = defaultdict(set)
    for column in columns_of(warehouse):
        texts[column.name].add(column.description)
    allowed = {name: {read_meanings()[block] for block in names(name)} for name in texts}
    # A name without a block is one that only a source has.
    wrong = {n: found for n, found in texts.items() if not found <= (allowed[n] or {min(found)})}

    assert len(texts) > 300
    assert not wrong
    assert not [name for name, found in texts.items() if "" in found]


def test_a_name_with_several_meanings_is_listed_with_the_reason() -> None:
    page = HOMONYMS.read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (\w+)\n\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE))
    senses = {name for name in read_meanings() if SENSE in name}

    assert set(sections) == {name.split(SENSE)[0] for name in senses}
    for name, section in sections.items():
        reason, *blocks = re.split(r"{% docs ", section)
        assert len(reason.split()) > 5, name
        assert len(blocks) > 1, f"{name} has one meaning: give it one block"
        assert all(block.startswith(name + SENSE) for block in blocks), name
    assert not {name for name in read_meanings() if name in sections}


def test_no_block_is_idle_or_breaks_a_line(warehouse: duckdb.DuckDBPyConnection) -> None:
    said = {column.description for column in columns_of(warehouse)}

    assert not [name for name, text in read_meanings().items() if text not in said]
    assert not [name for name, text in read_meanings().items() if "\n" in text or not text.endswith(".")]
