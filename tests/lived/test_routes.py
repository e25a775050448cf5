"""Every route of every service, as a neighbour county and as the own county see it.

The routes are enumerated from the running system, so that a new one is tested or fails here: for
its path's parameters and its body there must be a value that names the story's case. A neighbour
is shown nothing of the case and changes nothing; the own county is shown something.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from starlette.routing import Mount

from infra.demo.office import (
    AUDITOR,
    CLERK,
    CONFIRMER,
    COUNTY,
    PAYMENT_APPROVER,
    SECOND_SURVEYOR,
    SURVEYOR,
    TOWNSHIP,
    Official,
)
from infra.demo.people import HOUSEHOLD, PLANTED
from infra.embedded import DEFINITIONS
from services.decision.model import determination_of, standards_of
from services.decision.reactions import on_check_completed
from services.intake.model import task_id_of
from services.intake.reactions import on_potential_recipient_listed
from shared.access.roles import Role
from shared.access.routes import CODE_PATHS, OPEN_PATHS, PROGRESS_PATH, RoutePolicy, policies
from shared.calendar import Month
from shared.contracts.intake import ConsultationPurpose, PersonField
from shared.contracts.kernel import ParkReason
from shared.contracts.recognition import HouseholdRecognised, PotentialRecipientListed
from shared.kernel import submission
from shared.kernel.decider import Stream
from shared.kernel.event import Event, read
from shared.runtime.service import Service
from shared.settings import SERVICES
from tests.care.kept import SHOWN, keep
from tests.decision.standards import standard_set
from tests.documents import document
from tests.lived import Place
from tests.verification.test_decisions import completed

pytestmark = pytest.mark.asyncio(loop_scope="session")

NEIGHBOUR: Final = "350925000000"
HOME: Final = "350000000000"
RECORDED_READS: Final = frozenset({"person-looked-up", "persons-consulted", "notes-read"})
"""What a question leaves in the record, whoever asks it."""

PARKED: Final = b"no event"

IN_FUND_FEN: Final = 1_234_567
"""What the story's township has in its reserve fund, for this test to find."""

ABOUT_THE_SERVICE: Final = frozenset(
    {
        "/metrics",
        "/ops/clock",
        "/ops/status",
        "/ops/backlog",
        "/ops/commands/{command_id}",
        "/ops/views",
        "/ops/views/{view}",
        "/ops/log/marks",
        "/ops/proofs",
        "/screenings/{county}/{year}",
        "/screening-ledger",
    }
)
"""Routes that hold nothing of any case or person."""


NAMELESS: Final = frozenset({"/cases/{case_id}/determination/printed"})
"""Routes that show a case with nothing in it but what the caller named."""

VIEWS: Final = {
    name: made().projections[0].spec.name
    for name, made in DEFINITIONS.items()
    if made().projections
}
"""A view of each service that has one."""


@dataclass(frozen=True)
class Route:
    """One method of one route of one service."""

    service: str
    method: str
    policy: RoutePolicy

    def __str__(self) -> str:
        return f"{self.method} {self.service}{self.policy.path}"

    @property
    def of_operators(self) -> bool:
        return self.policy.path.startswith("/ops/")

    @property
    def roles(self) -> list[Role]:
        """Who may; a clerk where only services may, so that somebody tries."""
        found = sorted(self.policy.access.roles - {Role.SERVICE})
        return found or [Role.TOWNSHIP_CLERK]


@dataclass(frozen=True)
class Known:
    """What the story left behind: what requests name, and what a stranger must not see.

    ``of_service`` goes before ``values`` where a service has a case of its own.

    ``figures`` are the household's wages and counted income, and the township's fund, in fen.
    """

    values: Mapping[str, str]
    of_service: Mapping[str, Mapping[str, str]]
    bodies: Mapping[str, Any]
    secrets: frozenset[str]
    figures: frozenset[str] = frozenset({"290000", "220000", str(IN_FUND_FEN)})


def applications(place: Place) -> dict[str, FastAPI]:
    """The running services' HTTP applications."""
    assert place.run is not None
    mounts = [route for route in place.run.embedded.app.routes if isinstance(route, Mount)]
    found = {mount.path.strip("/"): mount.app for mount in mounts}
    apps = {name: app for name, app in found.items() if name in SERVICES}
    assert all(isinstance(app, FastAPI) for app in apps.values())
    return {name: app for name, app in apps.items() if isinstance(app, FastAPI)}


def routes(place: Place) -> Iterator[Route]:
    """Every method of every route but health and documentation."""
    for service, app in applications(place).items():
        for policy in policies(app):
            if "{view}" in policy.path and service not in VIEWS:
                continue
            for method in sorted(policy.methods - {"HEAD", "OPTIONS"}):
                yield Route(service, method, policy)


def documents(place: Place) -> list[tuple[str, Any]]:
    """Every event of the story's case and of what pays it, with its service."""
    return [
        (name, read(row))
        for name, service in services(place).items()
        for row in service.store.read_log(0, 100_000)
    ]


def strings_of(value: Any) -> Iterator[str]:
    """Every scalar of a JSON value, as text."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from strings_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings_of(inner)
    else:
        yield str(value)


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def known(lived_embedded: Place) -> Known:
    place = lived_embedded
    case_id = place.case_id
    await park(place)
    await replenish(place)
    aid_case, in_need = await emergency(place)
    cared_for = await somebody_cared_for(place)
    await kept_in_mind(place, aid_case)
    screened, task_id = await on_a_roster(place)
    request_id = await asked_for_help(place)
    appeal_case, appeal_id, notice_id = await appealed(place)
    standard_id = await set_a_standard(place)
    await recognised(place, appeal_case)
    application = await place.house.see(OWN_CLERK, "intake", f"/applications/{case_id}")
    persons = [member["person_id"] for member in application["members"]]
    of_case = [(name, d) for name, d in documents(place) if str(d.subject) == case_id]
    notes = [d.data.explanation.note_id for _, d in of_case if hasattr(d.data, "explanation")]
    hold = {"division": COUNTY, "ground": "court", "explanation": "x"}
    held = await place.house.do(AUDITOR, "intake", f"/persons/{persons[0]}/holds", hold)
    payments = [str(d.data.payment_id) for _, d in of_case if hasattr(d.data, "payment_id")]
    runs = [str(d.data.run_id) for _, d in of_case if hasattr(d.data, "run_id")]
    identities = {text for _, d in of_case for text in strings_of(d.data.model_dump(mode="json"))}
    secrets = {
        case_id,
        aid_case,
        appeal_case,
        notice_id,
        in_need,
        cared_for,
        screened,
        task_id,
        request_id,
        str(HANDLER.actor),
        standard_id,
        *SHOWN,
        held["hold_id"],
        *persons,
        *payments,
        *runs,
        *(text for text in identities if len(text) == 36),
        *PLANTED,
        *(person.name for person, _relation in HOUSEHOLD),
        *(person.id_number for person, _relation in HOUSEHOLD),
        sha256(PARKED).hexdigest(),
    }
    person, note = persons[0], str(notes[0])
    body_of_persons = {"person_ids": [person], "fields": [field.value for field in PersonField]}
    papers = {"materials": ["medical_record"]}
    agreement = {
        "until_on": "2023-12-31",
        "caregiver": person,
        "visitor": str(uuid4()),
        "full_capacity": True,
        "terms": "x",
    }
    bodies = {
        "POST intake/applications": {
            "programme": "dibao",
            "division": TOWNSHIP,
            "applicant": person,
            "members": [{"person_id": person, "relation": "applicant"}],
            "reason": "x",
        },
        "POST intake/applications/{case_id}/material-requests": papers,
        "POST intake/applications/{case_id}/materials": papers,
        "POST intake/applications/{case_id}/withdrawal": {"reason": "x"},
        "POST intake/applications/{case_id}/transfer": {
            "division": "350924101000",
            "reason": "registered_elsewhere",
        },
        "POST intake/applications/{case_id}/kin-filing": {"kin": []},
        "POST intake/applications/{case_id}/authorisations": {
            "person_id": person,
            "standing": "member",
            "signed_by": person,
            "signed_on": "2020-04-01",
            "document_digest": "0" * 64,
        },
        "POST intake/applications/{case_id}/authorisations/withdrawal": {"person_id": person},
        "POST intake/applications/{case_id}/truthfulness": {
            "declared_by": person,
            "document_digest": "0" * 64,
        },
        "POST intake/watch-list/{case_id}/reopening": {"occasion": "hotline", "reason": "x"},
        "POST intake/watch-list/{case_id}/removal": {
            "reason": "moved_away",
            "explanation": "x",
        },
        "POST intake/screenings": {"division": COUNTY, "year": 2020},
        "POST intake/screenings/{county}/{year}/rosters": roster(person),
        "POST intake/screenings/{county}/{year}/sign-off": {
            "present": 1,
            "included": 1,
            "excluded": 1,
            "minutes": "x",
        },
        **{
            f"POST intake/screening-tasks/{{task_id}}/{step}": body
            for step, body in {
                "findings": {"visited_on": "2020-04-01", "findings": "x"},
                "exclusion": {"reason": "not_found", "grounds": "x"},
                "second-check": {"confirmed": True, "findings": "x"},
                "contest": {"grounds": "x"},
                "contest/decision": {"findings": "x"},
                "refusal": {"statement": "x"},
                "referral": {"referred_to": "charity", "explanation": "x"},
                "application": {"case_id": case_id},
            }.items()
        },
        "POST intake/requests": {"way": "window", "division": TOWNSHIP, "words": "x"},
        "POST intake/requests/{request_id}/registration": {"kind": "question"},
        "POST intake/requests/{request_id}/transfer": {"division": TOWNSHIP},
        "POST intake/requests/{request_id}/feedback": {"answer": "x"},
        "POST intake/persons": HOUSEHOLD[0][0].registration(TOWNSHIP),
        "POST intake/persons/{person_id}/amendments": {
            "region": TOWNSHIP,
            "phone": HOUSEHOLD[0][0].phone,
        },
        "POST intake/persons/{person_id}/erasure": {
            "division": COUNTY,
            "ground": "person_request",
            "reason": "x",
        },
        "POST intake/persons/{person_id}/erasure/rejection": {"reason": "x"},
        "POST intake/persons/{person_id}/holds": hold,
        "POST intake/persons/{person_id}/holds/{hold_id}/lifting": {"explanation": "x"},
        "POST intake/persons/look-ups": {
            "id_number": HOUSEHOLD[0][0].id_number,
            "purpose": "application",
        },
        "POST intake/persons/consultations": body_of_persons,
        "POST intake/notes/readings": {"note_ids": [note]},
        "POST intake/notes": {
            "command_id": str(uuid4()),
            "notes": [{"region": TOWNSHIP, "text": "x", "case_id": case_id}],
        },
        "POST verification/checks/{case_id}/home-visits": {
            "visited_on": "2020-05-08",
            "surveyors": [str(SURVEYOR.actor), str(SECOND_SURVEYOR.actor)],
            "findings": "x",
        },
        "POST verification/checks/{case_id}/reviews": {
            "held_on": "2020-05-08",
            "present": 3,
            "representatives": 3,
            "agreed": 3,
            "upheld": True,
            "minutes": "x",
        },
        "POST verification/checks/{case_id}/department-queries": {"department": "tax"},
        "POST verification/spot-checks/{division}/{programme}/draws": {"until_on": "2020-05-08"},
        "POST verification/checks/{case_id}/spot-visits": {
            "visited_on": "2020-05-08",
            "visitors": [str(uuid4()), str(uuid4())],
            "confirms": True,
            "findings": "x",
        },
        "POST verification/checks/{case_id}/leads/{lead}/answers": {
            "response": "explained",
            "statement": "x",
        },
        "POST decision/cases/{case_id}/proposal": {"explanation": "x"},
        "POST decision/cases/{case_id}/objections": {"grounds": "x"},
        "POST decision/cases/{case_id}/objections/{objection_id}/resolution": {
            "upheld": False,
            "findings": "x",
        },
        "POST care/care-files/{case_id}/assessments": {
            "assessed_on": "2023-05-01",
            "assessors": [str(SURVEYOR.actor), str(SECOND_SURVEYOR.actor)],
            "failed": [],
            "findings": "x",
        },
        "POST care/care-files/{case_id}/support-mode": {"mode": "dispersed"},
        "POST care/care-files/{case_id}/agreements": agreement | {"signed_on": "2023-05-01"},
        "POST care/care-files/{case_id}/agreements/replacement": agreement,
        "POST care/care-files/{case_id}/rectifications": {"grounds": "x"},
        "POST care/care-files/{case_id}/rectifications/{order_id}/completion": {"findings": "x"},
        "POST care/care-files/{case_id}/rectifications/{order_id}/refusal": {"findings": "x"},
        "POST care/care-files/{case_id}/contacts": {
            "contact_on": "2023-05-01",
            "kind": "phone",
            "findings": "x",
        },
        "POST decision/cases/{case_id}/changes": {
            "income": [{"person_id": str(uuid4()), "kind": "wage", "amount_fen": 1}],
            "explanation": "x",
        },
        "POST decision/cases/{case_id}/changes/{change_id}/hearing": {"statement": "x"},
        "POST decision/cases/{case_id}/changes/{change_id}/decision": {},
        "POST decision/cases/{case_id}/work-offers": {
            "person_id": person,
            "kind": "job",
            "offered_on": "2020-05-08",
            "answered_on": "2020-05-08",
            "labour": "full",
            "occupation": "no_work",
            "response": "refused",
            "findings": "x",
        },
        "POST decision/cases/{case_id}/work-consequences/{consequence_id}/hearing": {
            "statement": "x"
        },
        "POST decision/cases/{case_id}/work-consequences/{consequence_id}/decision": {
            "consequence": "stop"
        },
        "POST decision/cases/{case_id}/notices/{notice_id}/service": {
            "manner": "in_person",
            "served_on": "2020-05-19",
            "recipient": person,
            "proof": "x",
        },
        "POST decision/cases/{case_id}/reviews/{review_id}/extension": {
            "due_on": "2021-01-31",
            "grounds": "x",
        },
        "POST decision/cases/{case_id}/reviews/{review_id}/conclusion": {
            "manner": "home_visit",
            "outcome": "no_change",
            "household": "stable",
            "findings": "x",
        },
        "POST decision/cases/{case_id}/terminations": {"ground": "voluntary", "explanation": "x"},
        "POST decision/cases/{case_id}/terminations/{termination_id}/objections": {"grounds": "x"},
        "POST decision/cases/{case_id}/terminations/{termination_id}/objections/{objection_id}"
        "/resolution": {"upheld": False, "findings": "x"},
        "POST decision/cases/{case_id}/terminations/{termination_id}/hearing": {"statement": "x"},
        "POST decision/cases/{case_id}/meetings": {
            "kind": "case_by_case",
            "held_on": "2099-01-01",
            "attendance": [{"body": "finance", "person": str(uuid4()), "agreed": True}],
            "resolution": "check_again",
            "minutes": "x",
        },
        "POST decision/cases/{case_id}/corrections": {
            "stream": "determination",
            "position": 1,
            "field": "accepted_on",
            "reads_date": "2020-04-01",
            "reason": "x",
        },
        "POST decision/cases/{case_id}/appeals": {
            "kind": "petition",
            "organ": "petitions_office",
            "notice_id": str(uuid4()),
            "appellant": person,
            "filed_on": "2020-06-01",
            "grounds": "x",
        },
        "POST decision/cases/{case_id}/appeals/{appeal_id}/suspension": {"order": "x"},
        "POST decision/cases/{case_id}/appeals/{appeal_id}/reply": {"reply": "x"},
        "POST decision/cases/{case_id}/appeals/{appeal_id}/ruling": {
            "ruling": "upheld",
            "ruled_on": "2020-01-01",
            "reasons": "x",
        },
        "POST decision/cases/{case_id}/aid/grant": {"amount_fen": 800_00},
        "POST decision/cases/{case_id}/aid/refusal": {
            "reason": "no_emergency",
            "explanation": "x",
        },
        "POST decision/cases/{case_id}/aid/explanation": {"findings": "x"},
        "POST decision/cases/{case_id}/aid/follow-up": {"findings": "x"},
        "POST decision/standards/{division}/proposals": {
            "kind": "dibao",
            "amount_fen": 650_00,
            "from_month": "2030-01",
            "notice": "x",
        },
        "POST payment/runs": {"programme": "dibao", "division": TOWNSHIP, "month": "2020-05"},
        "POST payment/runs/{programme}/{division}/{month}/approval": {"run_id": runs[0]},
        "POST payment/funds/{division}/replenishments": {"amount_fen": IN_FUND_FEN},
        **{
            f"POST {service}/ops/{path}": body
            for service in SERVICES
            for path, body in {
                "clock": {"to": "2020-04-01T00:00:00Z"},
                "parked/{consumer}/{key:path}/{ordinal}/discard": {"reason": "x"},
                "views/{view}/rebuild/acceptance": {"digest": "0" * 64},
            }.items()
        },
    }
    values = {
        "case_id": case_id,
        "aid_case": aid_case,
        "task_id": task_id,
        "request_id": request_id,
        "county": COUNTY,
        "year": "2020",
        "appeal_case": appeal_case,
        "person_id": persons[0],
        "hold_id": held["hold_id"],
        "objection_id": str(uuid4()),
        "lead": "1",
        "change_id": str(uuid4()),
        "notice_id": str(uuid4()),
        "appeal_id": appeal_id,
        "review_id": str(uuid4()),
        "termination_id": str(uuid4()),
        "consequence_id": str(uuid4()),
        "order_id": str(uuid4()),
        "standard_id": str(uuid4()),
        "round": "first",
        "programme": "dibao",
        "division": TOWNSHIP,
        "month": "2020-05",
        "command_id": str(of_case[0][1].command_id),
        "key:path": case_id,
        "ordinal": "1",
    }
    of_service = {"care": {"case_id": cared_for}}
    return Known(values, of_service, bodies, frozenset(secrets))


async def appealed(place: Place) -> tuple[str, str, str]:
    """A household that was refused and petitions: the case, the appeal, and its notice."""
    assert place.run is not None
    service = place.run.embedded.services["decision"]
    check = completed(counted_income_fen=2_900_00, surveyors=(SURVEYOR.actor,))
    case_id, day = uuid4(), await service.today()
    account = document(check, case_id=case_id, on=day, region=TOWNSHIP)
    for opening in on_check_completed(account):
        await service.writer.execute(opening)
    here = f"/cases/{case_id}"
    seen = f"{here}/determination"
    proposal = {"explanation": "x"}
    await place.house.do(CLERK, "decision", f"{here}/proposal", proposal, at=seen)
    await place.house.do(CONFIRMER, "decision", f"{here}/refusal", at=seen)
    await place.run.settled()
    (told,) = (await place.house.see(CLERK, "decision", f"{here}/notices"))["notices"]
    body = {
        "kind": "petition",
        "organ": "petitions_office",
        "notice_id": told["owed"]["notice_id"],
        "appellant": told["owed"]["addressee"],
        "filed_on": told["owed"]["decided_on"],
        "grounds": "x",
    }
    filed = await place.house.do(CLERK, "decision", f"{here}/appeals", body)
    return str(case_id), filed["appeal_id"], told["owed"]["notice_id"]


def official(role: Role, division: str) -> Official:
    level = "province" if division == HOME else "county"
    return Official(f"{role} of {division}", role, division, level)


HANDLER: Final = Official("who was asked first", Role.COUNTY_OFFICER, COUNTY, "county")
OWN_CLERK: Final = official(Role.TOWNSHIP_CLERK, COUNTY)


def path_of(route: Route, known: Known) -> str:
    """The route's path for the story's case. Raises ``KeyError`` for a parameter not known here."""
    own = known.of_service.get(route.service, {})
    values = {**known.values, **own, "consumer": route.service}
    values |= {"view": VIEWS.get(route.service, "")}
    if "/aid" in route.policy.path or "/watch-list" in route.policy.path:
        values["case_id"] = known.values["aid_case"]
    if "/appeals" in route.policy.path:
        values["case_id"] = known.values["appeal_case"]
    if route.policy.path.startswith("/standards"):
        values["division"] = COUNTY
    parts = route.policy.path.split("/")
    return "/".join(values[part.strip("{}")] if part.startswith("{") else part for part in parts)


def body_of(route: Route, app: FastAPI, known: Known, purpose: str | None) -> Any:
    """The route's body. Raises ``KeyError`` for a route that needs one not known here."""
    operation = app.openapi()["paths"][route.policy.path.replace(":path", "")]
    if not operation[route.method.lower()].get("requestBody", {}).get("required"):
        return None
    body = known.bodies[f"{route.method} {route.service}{route.policy.path}"]
    return body | {"purpose": purpose} if purpose else body


async def ask(
    place: Place, route: Route, known: Known, who: Official, purpose: str | None = None
) -> httpx.Response:
    """One request on the story's case, as somebody."""
    body = body_of(route, applications(place)[route.service], known, purpose)
    return await place.house.call(
        who, route.method, route.service, path_of(route, known), body, if_match='"99"'
    )


def purposes(route: Route) -> list[str | None]:
    """Readings are asked for each purpose there is; everything else once."""
    if route.policy.path in ("/persons/consultations", "/notes/readings"):
        return [purpose.value for purpose in ConsultationPurpose]
    return [None]


def shown(answer: httpx.Response, route: Route, known: Known) -> set[str]:
    """What of the case an answer shows, beside what the request named itself."""
    named = answer.request.content.decode() + str(answer.request.url)
    media = answer.headers.get("Content-Type", "")
    found = set(strings_of(answer.json())) if "json" in media else {answer.text}
    text = "\n".join(found)
    return (found & known.figures) | {s for s in known.secrets if s in text and s not in named}


def heads(place: Place) -> dict[str, int]:
    """How long each service's log is."""
    return {name: service.store.head() for name, service in services(place).items()}


def services(place: Place) -> dict[str, Service]:
    """The running services from inside."""
    assert place.run is not None
    return place.run.embedded.services


async def test_every_route_shows_a_neighbour_nothing_and_lets_them_change_nothing(
    lived_embedded: Place, known: Known
) -> None:
    before = heads(lived_embedded)
    asked = 0
    for route in routes(lived_embedded):
        for role in route.roles:
            for purpose in purposes(route):
                who = official(role, NEIGHBOUR)
                answer = await ask(lived_embedded, route, known, who, purpose)
                where = f"{route} as {role} for {purpose}: {answer.status_code} {answer.text}"
                assert not shown(answer, route, known), where
                if answer.is_success:
                    assert is_open_to_all(answer, route), where
                else:
                    assert answer.status_code in (403, 404), where
                asked += 1
    assert asked > 100
    await lived_embedded.settled()
    written = {
        read(row).type.split(".")[2]
        for name, service in services(lived_embedded).items()
        for row in service.store.read_log(before[name], 100_000)
    }
    assert written <= RECORDED_READS


def is_open_to_all(answer: httpx.Response, route: Route) -> bool:
    """Whether a success says nothing: an empty page, a question without answer, a counter."""
    if route.policy.path == "/metrics":
        return True
    said = answer.json()
    if "items" in said:
        return said["items"] == [] and said["next"] is None
    if "persons" in said or "notes" in said:
        return all(
            one["standing"] == "unknown" and set(one) <= {"person_id", "note_id", "standing"}
            for one in (*said.get("persons", ()), *said.get("notes", ()))
        )
    return bool(said == {"person_id": None})


async def test_every_list_refuses_to_be_narrowed_to_another_county(
    lived_embedded: Place, known: Known
) -> None:
    narrowed = 0
    for route in routes(lived_embedded):
        operation = applications(lived_embedded)[route.service].openapi()["paths"][
            route.policy.path.replace(":path", "")
        ][route.method.lower()]
        names = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "query"}
        for role in route.roles if "division" in names else ():
            who = official(role, NEIGHBOUR)
            path = f"{path_of(route, known)}?division={TOWNSHIP}"
            answer = await lived_embedded.house.call(who, route.method, route.service, path)
            assert (answer.status_code, answer.json()["code"]) == (403, "division-not-covered")
            narrowed += 1
    assert narrowed > 20


async def test_every_route_shows_its_own_county_something(
    lived_embedded: Place, known: Known
) -> None:
    """Of the case, where it can: by the same measure that finds nothing for a neighbour."""
    for route in routes(lived_embedded):
        if route.method != "GET":
            continue
        for role in route.roles:
            who = official(role, HOME if route.of_operators else COUNTY)
            answer = await ask(lived_embedded, route, known, who)
            assert answer.status_code == 200, f"{route} as {role}: {answer.text}"
            if route.policy.path in NAMELESS:
                assert known.values["case_id"] in answer.text, f"{route} as {role}"
            elif route.policy.path not in ABOUT_THE_SERVICE:
                assert shown(answer, route, known), f"{route} as {role}: {answer.text}"


async def test_every_command_reaches_the_rules_for_its_own_county(
    lived_embedded: Place, known: Known
) -> None:
    """It may be refused as out of turn, never as somebody else's."""
    for route in routes(lived_embedded):
        if route.method == "GET" or route.policy.path == "/notes":
            continue
        if route.policy.path.endswith(("/redrive", "/discard", "/recover", "/clock", "/rebuild")):
            continue  # they would change what the other tests look at
        division = HOME if route.of_operators else COUNTY
        for role in route.roles:
            answers = [
                await ask(lived_embedded, route, known, official(role, division), purpose)
                for purpose in purposes(route)
            ]
            codes = {answer.json().get("code") for answer in answers}
            assert codes - {"division-not-covered", "role-not-allowed", "not-found"}, (
                f"{route} as {role}: {[answer.text for answer in answers]}"
            )


async def test_whoever_may_read_reads_only_their_own_countys_people(
    lived_embedded: Place, known: Known
) -> None:
    """The same questions that show a neighbour nothing show the own county somebody."""
    found: dict[str, set[str]] = {}
    for route in routes(lived_embedded):
        if route.policy.path not in ("/persons/consultations", "/notes/readings"):
            continue
        for role in route.roles:
            for purpose in purposes(route):
                who = official(role, COUNTY)
                answer = await ask(lived_embedded, route, known, who, purpose)
                if answer.is_success:
                    found.setdefault(route.policy.path, set()).update(strings_of(answer.json()))
    assert HOUSEHOLD[0][0].name in found["/persons/consultations"]
    assert any(PLANTED[0] in text for text in found["/notes/readings"])


async def test_no_route_is_open_but_health_documentation_and_what_a_code_opens(
    lived_embedded: Place, known: Known
) -> None:
    house = lived_embedded.house
    for service, app in applications(lived_embedded).items():
        enumerated = {p.path.replace(":path", "") for p in policies(app)}
        assert set(app.openapi()["paths"]) <= enumerated | OPEN_PATHS | CODE_PATHS
        for path in OPEN_PATHS:
            url = f"{house.system.services[service]}{path}"
            answer = await house.client.get(url)
            assert answer.status_code == 200
            assert not {secret for secret in known.secrets if secret in answer.text}
    url = f"{house.system.services['intake']}{PROGRESS_PATH}"
    answer = await house.client.post(url, json={"code": known.values["case_id"]})
    assert (answer.status_code, answer.json()["code"]) == (404, "progress-unknown")
    for route in routes(lived_embedded):
        url = f"{house.system.services[route.service]}{path_of(route, known)}"
        answer = await house.client.request(route.method, url)
        assert (answer.status_code, answer.json()["code"]) == (401, "token-missing")


async def replenish(place: Place) -> None:
    """Money in the township's reserve fund, so that there is one to show."""
    path = f"/funds/{TOWNSHIP}/replenishments"
    body = {"amount_fen": IN_FUND_FEN}
    await place.house.do(PAYMENT_APPROVER, "payment", path, body)
    await place.settled()


async def emergency(place: Place) -> tuple[str, str]:
    """An accepted emergency of the story's township, so that there is one to show: case, person."""
    member = await place.newcomer()
    aid = {"kind": "emergency", "cause": "accident", "requested_fen": 800_00}
    case_id = await place.submitted(
        member, programme="temporary_assistance", aid=aid | {"place": "household_registration"}
    )
    here = f"/applications/{case_id}"
    await place.house.do(OWN_CLERK, "intake", f"{here}/acceptance", at=here)
    await place.settled()
    return case_id, member["person_id"]


async def park(place: Place) -> None:
    """A parked record under the case's key in every service, so that each has one to show."""
    for name, service in services(place).items():
        at = submission.Place(service.topic, service.bus.topic_id(service.topic), 0, 999_999)
        arrival = submission.Arrival(place.case_id, at, PARKED, unreadable=ParkReason.NO_EVENT)
        batch = submission.Batch(name, (), (arrival,))
        await asyncio.wrap_future(service.writer.submit(batch))


async def set_a_standard(place: Place) -> str:
    """The county's standard, what it was all the while, so that there is one to show."""
    standard = standard_set(600_00, Month(2020, 1))
    await decided(place, standards_of(COUNTY), standard, "standards_officer")
    return str(standard.standard_id)


async def recognised(place: Place, case_id: str) -> None:
    """The household of a refused case recognised as something less, as a later regime would."""
    account = await place.house.see(CLERK, "decision", f"/cases/{case_id}/determination")
    names = ("programme", "division", "applicant", "members")
    event = HouseholdRecognised.model_validate(
        {name: account["account"][name] for name in names} | {"status": "edge_household"}
    )
    await decided(place, determination_of(UUID(case_id)), event, "township_approver")


async def decided(place: Place, stream: Stream, event: Event, role: str) -> None:
    """Something that decision has recorded of the county."""
    command_id = uuid4()
    await services(place)["decision"].writer.execute(
        submission.Submission(
            command_id=command_id,
            command=None,
            reads=(stream,),
            decide=lambda *_: [event],
            actor=uuid4(),
            role=role,
            region=COUNTY,
            causation_id=command_id,
        )
    )
    await place.settled()


async def somebody_cared_for(place: Place) -> str:
    """A case of the township that care has a file of; the story's own is none."""
    case_id = uuid4()
    await keep(services(place)["care"], case_id, TOWNSHIP)
    await place.settled()
    return str(case_id)


async def kept_in_mind(place: Place, case_id: str) -> None:
    """The household of a case on the watch list, as if it had been refused."""
    case = await place.house.see(OWN_CLERK, "intake", f"/applications/{case_id}")
    names = ("programme", "division", "applicant", "members")
    listed = PotentialRecipientListed.model_validate(
        {name: case[name] for name in names} | {"hardship": ["unsteady_work"]}
    )
    intake = services(place)["intake"]
    said = document(listed, case_id=UUID(case_id), on=await intake.today())
    for submission_ in on_potential_recipient_listed(said):
        await intake.writer.execute(submission_)
    await place.settled()


def roster(person_id: str) -> dict[str, Any]:
    """A signed roster with one person of the story's township."""
    return {
        "kind": "national_suspects",
        "signer": str(uuid4()),
        "signed_on": "2020-04-01",
        "document_digest": sha256(person_id.encode()).hexdigest(),
        "entries": [{"person_id": person_id, "division": TOWNSHIP}],
    }


async def on_a_roster(place: Place) -> tuple[str, str]:
    """Somebody whom the story's county screens, and their task."""
    officer = official(Role.COUNTY_OFFICER, COUNTY)
    person_id = (await place.newcomer())["person_id"]
    year = (await services(place)["intake"].today()).year
    body = {"division": COUNTY, "year": year}
    await place.house.do(officer, "intake", "/screenings", body)
    await place.house.do(
        officer, "intake", f"/screenings/{COUNTY}/{year}/rosters", roster(person_id)
    )
    await place.settled()
    return person_id, str(task_id_of(COUNTY, UUID(person_id)))


async def asked_for_help(place: Place) -> str:
    """A request for help in the story's township, so that there is one to show."""
    body = {"way": "hotline_12345", "division": TOWNSHIP, "words": "x"}
    receipt = await place.house.do(HANDLER, "intake", "/requests", body)
    await place.settled()
    return str(receipt["request_id"])
