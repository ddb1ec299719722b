"""Publishing: a build made aside takes the published file's place in one step."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb

from warehouse.digest import sha256_of_file
from warehouse.errors import ReeError
from warehouse.interrupts import shielded, unfinished
from warehouse.locks import folder_held, held, is_held
from warehouse.writing import move_into_place, write_text

LOCK_NAME = ".ree-build.lock"
_WORK = ".build-"


@contextlib.contextmanager
def sole_build(output: Path) -> Iterator[None]:
    """Be the only one who changes published files in the folder of ``output``, until the block ends.

    The folder is shared by what is published: the file, its digest, its lineage page. What builds that were
    killed left there is removed: folders whose makers live are locked.

    Raises:
        ReeError: If another process is at it, naming it and since when.
    """
    parent = output.resolve().parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_write(parent, error) from error
    with held(parent / LOCK_NAME, "a build is"):
        for left in parent.glob(f"{_WORK}*"):
            # An empty one may be so new that it is not locked yet.
            if left.is_dir() and not left.is_symlink() and any(left.iterdir()) and not is_held(left):
                shutil.rmtree(left, ignore_errors=True)
        yield


def _cannot_write(folder: Path, error: OSError) -> ReeError:
    return ReeError(f"the folder cannot be written ({error.strerror})", "choose another", file=folder)


@contextlib.contextmanager
def work_folder(output: Path) -> Iterator[Path]:
    """Yield a new folder beside ``output`` for one build, removed afterwards whatever happens.

    It is on the same file system as ``output``, or what that points to, so that publishing is one rename;
    except where the path has a question mark, which the engine takes for its end.

    Raises:
        ReeError: If the folder cannot be written.
    """
    parent = output.resolve().parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        is_usable = "?" not in str(parent)
        folder = Path(tempfile.mkdtemp(prefix=_WORK, dir=parent if is_usable else None))
    except OSError as error:
        raise _cannot_write(parent, error) from error
    try:
        with folder_held(folder), unfinished(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def compact(built: Path) -> None:
    """Flush everything of ``built`` into the one file, so that no write-ahead log is left beside it."""
    with duckdb.connect(str(built)) as connection:
        connection.execute("checkpoint")


def publish(built: Path, output: Path) -> list[Path]:
    """Move ``built`` to ``output`` in one step; readers see the old file or the new one, never half.

    Its digest is written beside it, as ``sha256sum`` writes and checks it. A write-ahead log that another
    program left beside the old file is set aside: the engine would replay it into the new one.

    Returns:
        Where logs were put, if there were any.
    """
    digest = sha256_of_file(built)
    place = output.resolve()
    with shielded():
        logs = [_set_log_aside(place)]
        move_into_place(built, output)
        # Who had the old file open may have written meanwhile.
        logs.append(_set_log_aside(place))
        write_digest(output, digest)
    return [log for log in logs if log is not None]


def write_digest(output: Path, digest: str) -> None:
    """Write the SHA-256 of ``output`` beside it, as ``sha256sum`` does."""
    write_text(_digest_file(output), f"{digest}  {output.name}\n")


def _set_log_aside(published: Path) -> Path | None:
    """Give the write-ahead log beside a file a name that no engine reads; None if there is no log."""
    log = _log_of(published)
    number = 1
    while (kept := log.with_name(f"{log.name}.left-{number}")).exists():
        number += 1
    try:
        log.rename(kept)
    except FileNotFoundError:
        return None
    return kept


def _log_of(published: Path) -> Path:
    return published.with_name(f"{published.name}.wal")


def published_digest(output: Path) -> str | None:
    """Return the SHA-256 ``output`` had when it was published, or None where that is not known."""
    try:
        return _digest_file(output).read_text(encoding="utf-8").split()[0]
    except (OSError, UnicodeDecodeError, IndexError):
        return None


def is_as_published(output: Path) -> bool:
    """Whether ``output`` is the file that was published, not one byte of it changed since."""
    # What a program wrote and has not yet put into the file is a change too.
    if not output.is_file() or _log_of(output.resolve()).exists():
        return False
    return published_digest(output) == sha256_of_file(output)


def _digest_file(output: Path) -> Path:
    return output.with_name(f"{output.name}.sha256")
