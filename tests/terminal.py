"""Running ``ree`` as users do: with its output piped, and on a terminal of a given size.

``ree`` calls the entry point in this process: starting Python and importing take longer than most commands.
What only a process shows (its start, pipes, signals, a terminal) is asked with the other two.
"""

from __future__ import annotations

import fcntl
import io
import os
import pty
import select
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from rich.console import Console

from warehouse.cli import app, common, console

REE = (str(Path(sys.executable).with_name("ree")),)
# Of this process's environment, what a terminal or its user would say otherwise.
SAID_BY_THE_TERMINAL = ("NO_COLOR", "PAGER", "LINES", "COLUMNS")
Done = subprocess.CompletedProcess[str]


def ree(
    *arguments: str, text_in: str = "", cwd: Path | None = None, encoding: str = "utf-8", **environment: str
) -> Done:
    """Call the entry point as a piped process would; returns exit code, output and errors."""
    streams = {name: io.TextIOWrapper(io.BytesIO(), encoding, newline="") for name in ("stdout", "stderr")}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        if cwd is not None:
            patch.chdir(cwd)
        for name, stream in streams.items():
            patch.setattr(sys, name, stream)
        patch.setattr(sys, "stdin", io.StringIO(text_in))
        patch.setattr(sys, "argv", ["ree", *arguments])
        # Made when their module is imported, perhaps with a terminal at hand.
        patch.setattr(console, "out", Console(highlight=False, width=console._PIPE_WIDTH))
        patch.setattr(console, "err", Console(highlight=False, width=console._PIPE_WIDTH, stderr=True))
        patch.setattr(common, "_failures_as_json", False)
        try:
            app.main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    written = {name: _text(stream) for name, stream in streams.items()}
    return Done(["ree", *arguments], code, **written)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    # As a process opened for text gives it.
    return stream.buffer.getvalue().decode(stream.encoding).replace("\r\n", "\n")  # type: ignore[attr-defined]


def ree_process(*arguments: str, **environment: str) -> Done:
    """Run ``ree`` in a process of its own, with its output piped."""
    return subprocess.run(
        [*REE, *arguments], capture_output=True, text=True, timeout=120, env={**os.environ, **environment}
    )


def ree_on_terminal(*arguments: str, rows: int = 24, columns: int = 120, **environment: str) -> str:
    """Run ``ree`` on a pseudo-terminal and return all it wrote there."""
    own, other = pty.openpty()
    fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    inherited = {name: value for name, value in os.environ.items() if name not in SAID_BY_THE_TERMINAL}
    process = subprocess.Popen(
        [*REE, *arguments],
        stdin=other,
        stdout=other,
        stderr=other,
        env={**inherited, "TERM": "xterm-256color", **environment},
        close_fds=True,
    )
    os.close(other)
    written = _read_to_end(own)
    process.wait(timeout=60)
    return written


def _read_to_end(descriptor: int) -> str:
    parts = []
    while select.select([descriptor], [], [], 60)[0]:
        try:
            part = os.read(descriptor, 65536)
        except OSError:
            # Linux says so when the other end of a terminal was closed.
            break
        if not part:
            break
        parts.append(part)
    os.close(descriptor)
    return b"".join(parts).decode()
