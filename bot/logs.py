"""Logging by allow-list: names and numbers, never content."""

from __future__ import annotations

import logging
import sys
from typing import Any

ALLOWED = frozenset({"kind", "notice", "count"})
"""The only fields an event may carry. None of them is ever something that a person typed."""


_set: str | None = None
"""How much is logged, once that is set up."""


class Nameless(logging.Formatter):
    """What a library says, as its name and level and the type of the exception: all other text may hold content."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; a traceback that another handler has left in the record is passed over as well."""
        kind = record.exc_info[0] if record.exc_info else None
        return f"{record.name}: {record.levelname}" + (f" {kind.__name__}" if kind else "")


def log(event: str, *, level: int = logging.INFO, **fields: str | int | float) -> None:
    """Write one event; raises ValueError for a field that is not on the list."""
    if unknown := fields.keys() - ALLOWED:
        raise ValueError(f"log field not allowed: {', '.join(sorted(unknown))}")
    if _set is None:
        set_up()
    _events(_set or "INFO").log(level, event, **fields)


def set_up(level: str = "INFO") -> None:
    """One JSON line an event on standard error; libraries may warn, but never chat."""
    global _set
    _set = level
    logging.raiseExceptions = False  # else a log line that cannot be written is printed with all it holds
    screen = logging.StreamHandler()
    screen.setFormatter(Nameless())
    logging.basicConfig(level=logging.WARNING, handlers=[screen])
    for noisy in ("uvicorn.access", "uvicorn.error", "sqlite_utils", "multipart", "slack_bolt", "slack_sdk"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _events(level: str) -> Any:
    """What writes events of that level and above."""
    import structlog  # with the first event: it takes a tenth of a second, and most commands log nothing

    return structlog.wrap_logger(
        structlog.PrintLogger(sys.stderr),
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.add_log_level,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
    )
