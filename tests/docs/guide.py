"""Following a guide of ``docs/how-to``: its files are written, its commands run, their output compared.

A fenced block with a ``title`` is a file of that path, a ``diff`` is applied, ``bash`` is run, and ``text``
is what the commands before it print. Where that starts with a cross, the commands are meant to fail so.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.shared_build import SMALL, trained_with
from warehouse.paths import PROJECT_ROOT

GUIDES = PROJECT_ROOT / "docs" / "how-to"
_OF_THIS_RUN = re.compile("✓|Changed since the last build|.* is not as a build left it")
_BLOCK = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_NOT_COPIED = shutil.ignore_patterns(
    ".*_cache", ".git", ".venv", ".uv", ".hypothesis", "__pycache__", "target", "logs"
)

# The commands a guide names, run by this environment on the copy with the settings of the file there.
_REE = """#!{python}
import functools, sys
sys.path.insert(0, {root!r})
import warehouse.build.request
from ml import Settings
request = warehouse.build.request
request.BuildRequest = functools.partial(request.BuildRequest, settings=Settings.from_json({settings!r}))
if {selection!r} and "build" in sys.argv:
    import warehouse.build.run
    warehouse.build.run.BEFORE_MODELS = {selection!r}
sys.argv[0] = "ree"
from warehouse.cli.app import main
main()
"""


@dataclass(frozen=True)
class Block:
    """A fenced block: ``kind`` is its language, ``title`` the file it is, if it is one."""

    kind: str
    title: str
    text: str


def blocks(guide: str) -> list[Block]:
    """Return the fenced blocks of a guide in order."""
    page = (GUIDES / guide).read_text(encoding="utf-8")
    return [Block(*match.groups(default="")) for match in _BLOCK.finditer(page)]


def copy_repository(root: Path, published: Path | None = None, selection: tuple[str, ...] = ()) -> None:
    """Copy the project to ``root`` with the commands its guides name.

    Args:
        root: Folder to make.
        published: Published file to start from, if there is to be one.
        selection: How far builds transform before the ensemble, if not to the end.
    """
    settings = SMALL if published is None else trained_with(published)
    shutil.copytree(PROJECT_ROOT, root, ignore=_NOT_COPIED_AT_ROOT)
    (root / "build").mkdir()
    if published is not None:
        shutil.copyfile(published, root / "build" / "ree.duckdb")
    commands = root / ".venv" / "bin"
    commands.mkdir(parents=True)
    ree = commands / "ree"
    command = _REE.format(
        python=sys.executable, root=str(root), settings=settings.to_json(), selection=selection
    )
    ree.write_text(command, encoding="utf-8")
    ree.chmod(0o755)
    for name in ("dbt", "pytest", "python", "sqlfluff"):
        (commands / name).symlink_to(Path(sys.executable).with_name(name))


def _NOT_COPIED_AT_ROOT(folder: str, names: list[str]) -> set[str]:  # noqa: N802
    left_out = set(_NOT_COPIED(folder, names))
    return left_out | ({"build"} if Path(folder) == PROJECT_ROOT else set())


def follow(steps: list[Block], root: Path) -> None:
    """Do what ``steps`` say in the copy at ``root``, and hold it to what they promise."""
    printed, failed = "", False
    for position, step in enumerate(steps):
        if step.title:
            file = root / step.title
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(step.text, encoding="utf-8")
        elif step.kind == "diff":
            _run(["patch", "--strip=1", "--fuzz=0"], root, step.text)
        elif step.kind == "bash":
            following = steps[position + 1] if position + 1 < len(steps) else None
            expected = following.text if following is not None and following.kind == "text" else None
            failed = expected is not None and expected.startswith("✗")
            done = _run(["bash", "-euo", "pipefail", "-c", step.text], root, fails=failed)
            printed = done.stderr if failed else done.stdout
        elif step.kind == "text":
            # A build says what changed and which steps it took; both depend on the file it started from.
            told = "".join(line + "\n" for line in printed.splitlines() if not _OF_THIS_RUN.match(line))
            assert told == step.text, f"printed:\n{told}\nthe guide says:\n{step.text}"


def _run(
    command: list[str], root: Path, text: str | None = None, *, fails: bool = False
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command,
        cwd=root,
        input=text,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
        timeout=600,
    )
    assert (done.returncode != 0) == fails, f"{command}\n{done.stdout}\n{done.stderr}"
    return done
