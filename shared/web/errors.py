"""Every exception has its problem: one place that says which."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from starlette.exceptions import HTTPException

from shared.kernel.decider import Refusal
from shared.kernel.store import LogShrank, StoreAway
from shared.kernel.submission import (
    ClockAstray,
    KeyReused,
    NotApplicable,
    NoteExpired,
    NotParked,
    VersionMismatch,
    WriterBusy,
    WriterClosed,
)
from shared.policy import MissingValue
from shared.web.idempotency import key_reused
from shared.web.preconditions import stale
from shared.web.problems import Catalogue, Known, Problem

log = logging.getLogger(__name__)

Away = Mapping[type[Exception], str]
"""Exceptions that say that an engine or a peer cannot be reached, with its name."""

_RETRY_AFTER_S = {"Retry-After": "5"}

_BY_STATUS = {
    400: Known.BAD_REQUEST,
    404: Known.NOT_FOUND,
    405: Known.METHOD_NOT_ALLOWED,
    413: Known.BODY_TOO_LARGE,
    415: Known.MEDIA_TYPE_UNSUPPORTED,
}

_PLAIN: Mapping[type[Exception], tuple[Known, str]] = {
    NoteExpired: (Known.NOTE_EXPIRED, "请重新提交 / Send the command again"),
    NotParked: (Known.NOT_PARKED, "请先处理同一键的首条 / The first under its key comes first"),
    NotApplicable: (Known.CONFLICT, "该记录仍无法应用 / The record still cannot be applied"),
}


class Answers:
    """Finds the problem that an exception is answered with.

    ``away`` are the exceptions that say that an engine is away, beside the store's own.
    """

    def __init__(self, catalogue: Catalogue, away: Away | None = None) -> None:
        self._catalogue = catalogue
        self._away: Away = {StoreAway: "event-store", **(away or {})}

    def problem_of(self, error: Exception) -> Problem:
        """The problem of an exception; an unknown one is logged and answered as internal."""
        if isinstance(error, Problem):
            return error
        if isinstance(error, Refusal):
            return self._catalogue.of_refusal(error)
        if isinstance(error, HTTPException):
            return self._of_http(error)
        if isinstance(error, MissingValue):
            return _unregulated(error)
        return self._of_kernel(error) or self._of_away(error) or _internal(error)

    def _of_http(self, error: HTTPException) -> Problem:
        # The framework wraps whatever fails while the body is read; ours says more.
        if isinstance(error.__cause__, Problem):
            return error.__cause__
        known = _BY_STATUS.get(error.status_code)
        if known is None:
            known = Known.INTERNAL if error.status_code >= 500 else Known.BAD_REQUEST
        return Problem(known, headers=error.headers, status=error.status_code)

    def _of_kernel(self, error: Exception) -> Problem | None:
        if isinstance(error, KeyReused):
            return key_reused()
        if isinstance(error, VersionMismatch):
            return stale(error.seen)
        if isinstance(error, WriterBusy):
            return Problem(Known.OVERLOADED, headers={"Retry-After": "1"})
        if isinstance(error, WriterClosed | ClockAstray | LogShrank):
            return Problem(Known.NOT_READY, headers=_RETRY_AFTER_S)
        known = _PLAIN.get(type(error))
        return Problem(*known) if known else None

    def _of_away(self, error: Exception) -> Problem | None:
        for kind, name in self._away.items():
            if isinstance(error, kind):
                log.warning("an engine is away", extra={"engine": name}, exc_info=error)
                return Problem(Known.ENGINE_AWAY, members={"engine": name}, headers=_RETRY_AFTER_S)
        return None


def _unregulated(error: MissingValue) -> Problem:
    """Nothing was recorded: once a person supplied the value, the same command can be repeated."""
    return Problem(
        Known.PARAMETER_MISSING,
        "请先补充该参数，再重新提交 / Supply the parameter, then send the command again",
        members={
            "parameter": error.name,
            "programme": error.programme,
            "division": error.region,
            "on": error.on.isoformat(),
            "nearest": [str(near) for near in error.nearest],
        },
    )


def _internal(error: Exception) -> Problem:
    log.error("a request failed", exc_info=error)
    detail = "请向运维人员提供 instance / Give the operators the instance"
    return Problem(Known.INTERNAL, detail)
