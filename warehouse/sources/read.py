"""Sources as tables of text, in one canonical shape whichever way the files were shipped."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from warehouse.digest import sha256_of_file, sha256_of_text, sha256_of_text_file
from warehouse.errors import ReeError
from warehouse.sources.contract import (
    Dialect,
    FieldContract,
    ResourceContract,
    SourcePackage,
    load_packages,
)
from warehouse.sources.delimited import DelimitedText, Record, RejectedRow, read_delimited

UNRESOLVED_REFERENCE = "unresolved"


@dataclass(frozen=True)
class SourceTable:
    """One table of one source, every cell verbatim.

    Attributes:
        source: Name of the source package.
        resource: Contract of the table.
        file: File the rows came from.
        sha256: Hex digest of that file; of the project's own, with line ends as committed.
        records: Rows in the contract's column order, each with its physical line.
        rejected: Rows that did not fit, with reasons.
        as_published: Whether the file has the publisher's own shape.
    """

    source: str
    resource: ResourceContract
    file: Path
    sha256: str
    records: list[Record]
    rejected: list[RejectedRow] = field(default_factory=list)
    as_published: bool = False

    @property
    def name(self) -> str:
        """Table name in the ``raw`` schema."""
        return f"{self.source}__{self.resource.name}"

    @property
    def dialect(self) -> Dialect:
        """How the file is written, in whichever shape it was shipped."""
        published = self.resource.published
        return published.dialect if self.as_published and published else self.resource.dialect

    @property
    def is_as_recorded(self) -> bool:
        """Whether the content is what the contract was sealed with, in whichever shape it was shipped."""
        recorded = self.resource.canonical_sha256
        return recorded is None or recorded == canonical_sha256(self)


def canonical_sha256(table: SourceTable) -> str:
    """Digest of a table's content alone: column names and cells, free of dialect and line numbers.

    Cells are joined by U+001F and rows by U+001E, neither of which may be in a cell.
    """
    rows = [tuple(table.resource.table.names), *(record.cells for record in table.records)]
    text = "\x1e".join("\x1f".join(cells) for cells in rows)
    return sha256_of_text(text)


def collapse_whitespace(text: str) -> str:
    """Return ``text`` with every run of white space, no-break spaces included, as one space."""
    return " ".join(text.split())


def reference_cell_sha256(cell: str) -> str:
    """Digest by which a published reference cell is looked up without carrying its prose."""
    return sha256_of_text(collapse_whitespace(cell))


def read_sources(sources_dir: Path, published_dir: Path | None = None) -> list[SourceTable]:
    """Read every table of every source.

    Args:
        sources_dir: Folder of source packages.
        published_dir: Folder with the tables as their publishers ship them. Where given, each resource
            whose contract says how it is published is read from there; the rest (references,
            corrections) still comes from the packages.

    Raises:
        ReeError: If a file or contract is missing or broken, or ``published_dir`` lacks a table.
    """
    tables: list[SourceTable] = []
    for package in load_packages(sources_dir):
        keys = _reference_keys(package)
        for resource in package.resources:
            if published_dir is not None and resource.published is not None:
                tables.append(_read_published(package, resource, published_dir, keys))
            else:
                tables.append(_read_own(package, resource))
    return tables


def _read_own(package: SourcePackage, resource: ResourceContract) -> SourceTable:
    path = package.folder / resource.path
    text = read_delimited(path, resource.dialect)
    order = _column_order(path, text.header, {name: name for name in resource.table.names})
    records = [Record(r.line, tuple(_line_ends(r.cells[i]) for i in order)) for r in text.records]
    return SourceTable(package.name, resource, path, sha256_of_text_file(path), records, text.rejected)


def _read_published(
    package: SourcePackage, resource: ResourceContract, folder: Path, keys: dict[str, str]
) -> SourceTable:
    shape = resource.published
    assert shape is not None
    path = folder / shape.path
    text = _without_trailing_column(path, read_delimited(path, shape.dialect))
    headers = {f.name: collapse_whitespace(f.published_header or f.name) for f in resource.table.fields}
    order = _column_order(path, text.header, headers)
    fields = resource.table.fields
    records = [
        Record(r.line, tuple(_carried(f, r.cells[i], keys) for f, i in zip(fields, order, strict=True)))
        for r in text.records
    ]
    return SourceTable(package.name, resource, path, sha256_of_file(path), records, text.rejected, True)


def _line_ends(cell: str) -> str:
    # A checkout may write them either way, inside a cell too.
    return cell.replace("\r\n", "\n")


def _carried(field_contract: FieldContract, cell: str, keys: dict[str, str]) -> str:
    if not field_contract.reference_cell or not cell.strip():
        return cell if not field_contract.reference_cell else ""
    digest = reference_cell_sha256(cell)
    return keys.get(digest, f"{UNRESOLVED_REFERENCE}:{digest[:12]}")


def _without_trailing_column(path: Path, text: DelimitedText) -> DelimitedText:
    if text.header[-1]:
        return text
    for record in text.records:
        if record.cells[-1].strip():
            raise ReeError(
                f"a cell without a header holds {record.cells[-1]!r}",
                "give the column a name or clear the cell",
                file=path,
                row=record.line,
                column=str(len(text.header)),
            )
    records = [Record(r.line, r.cells[:-1]) for r in text.records]
    return DelimitedText(text.header[:-1], records, text.rejected)


def _column_order(path: Path, header: tuple[str, ...], wanted: dict[str, str]) -> list[int]:
    missing = [name for name in wanted.values() if name not in header]
    surplus = [name for name in header if name not in wanted.values()]
    if missing:
        raise ReeError(
            f"the header lacks {missing[0]!r}"
            + (f" and has {surplus[0]!r}, which the contract does not know" if surplus else ""),
            "rename the column, or change the contract if the publisher changed the table",
            file=path,
            row=1,
            column=missing[0],
        )
    if surplus:
        raise ReeError(
            f"the header has {surplus[0]!r}, which the contract does not know",
            "add the column to the contract, so that its cells are not lost, or remove it",
            file=path,
            row=1,
            column=surplus[0],
        )
    return [header.index(name) for name in wanted.values()]


def _reference_keys(package: SourcePackage) -> dict[str, str]:
    try:
        resource = package.resource("reference_cells")
    except KeyError:
        return {}
    table = _read_own(package, resource)
    return {record.cells[0]: record.cells[1] for record in table.records}
