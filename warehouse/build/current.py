"""Whether a published file is what a build would make now."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from warehouse.build.inputs import changed_names, read_inputs
from warehouse.build.provenance import RecordedBuild, recorded_build
from warehouse.build.request import BuildRequest
from warehouse.errors import ReeError
from warehouse.file.query import LockedError, connect
from warehouse.publish import published_digest


@dataclass(frozen=True)
class Comparison:
    """A published file against what it would be made from now.

    Attributes:
        build: The build that made the file; None where the file is not there, or not as a build left it.
        changed: Names of the inputs that changed since, in alphabetical order.
    """

    build: RecordedBuild | None
    changed: list[str]

    @property
    def is_current(self) -> bool:
        """Whether a build would make the same file again."""
        return self.build is not None and not self.changed


def refuse_foreign(output: Path) -> None:
    """Raise if a build would take the place of a file that no build made.

    One that was published and then damaged has its digest beside it.

    Raises:
        ReeError: If a file of another kind is there, or another program has it open for writing.
    """
    if not output.is_file():
        return
    try:
        connect(output).close()
    except LockedError:
        raise
    except ReeError as error:
        if published_digest(output) is None:
            raise ReeError(error.problem, "name another output, or remove it", file=output) from error


def compare(request: BuildRequest) -> Comparison:
    """Compare the published file with the inputs of a build.

    Raises:
        ReeError: If a contract is broken, where the publishers' own tables are read.
    """
    build = recorded_build(request.output)
    if build is None:
        return Comparison(None, [])
    now = read_inputs(request.sources_dir, request.published_dir, request.settings)
    return Comparison(build, changed_names(build.inputs, now))
