"""Structured logs: one JSON object a line, without personal data.

A line says what happened in words of ours and in fields of codes, ids and numbers. Bodies, query
strings and exceptions' messages are never written, since they hold what people sent. Numbers
shaped like an ID card, a telephone or an account are blacked out as the last defence, whoever
wrote them.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, date, datetime
from enum import Enum
from types import TracebackType
from typing import Any, Final, TextIO
from uuid import UUID

from shared.web import tracing

REDACTED: Final = "[已隐去]"

# Neighbouring hex digits are excluded so that no part of an id, a digest or a trace is taken for
# a number.
_PERSONAL: Final = re.compile(
    r"(?<![0-9a-fA-F])(?:"
    r"\d{17}[\dXx]"  # ID card
    r"|\d{6}[ -]\d{8}[ -]\d{3}[\dXx]"  # ID card, grouped
    r"|\d{15,19}"  # ID card of the first generation, bank account
    r"|\d{4}(?:[ -]\d{4}){2,3}(?:[ -]\d{1,4})?"  # bank account, grouped
    r"|1[3-9]\d[ -]?\d{4}[ -]?\d{4}"  # mobile telephone
    r"|0\d{2,3}[ -]\d{7,8}"  # fixed line
    r")(?![0-9a-fA-F])"
)

_NARROW: Final = {0xFF10 + digit: str(digit) for digit in range(10)} | {0xFF38: "X", 0xFF58: "x"}
"""Full-width digits, as Chinese input methods make them, to plain ones."""

_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_FRAMES: Final = 12
_QUIET: Final = ("httpx", "httpcore", "uvicorn.access", "pymongo", "asyncio", "motor")


def redact(text: str) -> str:
    """The text with everything blacked out that looks like a personal number."""
    return _PERSONAL.sub(REDACTED, text.translate(_NARROW))


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON: time, level, logger, message, trace, extra fields.

    Of an exception it keeps the types and the places in the code, never the messages.
    """

    def __init__(self, service: str = "") -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        """The record's line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage()),
        }
        if self._service:
            line["service"] = self._service
        if trace := tracing.current():
            line["trace"], line["span"] = trace.trace_id, trace.span_id
        for name, value in vars(record).items():
            if name not in _STANDARD and name not in line:
                line[name] = _field(value)
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = _exception(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def _field(value: object) -> Any:
    """A value that a line may hold; of anything else only its type, since it may hold anything."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, int | float) or value is None:
        told = str(value)
        return value if redact(told) == told else REDACTED
    if isinstance(value, UUID | datetime | date):
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_field(item) for item in list(value)[:50]]
    return f"<{type(value).__name__}>"


def _exception(error: BaseException) -> list[dict[str, Any]]:
    """The chain of exceptions, outermost first: type, engine's code if any, places in the code."""
    told: list[dict[str, Any]] = []
    while error is not None and len(told) < 5:
        entry: dict[str, Any] = {"type": f"{type(error).__module__}.{type(error).__qualname__}"}
        code = getattr(error, "sqlstate", None) or getattr(error, "errno", None)
        if isinstance(code, str | int):
            entry["code"] = code
        entry["at"] = _places(error.__traceback__)
        told.append(entry)
        following = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if following is None:
            break
        error = following
    return told


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-_FRAMES:]
    return [f"{'/'.join(f.filename.split('/')[-3:])}:{f.lineno} {f.name}" for f in frames]


def set_up_logs(service: str, level: str = "info", stream: TextIO | None = None) -> logging.Handler:
    """Send every log record of the process to ``stream`` (standard error) as JSON lines.

    Libraries that log addresses and requests are heard from ``warning`` on only. Returns the
    handler, for whoever wants to take it off again.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter(service))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        server = logging.getLogger(name)
        server.handlers.clear()
        server.propagate = True
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    # It tells of every attempt while the broker is away; our loops tell of it once.
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    logging.captureWarnings(capture=True)
    return handler
