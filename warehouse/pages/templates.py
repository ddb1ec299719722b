"""Templates of the pages that are written from the published file."""

from __future__ import annotations

from pathlib import Path

import jinja2


def templates(folder: Path, *, html: bool = False) -> jinja2.Environment:
    """Open a folder of templates in which a name nobody gave is an error, not a blank.

    Args:
        folder: Folder that holds them.
        html: Escape what is filled in, as HTML wants and Markdown does not.
    """
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        autoescape=html,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
