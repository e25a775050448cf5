"""Views in MongoDB: the one file that names ``motor``, and its driver.

A guarded write is an update pipeline: it compares positions inside the server, so a replay is a
write without effect. (A filter on the position with upsert would fail a replay with E11000.)
Reads and writes are those a majority of the replica set has, so nothing read can be rolled back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from weakref import WeakKeyDictionary

from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo import IndexModel, UpdateOne
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    ExecutionTimeout,
    PyMongoError,
    WTimeoutError,
)
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shared.views.mongo_query import conditions, order, path
from shared.views.port import (
    START,
    Document,
    Loaded,
    OnStep,
    Progress,
    Update,
    ViewsAway,
    ViewSpec,
    body_of,
    by_name,
    check_keys,
    check_updates,
    keyed,
    no_step,
    spec_of,
)
from shared.views.query import (
    BY_KEY,
    COUNT_LIMIT,
    EVERYTHING,
    Cursor,
    Filter,
    Page,
    Sort,
    check_count,
    check_page,
    page_of,
)

BULK: Final = 500
"""Documents of one unordered bulk."""

_SELECTION_MS: Final = 2_000
_SOCKET_MS: Final = 10_000
_MAJORITY_MS: Final = 5_000
_PROGRESS: Final = "view_progress"

_Row = dict[str, Any]
_Client = AsyncIOMotorClient[_Row]
_Collection = AsyncIOMotorCollection[_Row]


class MongoViews:
    """The port over one database (one per service and cell) of the cluster at ``uri``.

    Connects at first use. Usable from several event loops at once; each gets a client of its
    own, since a client belongs to one. ``on_step`` is called before each effect with
    "view-documents" (once a batch), "view-document" (each bulk of up to ``bulk`` documents) and
    "view-position".
    """

    def __init__(
        self,
        uri: str,
        database: str,
        specs: Iterable[ViewSpec],
        *,
        on_step: OnStep = no_step,
        bulk: int = BULK,
    ) -> None:
        self._uri = uri
        self._database = database
        self._specs = by_name(specs)
        self.on_step = on_step
        self._bulk = bulk
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, _Client] = WeakKeyDictionary()
        self._prepared: set[str] = set()

    async def progress(self, view: str) -> Progress:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        with _engine_errors():
            row = await self._positions().find_one({"_id": _build(spec)})
            if row is None:
                self._prepared.discard(self._documents(spec, START).name)  # never there, or wiped
                await self._prepare(spec, START)
                return START
            progress = Progress(row["generation"], row["position"], row["digest"])
            await self._prepare(spec, progress)
        return progress

    async def load(self, view: str, keys: Sequence[str]) -> dict[str, Loaded]:
        """See ``ViewStore``."""
        check_keys(spec_of(self._specs, view), keys)
        collection = await self._current(view)
        with _engine_errors():
            rows = await collection.find({"_id": {"$in": list(keys)}}).to_list(len(keys) or None)
        return {row["_id"]: Loaded(_document(row), row["position"]) for row in rows}

    async def apply(self, view: str, updates: Sequence[Update], progress: Progress) -> bool:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        check_updates(spec, updates, progress)
        collection = self._documents(spec, progress)
        with _engine_errors():
            await self._prepare(spec, progress)
        if updates:
            self.on_step("view-documents")
        for start in range(0, len(updates), self._bulk):
            self.on_step("view-document")
            bulk = [_guarded(update) for update in updates[start : start + self._bulk]]
            with _engine_errors():
                await collection.bulk_write(bulk, ordered=False)
        return await self.set_position(view, progress)

    async def set_position(self, view: str, progress: Progress) -> bool:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        behind = {"generation": progress.generation, "position": {"$lt": progress.position}}
        self.on_step("view-position")
        return await self._move(spec, behind, progress)

    async def restart(self, view: str, generation: int) -> Progress:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        if await self._move(spec, {"generation": generation}, Progress(generation + 1, 0, "")):
            with _engine_errors():
                await self._documents(spec, Progress(generation, 0, "")).drop()
        return await self.progress(view)

    async def get(self, view: str, key: str) -> Document | None:
        """See ``ViewStore``."""
        collection = await self._current(view)
        with _engine_errors():
            row = await collection.find_one({"_id": key})
        return None if row is None else _document(row)

    async def query(
        self,
        view: str,
        where: Filter = EVERYTHING,
        sort: Sort = BY_KEY,
        after: Cursor | None = None,
        limit: int = 50,
    ) -> Page:
        """See ``ViewStore``."""
        check_page(spec_of(self._specs, view).fields, where, sort, after, limit)
        collection = await self._current(view)
        with _engine_errors():
            found = collection.find(conditions(where, after, sort)).sort(order(sort))
            rows = await found.limit(limit + 1).to_list(limit + 1)
        return page_of([keyed(row["_id"], row["document"]) for row in rows], sort, limit)

    async def count(self, view: str, where: Filter = EVERYTHING, limit: int = COUNT_LIMIT) -> int:
        """See ``ViewStore``."""
        check_count(spec_of(self._specs, view).fields, where, limit)
        collection = await self._current(view)
        with _engine_errors():
            return await collection.count_documents(conditions(where), limit=limit)

    async def engine(self) -> str:
        """See ``ViewStore``."""
        with _engine_errors():
            information = await self._client().server_info()
        return f"MongoDB {information['version']}"

    async def close(self) -> None:
        """See ``ViewStore``."""
        while self._clients:
            _, client = self._clients.popitem()
            client.close()

    def _client(self) -> _Client:
        loop = asyncio.get_running_loop()
        client = self._clients.get(loop)
        if client is None:
            client = AsyncIOMotorClient(
                self._uri,
                io_loop=loop,
                appname="doudi-views",
                uuidRepresentation="standard",
                serverSelectionTimeoutMS=_SELECTION_MS,
                connectTimeoutMS=_SELECTION_MS,
                socketTimeoutMS=_SOCKET_MS,
            )
            self._clients[loop] = client
        return client

    def _db(self) -> AsyncIOMotorDatabase[_Row]:
        return self._client().get_database(
            self._database,
            read_concern=ReadConcern("majority"),
            write_concern=WriteConcern("majority", wtimeout=_MAJORITY_MS),
        )

    def _positions(self) -> _Collection:
        return self._db()[_PROGRESS]

    def _documents(self, spec: ViewSpec, progress: Progress) -> _Collection:
        return self._db()[f"{_build(spec)}.g{progress.generation}"]

    async def _current(self, view: str) -> _Collection:
        return self._documents(spec_of(self._specs, view), await self.progress(view))

    async def _move(self, spec: ViewSpec, expected: _Row, progress: Progress) -> bool:
        """Set the view's progress where it is as expected; whether it was.

        Where no row is, nothing moves: the views were wiped meanwhile and begin again.
        """
        with _engine_errors():
            await self._prepare(spec, progress)
            moved = await self._positions().update_one(
                {"_id": _build(spec), **expected}, {"$set": progress._asdict()}
            )
        return moved.matched_count == 1

    async def _prepare(self, spec: ViewSpec, progress: Progress) -> None:
        """Once per generation: its indexes, and a row for the view's position."""
        collection = self._documents(spec, progress)
        if collection.name in self._prepared:
            return
        indexes = [
            IndexModel([("deleted", 1), *((path(field), 1) for field in index), ("_id", 1)])
            for index in spec.indexes
        ]
        if indexes:
            await collection.create_indexes(indexes)
        await self._positions().update_one(
            {"_id": _build(spec)}, {"$setOnInsert": START._asdict()}, upsert=True
        )
        self._prepared.add(collection.name)


def _build(spec: ViewSpec) -> str:
    return f"{spec.name}.v{spec.version}"


def _guarded(update: Update) -> UpdateOne:
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
def _engine_errors() -> Iterator[None]:
    try:
        yield
    except PyMongoError as error:
        if _is_away(error):
            # The driver's own text names hosts and, for a bulk, whole documents.
            raise ViewsAway(f"MongoDB: {type(error).__name__}") from error
        raise


def _is_away(error: PyMongoError) -> bool:
    if isinstance(error, BulkWriteError):
        # Written, but not by a majority in time: the same batch is applied again.
        return not error.details["writeErrors"]
    return isinstance(error, (ConnectionFailure, WTimeoutError, ExecutionTimeout))


def _document(row: _Row) -> Document | None:
    return None if row["deleted"] else keyed(row["_id"], row["document"])
