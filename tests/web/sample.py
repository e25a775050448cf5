"""A small service of one aggregate, with an issuer of its own: what the tests talk to."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid5

import httpx
from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from shared.access.issuer import Issuer
from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.access.tokens import Verifier, audience_of
from shared.kernel.decider import HOUSE, Refusal
from shared.regions import Jurisdiction, Level
from shared.sealing import KeyRing
from shared.web.app import Application, create_app
from shared.web.cursors import Page, Paging
from shared.web.idempotency import Idempotent
from shared.web.preconditions import IfMatch, set_etag, stale
from shared.web.problems import Known, Problem, ProblemType
from shared.web.waiting import Waiting

GULOU = Jurisdiction("350102000000", Level.COUNTY)
TAIJIANG = Jurisdiction("350103000000", Level.COUNTY)
TOWNSHIP = Jurisdiction("350102001000", Level.TOWNSHIP)
FUJIAN = Jurisdiction("350000000000", Level.PROVINCE)

ISSUER_URL = "http://127.0.0.1:8080/issuer"
CASE = UUID("00000000-0000-4000-8000-000000000001")
CASES = {CASE: "350102001000"}
VERSION = 3

APPROVER = Annotated[Grant, Depends(Access({Role.TOWNSHIP_APPROVER}, "case"))]
READER = Annotated[
    Grant, Depends(Access({Role.TOWNSHIP_CLERK, Role.COUNTY_OFFICER, Role.AUDITOR}, "own"))
]
LOOK_UP = Annotated[
    Grant,
    Depends(
        Access({Role.TOWNSHIP_CLERK, Role.SERVICE}, "none", purposes={"means-check"}, command=False)
    ),
]

SURVEYED_BY_SAME = ProblemType(
    "surveyor-cannot-confirm", 409, "调查人员不得审批", "Who surveyed cannot confirm"
)


class Approval(BaseModel):
    """A command's body with a field of every kind that can go wrong."""

    model_config = ConfigDict(extra="forbid")

    persons: int = Field(ge=1, le=20)
    accept: bool
    household: dict[str, int] = Field(default_factory=dict)
    person_id: UUID | None = None
    mode: Annotated[str, Field(pattern="^(gap|tier)$")] = "gap"


class LookUp(BaseModel):
    """A body with a rule of the service's own."""

    id_number: str = Field(repr=False)

    def model_post_init(self, _: object) -> None:
        if not self.id_number.isdigit():
            raise PydanticCustomError("id-number", "not an ID number: {value}", {"value": "x"})


router = APIRouter(prefix="/cases", tags=["cases"])


@router.post("/{case_id}/approval", summary="审批 / Approve")
async def approve(
    case_id: UUID, body: Approval, grant: APPROVER, key: Idempotent, version: IfMatch
) -> dict[str, str]:
    if case_id not in CASES:
        raise Problem(Known.NOT_FOUND)
    grant.require(CASES[case_id])
    if version != VERSION:
        raise stale(VERSION)
    if body.persons == 13:
        raise Refusal(
            "surveyor-cannot-confirm", facts={"surveyors": 2}, source="民发〔2021〕57号, art. 20"
        )
    return {"command_id": str(key.command_id), "digest": key.body_digest.hex()}


@router.get("", summary="列表 / List")
async def cases(
    grant: READER,
    page: Paging,
    wait_for: Waiting,
    division: Annotated[str | None, Query()] = None,
) -> Page[UUID]:
    within = grant.narrowed(division, Level.TOWNSHIP if division else None)
    shown = [case_id for case_id, where in CASES.items() if within.covers(where)]
    return Page(items=shown[: page.limit])


@router.get("/{case_id}")
async def case(case_id: UUID, grant: READER, response: Response) -> dict[str, UUID]:
    if case_id not in CASES:
        raise Problem(Known.NOT_FOUND)
    grant.require(CASES[case_id])
    set_etag(response, VERSION)
    return {"case_id": case_id}


@router.post("/look-up")
async def look_up(body: LookUp, grant: LOOK_UP) -> dict[str, int]:
    return {"found": 0}


def actor(name: str) -> UUID:
    return uuid5(HOUSE, f"test/{name}")


class House:
    """An issuer, a verifier and an application, each with keys of this test alone."""

    def __init__(self, *routers: APIRouter, **options: object) -> None:
        ring = KeyRing.ephemeral()
        self.issuer = Issuer(ISSUER_URL, ring, services=("intake", "verification"), home=FUJIAN)
        self.verifier = Verifier(
            self.issuer.keys(), issuer=self.issuer.url, audience=audience_of("intake")
        )
        self.app: Application = create_app(
            "受理 / Intake",
            "intake",
            verifier=self.verifier,
            keys=ring,
            routers=[router, *routers],
            problems=[SURVEYED_BY_SAME],
            rules={"id-number": ("身份证号码有误", "not a valid ID number")},
            **options,  # type: ignore[arg-type]
        )

    def token(
        self,
        role: Role = Role.TOWNSHIP_APPROVER,
        jurisdiction: Jurisdiction = TOWNSHIP,
        subject: str = "approver",
    ) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.issuer.mint(actor(subject), role, jurisdiction)}"}

    def client(self, **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=self.app)
        return httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers)
