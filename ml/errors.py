"""What goes wrong in a way that the caller can do something about."""

from __future__ import annotations


class PipelineError(Exception):
    """The step cannot be done; the message is one sentence that says what to do."""
