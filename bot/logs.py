"""Logging by allow-list: names and numbers, never content."""

from __future__ import annotations

import logging
import sys

import structlog

ALLOWED = frozenset({"kind", "count", "port", "school", "status", "elapsed_ms", "policy"})
"""The only fields an event may carry. None of them is ever something that a person typed."""


def log(event: str, **fields: str | int | float) -> None:
    """Write one event; raises ValueError for a field that is not on the list."""
    if unknown := fields.keys() - ALLOWED:
        raise ValueError(f"log field not allowed: {', '.join(sorted(unknown))}")
    structlog.get_logger().info(event, **fields)


def set_up(level: str = "INFO") -> None:
    """One JSON line an event on standard error; libraries may warn, but never chat."""
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.add_log_level,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(levelname)s")
    for noisy in ("uvicorn.access", "uvicorn.error", "sqlite_utils", "multipart"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
