"""The published file that most tests ask: that of the last build, or one made once for all workers, and kept.

Where ``build/ree.duckdb`` is what a build would make now, with no other run in it, it is taken as it is.
Else ``python -m tests.shared_build FOLDER`` makes one in the background, with a smaller ensemble. What that
was made from is the name of its folder, below ``build/test-cache``: code, sources, settings, libraries and
machine. Where nothing of that changed, the next run of the tests takes the file as it lies there.
"""

from __future__ import annotations

import fcntl
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import duckdb

from ml import Settings
from warehouse.build.current import compare
from warehouse.build.inputs import read_inputs, sha256_of_inputs
from warehouse.build.request import BuildRequest
from warehouse.build.run import BuildSummary, build, docs_file
from warehouse.digest import sha256_of_text
from warehouse.pages.lineage import describes
from warehouse.paths import DEFAULT_OUTPUT, PROJECT_ROOT, SOURCES_DIR

CACHE = PROJECT_ROOT / "build" / "test-cache"
KEPT = 2
"""Files that are kept: this one and the last one, so that going back to a branch costs no build."""
SMALL = Settings(members=12, grouped_repeats=2, random_repeats=1, trees=30, bootstrap_draws=50)
"""Settings of the shared file: every contender trains, none of them well."""
QUICK = replace(SMALL, grouped_repeats=1, folds=3, inner_folds=2, trees=10, bootstrap_draws=10)
"""For builds that must train but whose predictions nobody looks at."""


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


def trained_with(file: Path) -> Settings:
    """Return the settings of the current run of a published file."""
    with duckdb.connect(str(file), read_only=True) as connection:
        (settings,) = connection.execute(
            "select hyperparameters from ml.model_runs where is_current and not is_study"
        ).fetchone() or ("{}",)
    return Settings.from_json(settings)


def last_build() -> Path | None:
    """Return the file of the last build, if one from nothing would be the same now, lineage site and all."""
    request = BuildRequest()
    if not (compare(request).is_current and describes(request.output)):
        return None
    with duckdb.connect(str(request.output), read_only=True) as connection:
        runs = connection.execute("select count(*) from ml.model_runs").fetchone()
    return request.output if runs == (1,) else None


@dataclass
class SharedBuild:
    """The shared file, in its cache unless it is that of the last build; ``take`` waits for it.

    ``start`` has it made.
    """

    folder: Path
    process: subprocess.Popen[bytes] | None = None

    @classmethod
    def of_this_code(cls) -> SharedBuild:
        found = last_build()
        return cls(CACHE / made_from() if found is None else found.parent)

    @property
    def is_made(self) -> bool:
        return self.folder.is_dir()

    @property
    def log(self) -> Path:
        return self.folder.with_suffix(".log")

    def start(self) -> None:
        """Have the file made unless it is there or another worker has it made."""
        if self.is_made:
            return
        CACHE.mkdir(parents=True, exist_ok=True)
        with self._lock_file() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            if self.is_made:
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
        if not self.is_made:
            with self._lock_file() as lock:
                fcntl.flock(lock, fcntl.LOCK_SH)
            if self.process is not None:
                self.process.wait()
        if not self.is_made:
            raise RuntimeError(f"the shared file could not be made:\n{self.log.read_text('utf-8')[-4000:]}")
        os.utime(self.folder)
        made, output = self.folder / DEFAULT_OUTPUT.name, folder / DEFAULT_OUTPUT.name
        docs_file(output).parent.mkdir()
        for file in (made, made.with_name(f"{made.name}.sha256"), docs_file(made)):
            shutil.copyfile(file, folder / file.relative_to(self.folder))
        return BuildSummary(output, [])

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
        output = Path(made) / folder.name / DEFAULT_OUTPUT.name
        build(BuildRequest(output=output, settings=SMALL), SilentReporter())
        assert docs_file(output).is_file()
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
