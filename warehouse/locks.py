"""Locks between processes: the kernel gives one up when its holder ends, however that ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from warehouse.errors import ReeError
from warehouse.interrupts import unfinished


@contextlib.contextmanager
def held(file: Path, doing: str) -> Iterator[None]:
    """Hold the lock of a small file, which says by whom and since when, and is gone afterwards.

    Args:
        file: The file; its folder must be there.
        doing: What is said to be under way to another process that wants the lock, as in "a build is".

    Raises:
        ReeError: If another process holds it, or the file cannot be written.
    """
    try:
        descriptor = _locked(file)
    except BlockingIOError as error:
        raise ReeError(
            f"{doing} under way here ({_holder(file)})", "wait until it is done, or end it", file=file.parent
        ) from error
    except OSError as error:
        raise ReeError(
            f"the folder cannot be written ({error.strerror})", "choose another", file=file.parent
        ) from error
    try:
        with unfinished(file):
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()} {datetime.now(UTC):%Y-%m-%d %H:%M:%S}\n".encode())
            yield
    finally:
        # While it is held: whoever opens the file after this opens another one.
        file.unlink(missing_ok=True)
        os.close(descriptor)


def _locked(file: Path) -> int:
    while True:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Its last holder may have removed the file between both steps.
            if file.exists() and os.path.samestat(os.fstat(descriptor), file.stat()):
                return descriptor
        except OSError:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _holder(file: Path) -> str:
    try:
        process, _, since = file.read_text(encoding="utf-8").strip().partition(" ")
    except (OSError, UnicodeDecodeError):
        process = since = ""
    return f"process {process} since {since} UTC" if process.isdecimal() and since else "by another process"


@contextlib.contextmanager
def folder_held(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder, so that `is_held` says of it that its maker is alive."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        # Where the file system has no locks, folders are never taken for those of the dead either.
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def is_held(folder: Path) -> bool:
    """Whether a process holds the lock of ``folder``, or that cannot be known."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False
