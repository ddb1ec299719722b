"""Running ``ree`` as users do: piped, and on a terminal of a given size."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
from pathlib import Path

REE = (str(Path(sys.executable).with_name("ree")),)


def ree(*arguments: str, text_in: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``ree`` with its output piped."""
    return subprocess.run(
        [*REE, *arguments],
        capture_output=True,
        text=True,
        input=text_in,
        timeout=120,
        env={**os.environ, **environment},
    )


def ree_on_terminal(*arguments: str, rows: int = 24, columns: int = 120, **environment: str) -> str:
    """Run ``ree`` on a pseudo-terminal and return all it wrote there."""
    own, other = pty.openpty()
    fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    inherited = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "PAGER")}
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
