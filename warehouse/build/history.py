"""Earlier builds, kept beside the published file by links, and putting one of them back."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from warehouse.build.provenance import current_build_id
from warehouse.errors import ReeError
from warehouse.interrupts import shielded
from warehouse.pages.lineage import describes, docs_file
from warehouse.paths import KEPT_BUILDS, display, published_file
from warehouse.publish import is_as_published, publish, published_digest, sole_build, write_digest
from warehouse.writing import move_into_place

FOLDER = "history"
"""Where kept builds are, beside the published file."""

_ID = re.compile(r"build-(\d{8}T\d{6})\d*")


@dataclass(frozen=True)
class KeptBuild:
    """A build that was published: its name (id of the build, numbered if need be), file and digest."""

    name: str
    file: Path
    digest: str | None

    @property
    def built_at(self) -> str:
        """When it was built (UTC), as its id says."""
        found = _ID.match(self.name)
        return f"{datetime.strptime(found[1], '%Y%m%dT%H%M%S'):%Y-%m-%d %H:%M}" if found else ""

    def as_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return {
            "build": self.name,
            "built_at": self.built_at,
            "file": str(self.file),
            "bytes": self.file.stat().st_size,
            "sha256": self.digest,
            "has_lineage_page": docs_file(self.file).is_file(),
        }


def current_build(output: Path) -> KeptBuild:
    """Return the build that is published now; where the file does not say its id, it is that of its time."""
    made = datetime.fromtimestamp(output.stat().st_mtime, UTC)
    name = current_build_id(output) or f"build-{made:%Y%m%dT%H%M%S%f}"
    return KeptBuild(name, output, published_digest(output))


def kept_builds(output: Path) -> list[KeptBuild]:
    """Return the builds kept beside ``output``, the newest first."""
    files = (_folder(output)).glob(f"*/{output.name}")
    found = [KeptBuild(file.parent.name, file, published_digest(file)) for file in files]
    return sorted(found, key=lambda build: build.name, reverse=True)


def newer_builds(output: Path) -> list[KeptBuild]:
    """Return the kept builds that are newer than the published file: there are some after a rollback."""
    kept = kept_builds(output)
    name = current_build(output).name if kept and output.is_file() else ""
    return [build for build in kept if name and build.name > name]


def keep_current(output: Path, count: int = KEPT_BUILDS) -> None:
    """Keep the published file, with digest and lineage page, before another one takes its place.

    It is linked, which takes neither time nor disk. Of the kept builds the newest ``count`` stay.

    Raises:
        ReeError: If the folder cannot be written.
    """
    try:
        if count and output.is_file():
            _link(output)
        for old in kept_builds(output)[count:]:
            shutil.rmtree(old.file.parent, ignore_errors=True)
        with contextlib.suppress(OSError):
            _folder(output).rmdir()
    except OSError as error:
        raise ReeError(
            f"the last build cannot be kept ({error.strerror})", "free the disk", file=_folder(output)
        ) from error


def _link(output: Path) -> None:
    now = current_build(output)
    # Without a digest nobody could say later that it is whole.
    if now.digest is None or now.digest in {build.digest for build in kept_builds(output)}:
        return
    folder, number = _folder(output) / now.name, 1
    while folder.exists():
        number += 1
        folder = _folder(output) / f"{now.name}-{number}"
    kept = folder / output.name
    docs_file(kept).parent.mkdir(parents=True)
    if describes(output):
        _link_or_copy(docs_file(output), docs_file(kept))
    write_digest(kept, now.digest)
    # Last: what has no file is not listed.
    _link_or_copy(output.resolve(), kept)


def _link_or_copy(file: Path, to: Path) -> None:
    try:
        os.link(file, to)
    except OSError:
        shutil.copy2(file, to)


def roll_back(output: Path, asked: str) -> tuple[KeptBuild, KeptBuild]:
    """Put a kept build in the place of the published file, which is kept in its turn.

    File, digest and lineage page change together. Readers see the one file or the other.

    Args:
        output: The published file.
        asked: Name of the kept build, or its beginning.

    Returns:
        The build put back, and the one it replaced.

    Raises:
        ReeError: If there is no such build, it is not as it was published, or a build is under way.
    """
    published_file(output)
    with sole_build(output):
        found = _find(kept_builds(output), asked, output)
        if not is_as_published(found.file):
            raise ReeError("this build is not as it was published", "choose another", file=found.file)
        replaced = current_build(output)
        if replaced.digest is None:
            raise ReeError(
                "the published file has no digest, so it could not be kept", "move it away first", file=output
            )
        with shielded():
            keep_current(output, len(kept_builds(output)) + 1)
            publish(found.file, output)
            page = docs_file(found.file)
            if page.is_file():
                docs_file(output).parent.mkdir(exist_ok=True)
                move_into_place(page, docs_file(output))
            else:
                docs_file(output).unlink(missing_ok=True)
            shutil.rmtree(found.file.parent, ignore_errors=True)
    return found, replaced


def _find(kept: list[KeptBuild], asked: str, output: Path) -> KeptBuild:
    names = ", ".join(build.name for build in kept)
    if not kept:
        raise ReeError("no earlier build is kept", "build first", file=_folder(output))
    same = [build for build in kept if build.name == asked]
    found = same or [build for build in kept if build.name.startswith(asked)]
    if not found:
        raise ReeError(f"there is no kept build {asked!r}", f"name one of {names}", file=_folder(output))
    if len(found) > 1:
        raise ReeError(f"{asked!r} may be several builds", f"name one of {names}", file=_folder(output))
    return found[0]


def _folder(output: Path) -> Path:
    return output.parent / FOLDER


def tell_newer(output: Path) -> str:
    """Return the sentence that the published file is an older build; empty where it is not."""
    newer = newer_builds(output)
    if not newer:
        return ""
    names = ", ".join(build.name for build in newer)
    return f"{display(output)} is an older build, put back by `ree rollback`; newer and kept: {names}."
