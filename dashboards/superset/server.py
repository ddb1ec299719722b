"""A throw-away Superset on this machine: own home folder, own secret, own port, gone when the block ends."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

START_TIMEOUT_S = 300
STOP_TIMEOUT_S = 20
COMMANDS = Path(sys.executable).parent


class ServerError(Exception):
    """Superset could not be set up or started."""


@dataclass(frozen=True)
class Server:
    """Where it listens and who may enter."""

    url: str
    user: str
    password: str


@contextmanager
def superset(home: Path) -> Iterator[Server]:
    """Set up Superset in an empty folder and run it on 127.0.0.1 until the block ends.

    Raises:
        ServerError: If a step fails or the server does not answer in time; the message ends in its log.
    """
    environment = _environment(home)
    password = secrets.token_urlsafe(16)
    log = home / "superset.log"
    _set_up(environment, password, log)
    port = _free_port()
    with log.open("ab") as stream:
        process = subprocess.Popen(
            [COMMANDS / "superset", "run", "--host", "127.0.0.1", "--port", str(port), "--with-threads"],
            env=environment,
            stdout=stream,
            stderr=stream,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _await_answer(url, process, log)
        yield Server(url, "admin", password)
    except Exception as error:
        error.add_note(f"Superset's log ends:\n{_tail(log)}")
        raise
    finally:
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _environment(home: Path) -> dict[str, str]:
    # A configuration of the user's own would make the check theirs and not that of a stock Superset.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SUPERSET")}
    return inherited | {
        "FLASK_APP": "superset",
        "SUPERSET_HOME": str(home),
        "SUPERSET_SECRET_KEY": secrets.token_urlsafe(42),
    }


def _set_up(environment: dict[str, str], password: str, log: Path) -> None:
    admin = ["--username", "admin", "--firstname", "A", "--lastname", "B", "--email", "admin@localhost"]
    for step in (["db", "upgrade"], ["fab", "create-admin", *admin, "--password", password], ["init"]):
        with log.open("ab") as stream:
            done = subprocess.run(
                [COMMANDS / "superset", *step], env=environment, stdout=stream, stderr=stream
            )
        if done.returncode:
            raise ServerError(f"`superset {' '.join(step[:2])}` failed:\n{_tail(log)}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_answer(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServerError(f"Superset stopped while starting:\n{_tail(log)}")
        try:
            if requests.get(f"{url}/health", timeout=5).ok:
                return
        except requests.RequestException:
            pass
        time.sleep(0.5)
    raise ServerError(f"Superset did not answer within {START_TIMEOUT_S} s:\n{_tail(log)}")


def _tail(log: Path, lines: int = 20) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
