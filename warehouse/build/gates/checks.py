"""What a gate checks: suites of Great Expectations expectations, as data."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict

from warehouse.sources.contract import FieldContract, ResourceContract

PUBLISHED_SUITES = Path(__file__).with_name("published.yml")


class Check(BaseModel):
    """One expectation on one table.

    Attributes:
        expect: Great Expectations' name of the expectation, without ``expect_``.
        arguments: Its arguments.
        meaning: What is wrong if it fails, as the end of a sentence.
        remedy: What to do then, as an imperative.
        severity: Whether a failure stops the build or is only a warning.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    expect: str
    arguments: dict[str, Any] = {}
    meaning: str
    remedy: str
    severity: Literal["fail", "warn"] = "fail"

    @property
    def column(self) -> str | None:
        """Column the expectation is about, if it is about one."""
        return self.arguments.get("column")


class Suite(BaseModel):
    """The expectations on the rows of one query.

    Attributes:
        name: What the rows are called in messages: a table, or a file.
        query: SQL that yields them.
        row_place: Column that tells where a row is, named in messages.
        checks: The expectations.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    query: str
    row_place: str | None = None
    checks: tuple[Check, ...]


def published_suites(file: Path = PUBLISHED_SUITES) -> list[Suite]:
    """Return the suites on the published file, as reviewed in ``published.yml``."""
    return [Suite.model_validate(item) for item in yaml.safe_load(file.read_text(encoding="utf-8"))]


def loaded_suite(raw_table: str, file: str, resource: ResourceContract) -> Suite:
    """Return the suite on one raw table, derived from its contract.

    Key columns are filled and unique, required cells are filled, and every cell is of its declared type or
    one of the texts that mean "no value".
    """
    checks = [_has_rows(), *_key_checks(resource)]
    for field in resource.table.fields:
        checks += _field_checks(field, resource.table.missing_values)
    return Suite(
        name=file, query=f'select * from raw."{raw_table}"', row_place="source_line", checks=tuple(checks)
    )


def accounting_suite() -> Suite:
    """Return the suite on row accounting: rows in a file are rows in raw plus rows rejected."""
    check = Check(
        expect="column_values_to_be_in_set",
        arguments={"column": "unaccounted_rows", "value_set": [0]},
        meaning="rows a second reader counts in the file are neither in raw nor in quality.rejected_rows",
        remedy="compare the file with raw; if it is sound, report this as a defect of the loader",
    )
    query = (
        "select table_name, rows_in_file - rows_loaded - rows_rejected as unaccounted_rows "
        "from meta.source_files"
    )
    return Suite(name="meta.source_files", query=query, row_place="table_name", checks=(check,))


def _has_rows() -> Check:
    return Check(
        expect="table_row_count_to_be_between",
        arguments={"min_value": 1},
        meaning="the table has no rows",
        remedy="restore the file",
    )


def _key_checks(resource: ResourceContract) -> list[Check]:
    key = list(resource.table.primary_key)
    if not key:
        return []
    remedy = f"give each row its own {' + '.join(key)}"
    if len(key) == 1:
        return [
            Check(
                expect="column_values_to_be_unique",
                arguments={"column": key[0]},
                meaning="the key is duplicated",
                remedy=remedy,
            )
        ]
    return [
        Check(
            expect="compound_columns_to_be_unique",
            arguments={"column_list": key},
            meaning=f"the key {' + '.join(key)} is duplicated",
            remedy=remedy,
        )
    ]


def _pattern(field: FieldContract, missing: tuple[str, ...]) -> str | None:
    digits = {
        "integer": r"[+-]?[0-9]+",
        "number": rf"[+-]?[0-9]+(?:[{field.decimal_char}][0-9]+)?",
    }.get(field.type)
    if digits is None:
        return None
    return rf"^\s*(?:{'|'.join([digits, *(m.replace('-', '[-]') for m in missing)])})\s*$"


def _field_checks(field: FieldContract, missing: tuple[str, ...]) -> list[Check]:
    checks: list[Check] = []
    blanks = () if field.constraints.get("required") else missing
    pattern = _pattern(field, blanks)
    if pattern is not None:
        kind = "whole number" if field.type == "integer" else f"number with decimal {field.decimal_char!r}"
        checks.append(
            Check(
                expect="column_values_to_match_regex",
                arguments={"column": field.name, "regex": pattern},
                meaning=f"the cell is no {kind}",
                remedy="correct the file, or clear the cell if the value is unknown",
            )
        )
    elif field.constraints.get("required"):
        checks.append(
            Check(
                expect="column_values_to_match_regex",
                arguments={"column": field.name, "regex": r"\S"},
                meaning="the cell is blank, and may not be",
                remedy="fill it",
            )
        )
    if "enum" in field.constraints:
        checks.append(
            Check(
                expect="column_values_to_be_in_set",
                arguments={"column": field.name, "value_set": [*field.constraints["enum"], *blanks]},
                meaning=f"the value is none of {', '.join(field.constraints['enum'])}",
                remedy="use one of them, or extend the contract",
            )
        )
    return checks
