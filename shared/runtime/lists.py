"""Lists and single documents out of views: jurisdiction, waiting, paging, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from shared.regions import Jurisdiction
from shared.runtime.service import Service
from shared.runtime.waiting import wait
from shared.views.query import BY_KEY, Cursor, Filter, Range, Scalar, Sort
from shared.views.rows import Row
from shared.web.cursors import Cursors, Page, PageQuery
from shared.web.waiting import WaitFor

R = TypeVar("R", bound=Row)


async def list_page(
    service: Service,
    view: str,
    row: type[R],
    reach: Jurisdiction,
    paging: PageQuery,
    *,
    waiting: WaitFor | None = None,
    equal: Mapping[str, Scalar] | None = None,
    within: Mapping[str, Range] | None = None,
    sort: Sort = BY_KEY,
) -> Page[R]:
    """A page of a view's documents whose ``division`` lies within the reach, as rows.

    ``equal`` are further conditions on indexed fields; those that are ``None`` are left out.
    ``within`` are bounds of such fields. A cursor is good only for the same list, reach and
    conditions.
    """
    if waiting is not None:
        await wait(service, view, waiting, case_id=None)
    conditions = {name: value for name, value in (equal or {}).items() if value is not None}
    scope = f"{view}|{reach.prefix}|{sort}|{sorted(conditions.items())}"
    if within:
        scope += f"|{sorted((name, bounds.bounds()) for name, bounds in within.items())}"
    cursors = Cursors(service.keys.key("cursors"))
    place = cursors.open(paging.cursor, scope)
    page = await service.views.query(
        view,
        Filter(equal=conditions, prefix={"division": reach.prefix}, within=within or {}),
        sort,
        Cursor(place[0] or None, str(place[1])) if place is not None else None,
        paging.limit,
    )
    following = None
    if page.after is not None:
        following = cursors.seal((_placed(page.after.value), page.after.key), scope)
    return Page(items=[row.model_validate(d) for d in page.documents], next=following)


def _placed(value: Scalar) -> int | str:
    return "" if value is None else value
