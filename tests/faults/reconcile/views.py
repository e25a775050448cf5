"""Views: what a fresh fold of the log gives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from infra.distributed import definition_of
from shared.kernel.store import Store
from shared.runtime.build import open_views
from shared.settings import SERVICES
from shared.views.memory import MemoryViews
from shared.views.port import ViewStore
from shared.views.projector import Projection, Projector
from shared.views.query import Cursor
from tests.faults.site import Site


async def of_views(site: Site) -> AsyncIterator[str]:
    """Every view is what a fresh fold of the log gives, and nothing stands beside it."""
    settings = site.settings
    for service in SERVICES:
        definition = definition_of(service)
        views = await asyncio.to_thread(open_views, settings, definition)
        try:
            with site.store(service) as store:
                for projection in definition.projections:
                    view = projection.spec.name
                    fresh = await _folded(projection, store)
                    seen = await documents_of(views, view)
                    if seen != await documents_of(fresh, view):
                        yield f"{service}: the view {view} is not what its log gives"
                    position = (await views.progress(view)).position
                    if position != store.head():
                        yield f"{service}: the view {view} stands at {position}"
                    if await views.beside(view) is not None:
                        yield f"{service}: something stands beside the view {view}"
        finally:
            await views.close()


class _Elected:
    def held(self) -> bool:
        return True


async def _folded(projection: Projection, store: Store) -> MemoryViews:
    views = MemoryViews([projection.spec])
    projector = Projector(projection, views, store, _Elected())
    while await projector.step():
        pass
    return views


async def documents_of(views: ViewStore, view: str) -> dict[str, dict[str, Any]]:
    """All documents of a view by key."""
    found: dict[str, dict[str, Any]] = {}
    after: Cursor | None = None
    while True:
        page = await views.query(view, after=after, limit=200)
        found |= {str(document["_id"]): document for document in page.documents}
        after = page.after
        if after is None:
            return found
