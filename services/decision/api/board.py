"""The public board: what hangs in a village or township by law, read without a login.

Names come from the registry at every reading, for the purpose of publicity, and are masked before
anything is made of them; nothing here keeps them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from services.decision.api.access import ReadOwn, Wire
from services.decision.printed import board
from services.decision.printed.board import Posting
from services.decision.problems.board import AREA_NOT_NAMED, POSTING_UNKNOWN
from services.decision.rules.postings import PostingKind
from services.decision.views import PostingRow
from shared.access.persons import Standing
from shared.access.registry import RegistryAway, RegistryRefused
from shared.access.routes import BOARD_PATH, BOARD_PRINTED_PATH
from shared.contracts.fields import DivisionCode, Programme
from shared.contracts.persons import ConsultationPurpose, PersonField
from shared.regions import Division, Jurisdiction, Level, UnknownDivision
from shared.runtime.lists import list_page
from shared.runtime.service import Service
from shared.views.query import KEY, Filter, Range, Sort
from shared.web.cursors import Page, PageQuery, Paging
from shared.web.limits import RateLimiter
from shared.web.problems import Known, Problem
from shared.web.waiting import Waiting

VIEW: Final = "postings"
HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, noarchive",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
}


class About(StrEnum):
    """What is read: publicity that runs today, or who receives."""

    PUBLICITY = "publicity"
    RECIPIENTS = "recipients"


class PostingAnswer(Wire):
    """What hangs of one case, with a masked name; ``text`` is its fixed form.

    ``number`` is by what an objection names it; ``until_on`` is the last day on which one is
    taken in, and absent where who receives is published as long as they do.
    """

    kind: PostingKind
    number: str | None
    programme: Programme
    division: DivisionCode
    name: str
    from_on: date
    until_on: date | None
    text: tuple[str, ...]


Number = Annotated[str, Query(pattern="^[0-9A-F]{10}$", description="公示编号 / Posting's number")]


def board_router(service: Service) -> APIRouter:
    """The public board, and for officials which case a number is of."""
    router = APIRouter(tags=["公示栏 / Public board"])
    limits = _Limits()

    @router.get(BOARD_PATH, summary="公示栏 / What hangs in public")
    async def hangs(
        request: Request,
        response: Response,
        paging: Paging,
        division: DivisionCode | None = None,
        about: About = About.PUBLICITY,
        number: Number | None = None,
    ) -> Page[PostingAnswer]:
        limits.spend(request)
        response.headers.update(HEADERS)
        if number is not None:
            return Page(items=[_answer(await _numbered(service, number))])
        if division is None:
            raise Problem(AREA_NOT_NAMED)
        area = await _area(service, division)
        found, following = await _hanging(service, area, about, paging)
        return Page(items=[_answer(posting) for posting in found], next=following)

    @router.get(
        BOARD_PRINTED_PATH,
        summary="打印公示 / The board as a page to hang",
        response_class=HTMLResponse,
    )
    async def printed(
        request: Request, paging: Paging, division: DivisionCode, about: About = About.PUBLICITY
    ) -> HTMLResponse:
        limits.spend(request)
        area = await _area(service, division)
        found, following = await _hanging(service, area, about, paging)
        links = _links(division, about, following)
        page = board.sheet(found, area.name, await service.today(), links)
        return HTMLResponse(page, headers=HEADERS)

    @router.get("/postings", summary="公示所属个案 / Which case hangs under a number")
    async def postings(
        grant: ReadOwn,
        paging: Paging,
        waiting: Waiting,
        division: DivisionCode | None = None,
        number: Number | None = None,
    ) -> Page[PostingRow]:
        reach = grant.narrowed(division)
        equal = {"number": number}
        return await list_page(
            service, VIEW, PostingRow, reach, paging, waiting=waiting, equal=equal
        )

    return router


def _links(division: str, about: About, following: str | None) -> board.Links:
    """To the other of the two, and to the next page."""
    other, called = {
        About.PUBLICITY: (About.RECIPIENTS, ("保障对象公布", "Who receives")),
        About.RECIPIENTS: (About.PUBLICITY, ("今日公示", "Publicity of today")),
    }[about]
    links = {called: f"?{urlencode({'division': division, 'about': other.value})}"}
    if following is not None:
        here = {"division": division, "about": about.value, "cursor": following}
        links[("下一页", "Next page")] = f"?{urlencode(here)}"
    return links


class _Limits:
    """Every reading is recorded by the registry: how many there are is bounded, each and all."""

    def __init__(self) -> None:
        self._each = RateLimiter(per_second=1, burst=30)
        self._all = RateLimiter(per_second=20, burst=200)

    def spend(self, request: Request) -> None:
        """Raises a 429 problem beyond either."""
        self._each.spend(request.client.host if request.client else "")
        self._all.spend("")


async def _area(service: Service, code: str) -> Division:
    """A township or village; publicity is of the place where the household lives, no wider."""
    try:
        area = service.regions.division(code, await service.today())
    except UnknownDivision:
        raise Problem(Known.NOT_FOUND) from None
    if area.level not in (Level.TOWNSHIP, Level.VILLAGE):
        raise Problem(AREA_NOT_NAMED)
    return area


async def _hanging(
    service: Service, area: Division, about: About, paging: PageQuery
) -> tuple[list[Posting], str | None]:
    today = await service.today()
    running = about is About.PUBLICITY
    page = await list_page(
        service,
        VIEW,
        PostingRow,
        Jurisdiction(area.code, area.level),
        paging,
        equal=None if running else {"receives": True},
        within={"until_on": Range(at_least=today.isoformat())} if running else None,
    )
    return await _shown(service, page.items, about, today), page.next


async def _numbered(service: Service, number: str) -> Posting:
    page = await service.views.query(VIEW, Filter(equal={"number": number}), Sort(KEY), None, 1)
    rows = [PostingRow.model_validate(document) for document in page.documents]
    found = await _shown(service, rows, About.PUBLICITY, await service.today())
    if not found:
        raise Problem(POSTING_UNKNOWN)
    return found[0]


async def _shown(
    service: Service, rows: Sequence[PostingRow], about: About, on: date
) -> list[Posting]:
    """What hangs of the rows on a day, by name."""
    show = board.running if about is About.PUBLICITY else board.received
    names = await _names(service, {row.named for row in rows})
    found = (show(row, names, service.policy, service.regions, on) for row in rows)
    return [posting for posting in found if posting is not None]


async def _names(service: Service, people: Iterable[UUID]) -> dict[UUID, str]:
    """Who they are; whose data was erased or cannot be read is left out.

    Raises 503 while the registry is away.
    """
    asked = sorted(people)
    if not asked:
        return {}
    try:
        found = await service.registry.consult(
            asked, ConsultationPurpose.PUBLICITY, [PersonField.NAME]
        )
    except (RegistryAway, RegistryRefused) as error:
        raise Problem(Known.ENGINE_AWAY, members={"engine": "registry"}) from error
    return {
        person.person_id: person.name
        for person in found
        if person.standing is Standing.KNOWN and person.name is not None
    }


def _answer(posting: Posting) -> PostingAnswer:
    return PostingAnswer(
        kind=posting.kind,
        number=posting.number,
        programme=posting.programme,
        division=posting.division,
        name=posting.name,
        from_on=posting.from_on,
        until_on=posting.until_on,
        text=tuple(board.lines(posting)),
    )
