"""A view's rows {_id, position, deleted, document} in MongoDB, and what its driver raises."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from pymongo import UpdateOne
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    WTimeoutError,
)

from shared.views.port import (
    Document,
    PairGone,
    Progress,
    Update,
    ViewsAway,
    ViewSpec,
    body_of,
    keyed,
)

Stored = dict[str, Any]

_MOMENT_GONE: Final = frozenset({206, 239, 246})
"""NoSuchSession, SnapshotTooOld, SnapshotUnavailable."""


def build_of(spec: ViewSpec) -> str:
    """The name under which a version of a view is stored."""
    return f"{spec.name}.v{spec.version}"


def guarded(update: Update) -> UpdateOne:
    """Replace the row unless a position as high or higher wrote it.

    Two that insert the same key at once: the server tries the second again, as an update.
    """
    body = body_of(update)
    row = {
        "_id": update.key,
        "position": update.position,
        "deleted": body is None,
        "document": body,
    }
    older = {"$gt": [update.position, {"$ifNull": ["$position", 0]}]}
    # A literal: a text in a document that begins with a dollar sign is no expression.
    keep_or_replace = {"$cond": [older, {"$literal": row}, "$$ROOT"]}
    return UpdateOne({"_id": update.key}, [{"$replaceWith": keep_or_replace}], upsert=True)


@contextmanager
def engine_errors() -> Iterator[None]:
    """Tell what the driver raises in the port's words: ``ViewsAway``, ``PairGone``."""
    try:
        yield
    except PyMongoError as error:
        if isinstance(error, OperationFailure) and error.code in _MOMENT_GONE:
            raise PairGone(f"MongoDB: {type(error).__name__}") from error
        if _is_away(error):
            # The driver's own text names hosts and, for a bulk, whole documents.
            raise ViewsAway(f"MongoDB: {type(error).__name__}") from error
        raise


def _is_away(error: PyMongoError) -> bool:
    if isinstance(error, BulkWriteError):
        # Written, but not by a majority in time: the same batch is applied again.
        return not error.details["writeErrors"]
    return isinstance(error, (ConnectionFailure, WTimeoutError, ExecutionTimeout))


def document_of(row: Stored) -> Document | None:
    """The document as readers get it; ``None`` for a tombstone."""
    return None if row["deleted"] else keyed(row["_id"], row["document"])


def progress_of(row: Stored) -> Progress:
    """Where a generation stands, as it is stored."""
    return Progress(row["generation"], row["position"], row["digest"])
