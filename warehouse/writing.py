"""Writing a file in one step: made aside in the same folder, then moved into place."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from warehouse.errors import ReeError
from warehouse.interrupts import unfinished

STANDARD_OUTPUT = Path("-")
"""The name of the standard output where a file is asked for."""

_STREAMS = {"-": "stdout", "/dev/stdout": "stdout", "/dev/stderr": "stderr"}
_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/([0-9]+)")


@contextlib.contextmanager
def opened(target: Path) -> Iterator[BinaryIO]:
    """Yield a binary stream to write ``target`` with; what was there stays until the block ends well.

    Of a link, what it points to is replaced and the link stays. ``-`` is the standard output; it, devices
    and pipes are written to as they are.

    Raises:
        ReeError: If ``target`` is a folder, its folder is missing, or the disk fails. Nothing is left aside.
    """
    with _failures_told(target):
        if is_stream(target):
            with _stream(target) as stream:
                yield stream
            return
        place = _place_of(target)
        # A name of its own: that of the target may already be as long as names can be.
        aside = place.with_name(f".{secrets.token_hex(8)}.part")
        try:
            with unfinished(aside):
                with aside.open("xb") as stream:
                    yield stream
                _move(aside, place)
        finally:
            aside.unlink(missing_ok=True)


def write_text(target: Path, text: str) -> None:
    """Write ``text`` as UTF-8 to ``target``, as :func:`opened` does; line ends stay as they are."""
    with opened(target) as stream:
        stream.write(text.encode())


def move_into_place(made: Path, target: Path) -> None:
    """Move the file ``made`` to where ``target`` is, or where it points to, in one step.

    Raises:
        ReeError: If ``target`` is not a file that can be replaced, or the disk fails.
    """
    with _failures_told(target):
        place = _place_of(target)
        if made.stat().st_dev == place.parent.stat().st_dev:
            _move(made, place)
            return
        # From another disk it cannot be moved in one step: it is copied beside its place first.
        with opened(target) as stream, made.open("rb") as source:
            shutil.copyfileobj(source, stream)


def refuse_other_than_file(target: Path) -> None:
    """Raise unless ``target`` is a file, points to one, or is not there yet.

    Raises:
        ReeError: If a folder, device or pipe is there.
    """
    if target.is_dir():
        raise ReeError("this is a folder", "name a file in it", file=target)
    if is_stream(target):
        raise ReeError("this is a device or pipe", "name a file", file=target)


def refuse_unwritable(target: Path) -> None:
    """Raise now what :func:`opened` would raise of ``target`` after long work.

    Raises:
        ReeError: If a folder is there, or the folder to write to is not.
    """
    if not is_stream(target):
        _place_of(target)


def make_folder(folder: Path) -> None:
    """Make ``folder`` and those above it, where they are not there.

    Raises:
        ReeError: If a file is in its way, or it may not be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReeError(
            f"the folder cannot be made ({error.strerror})", "choose another", file=folder
        ) from error


def _place_of(target: Path) -> Path:
    refuse_other_than_file(target)
    place = target.resolve()
    if not place.parent.is_dir():
        raise ReeError("the folder to write to is not there", "create it or correct the path", file=target)
    return place


def is_stream(target: Path) -> bool:
    """Whether ``target`` is written to as it is: ``-``, a descriptor, a device, a pipe or a socket."""
    if str(target) in _STREAMS or _DESCRIPTOR.fullmatch(str(target)):
        return True
    if not target.exists():
        return False
    mode = target.stat().st_mode
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


@contextlib.contextmanager
def _stream(target: Path) -> Iterator[BinaryIO]:
    if (name := _STREAMS.get(str(target))) is not None:
        text = getattr(sys, name)
        text.flush()
        yield text.buffer
        text.buffer.flush()
        return
    # Opening the path of a descriptor again would cut a file that the shell appends to.
    match = _DESCRIPTOR.fullmatch(str(target))
    with os.fdopen(os.dup(int(match[1])), "wb") if match else target.open("wb") as stream:
        yield stream


def _move(made: Path, place: Path) -> None:
    if place.exists():
        shutil.copymode(place, made)
    os.replace(made, place)


@contextlib.contextmanager
def _failures_told(target: Path) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        # Who reads has left: that is the reader's choice, and no failure of the disk.
        raise
    except OSError as error:
        raise ReeError(
            f"the file cannot be written ({error.strerror or error})",
            "free the disk or choose another place",
            file=target,
        ) from error
