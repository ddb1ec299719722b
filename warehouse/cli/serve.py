"""Serving a folder of built pages to this machine's own browser."""

from __future__ import annotations

import functools
import signal
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from warehouse.errors import ReeError

LOOPBACK = "127.0.0.1"


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of single requests."""


def open_server(folder: Path, port: int = 0) -> ThreadingHTTPServer:
    """Bind a server of ``folder`` on the loopback address alone; ``port`` 0 takes a free one.

    Raises:
        ReeError: If the port cannot be had.
    """
    handler = functools.partial(_QuietHandler, directory=str(folder))
    try:
        return ThreadingHTTPServer((LOOPBACK, port), handler)
    except (OSError, OverflowError) as error:
        raise ReeError(
            f"port {port} cannot be served on ({error})", "choose another with --port, or leave it out"
        ) from error


def address(server: ThreadingHTTPServer) -> str:
    """Return where a browser finds ``server``."""
    return f"http://{LOOPBACK}:{server.server_address[1]}/"


def serve_until_interrupted(server: ThreadingHTTPServer) -> None:
    """Answer requests until Ctrl-C."""
    # Here Ctrl-C is how it ends well.
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)
    with server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return
