"""Progress of long work: what is under way, for how long, and how much is left."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Column, Table
from rich.text import Text

from warehouse.cli.console import err

_UNRECORDED_STEPS = 1
"""The last step writes the durations, so that its own is never known; it takes a moment."""


class ConsoleReporter:
    """Tells each step: live with the time left on a terminal, one line per step when piped.

    The time left is reckoned from the same steps of the last build. Where one of them is not known, or a
    step takes longer than it did, no time left is claimed.

    Args:
        console: Where to write; standard error by default.
        clock: Seconds from any start.
    """

    def __init__(self, console: Console = err, clock: Callable[[], float] = time.monotonic) -> None:
        self.console = console
        self.clock = clock
        self.live: Live | None = None
        self.step = ""
        self.detail = ""
        self.began = 0.0
        self.spinner = Spinner("dots")
        self.steps: list[str] = []
        self.last_seconds: dict[str, float] = {}

    def plan(self, steps: list[str], last_seconds: dict[str, float]) -> None:
        """Take the steps to come and how long those of the last build took, in seconds."""
        self.steps, self.last_seconds = steps, last_seconds

    def start(self, step: str) -> None:
        """Show that ``step`` is under way."""
        self.step, self.detail, self.began = step, "", self.clock()
        if self.console.is_terminal:
            self.live = Live(self, console=self.console, transient=True)
            self.live.start()

    def note(self, text: str) -> None:
        """Show what just finished within the step."""
        self.detail = text

    def finish(self, step: str, outcome: str, seconds: float) -> None:
        """Replace the live line by the outcome."""
        self.stop()
        self.console.print(
            Text.assemble(("✓ ", "green"), f"{step:<26}", (f"{outcome}", "dim"), f"  {seconds:.1f} s")
        )

    def stop(self) -> None:
        """Take down the live line, if there is one."""
        if self.live:
            self.live.stop()
            self.live = None

    def seconds_left(self) -> float | None:
        """Return how long the rest should take by the last build, None where that is not known."""
        if self.step not in self.steps:
            return None
        to_come = self.steps[self.steps.index(self.step) :]
        known = [self.last_seconds.get(step) for step in to_come[: len(to_come) - _UNRECORDED_STEPS]]
        durations = [seconds for seconds in known if seconds is not None]
        if not durations or len(durations) < len(known):
            return None
        left_of_step = durations[0] - (self.clock() - self.began)
        return left_of_step + sum(durations[1:]) if left_of_step >= 0 else None

    def __rich__(self) -> Table:
        left = self.seconds_left()
        times = f"{tell_seconds(self.clock() - self.began)} so far"
        if left is not None:
            times += f", about {tell_seconds(left)} left by the last build"
        line = Table.grid(
            Column(), Column(no_wrap=True), Column(no_wrap=True), Column(no_wrap=True), padding=(0, 1)
        )
        line.add_row(self.spinner, self.step, Text(times, "cyan"), Text(self.detail, "dim"))
        return line


@contextlib.contextmanager
def under_way(step: str) -> Iterator[None]:
    """Show on a terminal that ``step`` is under way, and for how long, until the block ends."""
    reporter = ConsoleReporter()
    reporter.start(step)
    try:
        yield
    finally:
        reporter.stop()


def tell_seconds(seconds: float) -> str:
    """Return a duration as people say it: ``8 s``, ``1 min 40 s``, ``2 h 5 min``."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
