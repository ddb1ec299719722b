"""The published file that most tests ask: made once for all workers, in the background, and kept.

``python -m tests.shared_build FOLDER`` makes it. What it was made from is the name of its folder, below
``build/test-cache``: code, sources, settings, libraries and machine.
Where nothing of that changed, the next run of the tests takes the file as it lies there.
"""

from __future__ import annotations

import fcntl
import os
import pickle
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from ml import Settings
from warehouse.build.inputs import read_inputs, sha256_of_inputs
from warehouse.build.request import BuildRequest
from warehouse.build.run import BuildSummary, build, docs_file
from warehouse.digest import sha256_of_text
from warehouse.paths import PROJECT_ROOT, SOURCES_DIR

CACHE = PROJECT_ROOT / "build" / "test-cache"
KEPT = 2
"""Files that are kept: this one and the last one, so that going back to a branch costs no build."""
SMALL = Settings(members=12, grouped_repeats=2, random_repeats=1, trees=30, bootstrap_draws=50)
"""Settings of the shared file: every contender trains, none of them well."""
QUICK = replace(SMALL, grouped_repeats=1, folds=3, inner_folds=2, trees=10, bootstrap_draws=10)
"""For builds that must train but whose predictions nobody looks at."""

_SUMMARY = "summary.pickle"


class SilentReporter:
    """Takes a build's progress and says nothing."""

    def plan(self, steps: list[str], last_seconds: dict[str, float]) -> None: ...

    def start(self, step: str) -> None: ...

    def note(self, text: str) -> None: ...

    def finish(self, step: str, outcome: str, seconds: float) -> None: ...


def made_from() -> str:
    """Digest of all that decides what the shared file holds: what a build reads, and the machine."""
    inputs = read_inputs(SOURCES_DIR, None, SMALL)
    return sha256_of_text(f"{sha256_of_inputs(inputs)}\n{platform.platform()}")[:16]


@dataclass
class SharedBuild:
    """The shared file in its cache; ``start`` has it made, ``take`` waits for it."""

    folder: Path
    process: subprocess.Popen[bytes] | None = None

    @classmethod
    def of_this_code(cls) -> SharedBuild:
        return cls(CACHE / made_from())

    @property
    def log(self) -> Path:
        return self.folder.with_suffix(".log")

    def start(self) -> None:
        """Have the file made unless it is there or another worker has it made."""
        if self.folder.is_dir():
            return
        CACHE.mkdir(parents=True, exist_ok=True)
        with self._lock_file() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            if self.folder.is_dir():
                return
            # The process inherits the lock, and gives it up when it ends, however it ends.
            with self.log.open("wb") as log:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "tests.shared_build", str(self.folder)],
                    cwd=PROJECT_ROOT,
                    pass_fds=[lock.fileno()],
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )

    def take(self, folder: Path) -> BuildSummary:
        """Wait for the file, and put a copy into ``folder`` that tests may spoil.

        Raises:
            RuntimeError: If it could not be made; what the build printed is in the message.
        """
        self.start()
        if not self.folder.is_dir():
            with self._lock_file() as lock:
                fcntl.flock(lock, fcntl.LOCK_SH)
            if self.process is not None:
                self.process.wait()
        if not self.folder.is_dir():
            raise RuntimeError(f"the shared file could not be made:\n{self.log.read_text('utf-8')[-4000:]}")
        os.utime(self.folder)
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        summary: BuildSummary = pickle.loads((folder / _SUMMARY).read_bytes())
        (folder / _SUMMARY).unlink()
        return replace(summary, output=folder / summary.output.name)

    def stop(self) -> None:
        """End the process if it still runs, for instance because the tests were interrupted."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait()

    def _lock_file(self) -> IO[bytes]:
        return self.folder.with_suffix(".lock").open("wb")


def make(folder: Path) -> None:
    """Build into ``folder``, which appears when everything is in it, and forget the oldest ones."""
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".making-") as made:
        output = Path(made) / folder.name / "ree.duckdb"
        summary = build(BuildRequest(output=output, settings=SMALL), SilentReporter())
        assert docs_file(output).is_file()
        (output.parent / _SUMMARY).write_bytes(pickle.dumps(summary))
        os.replace(output.parent, folder)
    kept = sorted((place for place in folder.parent.glob("[!.]*") if place.is_dir()), key=_last_used)
    for place in kept[:-KEPT]:
        shutil.rmtree(place)
        for beside in (".log", ".lock"):
            place.with_suffix(beside).unlink(missing_ok=True)


def _last_used(place: Path) -> float:
    return place.stat().st_mtime


if __name__ == "__main__":
    make(Path(sys.argv[1]))
