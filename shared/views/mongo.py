"""Views in MongoDB: the one file that names ``motor``, and its driver.

A guarded write is an update pipeline: it compares positions inside the server, so a replay is a
write without effect. (A filter on the position with upsert would fail a replay with E11000.)
Reads and writes are those a majority of the replica set has, so nothing read can be rolled back.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Final, TypeVar, cast
from weakref import WeakKeyDictionary

from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorClientSession,
    AsyncIOMotorCollection,
    AsyncIOMotorDatabase,
)
from pymongo import IndexModel, ReturnDocument
from pymongo.errors import OperationFailure
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shared.views.mongo_query import conditions, order, path
from shared.views.mongo_rows import (
    Stored,
    build_of,
    document_of,
    engine_errors,
    guarded,
    progress_of,
)
from shared.views.port import (
    START,
    Document,
    Loaded,
    OnStep,
    Progress,
    Row,
    Update,
    ViewsAway,
    ViewSpec,
    by_name,
    check_keys,
    check_switch,
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

_Client = AsyncIOMotorClient[Stored]
_Collection = AsyncIOMotorCollection[Stored]
_Session = AsyncIOMotorClientSession

_NEXT: Final = {"$set": {"last": {"$add": [{"$max": ["$generation", "$last"]}, 1]}}}
"""The number of a generation that never was."""

T = TypeVar("T")


class MongoViews:
    """The port over one database (one per service and cell) of the cluster at ``uri``.

    Connects at first use. Usable from several event loops at once; each gets a client of its
    own, since a client belongs to one. ``on_step`` is called before each effect with
    "view-documents" (once a batch), "view-document" (each bulk of up to ``bulk`` documents),
    "view-position", "view-begin-beside", "view-switch" and "view-sweep" (dropping a generation
    that is gone).
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
        with engine_errors():
            row = await self._positions().find_one({"_id": build_of(spec)})
            first = START.generation
            if row is None:
                self._prepared.discard(self._documents(spec, first).name)  # never there, or wiped
                await self._prepare(spec, first)
                return START
            progress = progress_of(row)
            await self._prepare(spec, progress.generation)
        return progress

    async def load(
        self, view: str, keys: Sequence[str], generation: int | None = None
    ) -> dict[str, Loaded]:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        check_keys(spec, keys)
        if generation is None:
            generation = (await self.progress(view)).generation
        collection = self._documents(spec, generation)
        with engine_errors():
            rows = await collection.find({"_id": {"$in": list(keys)}}).to_list(len(keys) or None)
        return {row["_id"]: Loaded(document_of(row), row["position"]) for row in rows}

    async def apply(self, view: str, updates: Sequence[Update], progress: Progress) -> bool:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        check_updates(spec, updates, progress)
        collection = self._documents(spec, progress.generation)
        with engine_errors():
            await self._prepare(spec, progress.generation)
        if updates:
            self.on_step("view-documents")
        for start in range(0, len(updates), self._bulk):
            self.on_step("view-document")
            bulk = [guarded(update) for update in updates[start : start + self._bulk]]
            with engine_errors():
                await collection.bulk_write(bulk, ordered=False)
        return await self.set_position(view, progress)

    async def set_position(self, view: str, progress: Progress) -> bool:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        self.on_step("view-position")
        generation, position, digest = progress
        with engine_errors():
            await self._prepare(spec, generation)
        shown = {"position": position, "digest": digest}
        beside = {f"beside.{name}": value for name, value in shown.items()}
        return await self._change(
            spec, {"generation": generation, "position": {"$lt": position}}, {"$set": shown}
        ) or await self._change(
            spec,
            {"beside.generation": generation, "beside.position": {"$lt": position}},
            {"$set": beside},
        )

    async def restart(self, view: str, generation: int) -> Progress:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        begun = {"generation": "$last", "position": 0, "digest": "", "beside": None}
        with engine_errors():
            await self._prepare(spec, generation)
        if await self._change(spec, {"generation": generation}, [_NEXT, {"$set": begun}]):
            await self._sweep(spec)
        return await self.progress(view)

    async def beside(self, view: str) -> Progress | None:
        """See ``ViewStore``."""
        return (await self._standing(spec_of(self._specs, view)))[1]

    async def begin_beside(self, view: str) -> Progress:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        await self.progress(view)  # there is a row now
        self.on_step("view-begin-beside")
        begun = {"generation": "$last", "position": 0, "digest": ""}
        with engine_errors():
            row = await self._positions().find_one_and_update(
                {"_id": build_of(spec)},
                [_NEXT, {"$set": {"beside": begun}}],
                return_document=ReturnDocument.AFTER,
            )
        if row is None:
            raise ViewsAway("MongoDB: the views were wiped meanwhile")
        progress = progress_of(row["beside"])
        with engine_errors():
            await self._prepare(spec, progress.generation)
        await self._sweep(spec)
        return progress

    async def both(self, view: str) -> MongoPair | None:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        with engine_errors():
            session = await self._client().start_session(snapshot=True)
            try:
                shown, beside = await self._standing(spec, session)
            except BaseException:
                await session.end_session()
                raise
            if beside is None:
                await session.end_session()
                return None
        generations = (shown.generation, beside.generation)
        collections = {number: self._documents(spec, number) for number in generations}
        return MongoPair(session, shown, beside, collections)

    async def switch(self, view: str, shown: Progress, beside: Progress) -> bool:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        check_switch(spec, shown, beside)
        self.on_step("view-switch")
        expected = shown._asdict() | {f"beside.{k}": v for k, v in beside._asdict().items()}
        switched = await self._change(spec, expected, {"$set": beside._asdict() | {"beside": None}})
        if switched:
            await self._sweep(spec)
        return switched

    async def abandon(self, view: str) -> None:
        """See ``ViewStore``."""
        spec = spec_of(self._specs, view)
        await self._change(spec, {}, {"$set": {"beside": None}})
        await self._sweep(spec)

    async def get(self, view: str, key: str) -> Document | None:
        """See ``ViewStore``."""
        row = await self._read(view, lambda collection: collection.find_one({"_id": key}))
        return None if row is None else document_of(row)

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

        def find(collection: _Collection) -> Awaitable[list[Stored]]:
            # In one batch: a page that came in two could be of two generations.
            found = collection.find(conditions(where, after, sort), batch_size=limit + 1)
            return found.sort(order(sort)).limit(limit + 1).to_list(limit + 1)

        rows = await self._read(view, find)
        return page_of([keyed(row["_id"], row["document"]) for row in rows], sort, limit)

    async def count(self, view: str, where: Filter = EVERYTHING, limit: int = COUNT_LIMIT) -> int:
        """See ``ViewStore``."""
        check_count(spec_of(self._specs, view).fields, where, limit)
        return await self._read(
            view, lambda collection: collection.count_documents(conditions(where), limit=limit)
        )

    async def engine(self) -> str:
        """See ``ViewStore``."""
        with engine_errors():
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

    def _db(self) -> AsyncIOMotorDatabase[Stored]:
        return self._client().get_database(
            self._database,
            read_concern=ReadConcern("majority"),
            write_concern=WriteConcern("majority", wtimeout=_MAJORITY_MS),
        )

    def _positions(self) -> _Collection:
        return self._db()[_PROGRESS]

    def _documents(self, spec: ViewSpec, generation: int) -> _Collection:
        return self._db()[f"{build_of(spec)}.g{generation}"]

    async def _standing(
        self, spec: ViewSpec, session: _Session | None = None
    ) -> tuple[Progress, Progress | None]:
        """Where the generation shown and the one beside are."""
        with engine_errors():
            row = await self._positions().find_one({"_id": build_of(spec)}, session=session)
        if row is None:
            return START, None
        beside = row.get("beside")
        return progress_of(row), None if beside is None else progress_of(beside)

    async def _read(self, view: str, look: Callable[[_Collection], Awaitable[T]]) -> T:
        """What a look finds among the documents that readers see.

        A collection that was dropped since its name was read is empty, or breaks the look off:
        what found nothing is asked again if readers have been switched meanwhile.
        """
        spec = spec_of(self._specs, view)
        generation = (await self.progress(view)).generation
        while True:
            found, broken = None, None
            try:
                with engine_errors():
                    found = await look(self._documents(spec, generation))
            except OperationFailure as error:
                broken = error
            if found:
                return found
            before, generation = generation, (await self.progress(view)).generation
            if generation == before:
                if broken is not None:
                    raise broken
                return cast(T, found)

    async def _change(
        self, spec: ViewSpec, expected: Stored, change: Stored | Sequence[Stored]
    ) -> bool:
        """Change where the view stands if it is as expected; whether it was.

        Where no row is, nothing changes: the views were wiped meanwhile and begin again.
        """
        with engine_errors():
            changed = await self._positions().update_one(
                {"_id": build_of(spec), **expected}, change
            )
        return changed.matched_count == 1

    async def _sweep(self, spec: ViewSpec) -> None:
        """Drop the collections of generations that do not stand any more."""
        self.on_step("view-sweep")
        shown, beside = await self._standing(spec)
        kept = {shown.generation, shown.generation if beside is None else beside.generation}
        names = re.compile(re.escape(build_of(spec)) + r"\.g([0-9]+)")
        with engine_errors():
            for name in await self._db().list_collection_names():
                found = names.fullmatch(name)
                if found and int(found[1]) not in kept:
                    await self._db()[name].drop()

    async def _prepare(self, spec: ViewSpec, generation: int) -> None:
        """Once per generation: its indexes, and a row for the view's position."""
        collection = self._documents(spec, generation)
        if collection.name in self._prepared:
            return
        indexes = [
            IndexModel([("deleted", 1), *((path(field), 1) for field in index), ("_id", 1)])
            for index in spec.indexes
        ]
        if indexes:
            await collection.create_indexes(indexes)
        await self._positions().update_one(
            {"_id": build_of(spec)}, {"$setOnInsert": START._asdict()}, upsert=True
        )
        self._prepared.add(collection.name)


class MongoPair:
    """Both generations as a snapshot of the server has them, which it keeps for some minutes."""

    def __init__(
        self,
        session: _Session,
        shown: Progress,
        beside: Progress,
        collections: Mapping[int, _Collection],
    ) -> None:
        self.shown = shown
        self.beside = beside
        self._session = session
        self._collections = collections

    async def rows(self, generation: int, after: str, limit: int) -> list[Row]:
        """See ``Pair``."""
        past = {"_id": {"$gt": after}}
        with engine_errors():
            found = self._collections[generation].find(past, session=self._session)
            rows = await found.sort("_id", 1).limit(limit).to_list(limit)
        return [Row(row["_id"], document_of(row), row["position"]) for row in rows]

    async def close(self) -> None:
        """See ``Pair``."""
        await self._session.end_session()
