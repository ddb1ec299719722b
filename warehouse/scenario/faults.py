"""Faults of an input, all of them at once."""

from __future__ import annotations

from warehouse.errors import GateFailedError, ReeError


def raise_any(faults: list[ReeError], what: str) -> None:
    """Raise the one fault, or all of them together; do nothing if there is none.

    Args:
        faults: What is wrong, in the order of the lines.
        what: Name of the input for the closing sentence.

    Raises:
        ReeError: If there is one fault.
        GateFailedError: If there are several, one sentence each.
    """
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise GateFailedError(what, [str(fault) for fault in faults], "no scenario was computed")
