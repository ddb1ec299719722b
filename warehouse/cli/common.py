"""What every command shares: its options, its panel, and how it prints a result for people and machines."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from warehouse.writing import STANDARD_OUTPUT

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


Command = Callable[..., None]


def panel(commands: typer.Typer, title: str) -> Callable[[str], Callable[[Command], Command]]:
    """Give the decorator that makes a function a command of a panel of the help.

    Paths reach the function absolute: a part of the build that works in another folder means the same file.
    """

    def command(name: str) -> Callable[[Command], Command]:
        def register(function: Command) -> Command:
            @functools.wraps(function)
            def called(**arguments: object) -> None:
                function(**{key: _absolute(value) for key, value in arguments.items()})

            return commands.command(name, rich_help_panel=title)(called)

        return register

    return command


def _absolute(value: object) -> object:
    # Not resolved: of a link, the link is meant.
    return value.absolute() if isinstance(value, Path) and value != STANDARD_OUTPUT else value


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
