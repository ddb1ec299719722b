"""What every command shares: its options, its panel, and how it prints a result for people and machines."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

BUILD, ASK, USE, MAINTAIN = "Build", "Ask", "Use", "Maintain"
"""Panels of the help, in its order."""


_failures_as_json = False


def failures_are_json() -> bool:
    """Whether the command called was asked for JSON."""
    return _failures_as_json


def note_json(wanted: bool) -> bool:
    """Take whether JSON is wanted, for failures too, and hand it on."""
    global _failures_as_json
    _failures_as_json = _failures_as_json or wanted
    return wanted


FileOption = Annotated[Path, typer.Option("--file", "-f", help="The published file.")]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="File to write; - is the standard output.")
]
JsonOption = Annotated[
    bool, typer.Option("--json", callback=note_json, is_eager=True, help="Print JSON, for machines.")
]


def print_json(value: object) -> None:
    """Print ``value`` as one JSON document."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))


def tell(value: dict[str, object], sentence: str, as_json: bool) -> None:
    """Print what a command came to: ``sentence`` for people, ``value`` for machines."""
    if as_json:
        print_json(value)
    else:
        typer.echo(sentence)
    # Who reads through a pipe must not wait for the end.
    sys.stdout.flush()
