"""Being stopped: by Ctrl-C or a signal a command ends at once, in one line, and leaves nothing half-done.

Libraries in between catch exceptions, print, or wait for their threads. So nothing is raised: what is not
finished is removed, the line written, and the process ended.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

NAMES = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM"}
"""Signals that end a command, as a person knows them."""

_SIGNALLED = 128
"""What shells add to the number of a signal to get the exit code."""

_QUIET = "ignore::UserWarning:multiprocessing.resource_tracker"
"""For the process of Python's own that removes the locks of a process that is gone, and complains of it."""

_unfinished: dict[Path, None] = {}
_shields = 0
_waiting: list[int] = []


@contextlib.contextmanager
def heeding(say: Callable[[str], None]) -> Iterator[None]:
    """Until the block ends, let the signals of `NAMES` end the process, with 130 or 143.

    A signal that the process was started to ignore, as by ``nohup``, stays ignored.

    Args:
        say: Called with the name of the signal, last of all.
    """

    def end(number: int, frame: FrameType | None) -> None:
        for one in NAMES:
            signal.signal(one, signal.SIG_IGN)
        if _shields:
            _waiting.append(number)
            return
        for path in reversed(_unfinished):
            _remove(path)
        say(NAMES[signal.Signals(number)])
        os._exit(_SIGNALLED + number)

    before: dict[signal.Signals, Any] = {}
    if threading.current_thread() is threading.main_thread():
        before = {one: signal.getsignal(one) for one in NAMES}
    for one, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(one, end)
    global _end
    _end = end
    warnings = os.environ.get("PYTHONWARNINGS")
    os.environ["PYTHONWARNINGS"] = _QUIET if not warnings else f"{warnings},{_QUIET}"
    try:
        yield
    finally:
        if warnings is None:
            del os.environ["PYTHONWARNINGS"]
        else:
            os.environ["PYTHONWARNINGS"] = warnings
        for one, handler in before.items():
            signal.signal(one, handler)


def _no_end(number: int, frame: FrameType | None) -> None:
    """Nothing waits for a signal that nobody heeds."""


_end: Callable[[int, FrameType | None], None] = _no_end


@contextlib.contextmanager
def shielded() -> Iterator[None]:
    """Let a signal wait until the block is done, because what it changes changes together."""
    global _shields
    _shields += 1
    try:
        yield
    finally:
        _shields -= 1
        if _waiting and not _shields:
            _end(_waiting.pop(), None)


@contextlib.contextmanager
def unfinished(path: Path) -> Iterator[None]:
    """Have the file or folder ``path`` removed if the process is stopped before the block ends."""
    _unfinished[path] = None
    try:
        yield
    finally:
        _unfinished.pop(path, None)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
        # A thread may have written while the folder was emptied.
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
