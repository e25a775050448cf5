"""What the story leaves out, done beside it so that every route has something to show."""

from __future__ import annotations

import asyncio
from datetime import date
from hashlib import sha256
from typing import Any, Final
from uuid import UUID, uuid4

from infra.demo.office import (
    CLERK,
    CONFIRMER,
    COUNTY,
    PAYMENT_APPROVER,
    SURVEYOR,
    TOWNSHIP,
    Official,
)
from services.decision.model import (
    coming_of_age_of,
    determination_of,
    permit_of,
    standards_of,
    supports_of,
    term_of,
)
from services.decision.reactions import on_check_completed
from services.intake.model import task_id_of
from services.intake.reactions import on_potential_recipient_listed
from services.payment.model import entitlement_of
from services.verification.model import check_of
from shared.access.roles import Role
from shared.calendar import CALENDAR_VERSION, Month
from shared.contracts.coming_of_age import ComingOfAgeScheduled
from shared.contracts.decision_terms import DecisionOwed
from shared.contracts.fields import Due, Member, Programme, Relation
from shared.contracts.kernel import ParkReason
from shared.contracts.recognition import HouseholdRecognised, PotentialRecipientListed
from shared.contracts.residence import HomeCountyAsked, PermitNoted
from shared.contracts.subsidies import SubsidyLeadOpened
from shared.contracts.verification import CheckOpened
from shared.kernel import submission
from shared.kernel.decider import Stream
from shared.kernel.event import Event
from tests.care.kept import keep
from tests.decision.standards import standard_set
from tests.documents import document
from tests.lived import Place
from tests.lived.routes.asking import official
from tests.payment.deceit import FINDING, found
from tests.verification.test_decisions import completed

HANDLER: Final = Official("who was asked first", Role.COUNTY_OFFICER, COUNTY, "county")
OWN_CLERK: Final = official(Role.TOWNSHIP_CLERK, COUNTY)
PARKED: Final = b"no event"
IN_FUND_FEN: Final = 1_234_567
"""What the story's township has in its reserve fund."""
HOLD: Final = {"division": COUNTY, "ground": "court", "explanation": "x"}


async def plant(place: Place) -> dict[str, str]:
    """All of it; the ids by which it is asked for, and shown."""
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
    await permitted(place, appeal_case)
    awaiting = await owed_a_decision(place, appeal_case)
    asked_of_home, away = await asked_about_somebody_away(place)
    await coming_of_age(place, appeal_case)
    await to_be_offered_a_subsidy(place, appeal_case)
    account = entitlement_of(UUID(place.case_id))
    await recorded(place, "payment", account, "county_officer", found(division=TOWNSHIP))
    return {
        "aid_case": aid_case,
        "in_need": in_need,
        "cared_for": cared_for,
        "screened": screened,
        "task_id": task_id,
        "request_id": request_id,
        "appeal_case": appeal_case,
        "appeal_id": appeal_id,
        "notice_id": notice_id,
        "standard_id": standard_id,
        "finding_id": str(FINDING),
        "asked_of_home": asked_of_home,
        "away": away,
        "awaiting": awaiting,
    }


async def park(place: Place) -> None:
    """A parked record under the case's key in every service, so that each has one to show."""
    for name, service in place.services.items():
        at = submission.Place(service.topic, service.bus.topic_id(service.topic), 0, 999_999)
        arrival = submission.Arrival(place.case_id, at, PARKED, unreadable=ParkReason.NO_EVENT)
        batch = submission.Batch(name, (), (arrival,))
        await asyncio.wrap_future(service.writer.submit(batch))


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


async def appealed(place: Place) -> tuple[str, str, str]:
    """A household that was refused and petitions: the case, the appeal, and its notice."""
    service = place.services["decision"]
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
    await place.settled()
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


async def set_a_standard(place: Place) -> str:
    """The county's standard, what it was all the while, so that there is one to show."""
    standard = standard_set(600_00, Month(2020, 1))
    await recorded(place, "decision", standards_of(COUNTY), "standards_officer", standard)
    return str(standard.standard_id)


async def recognised(place: Place, case_id: str) -> None:
    """The household of a refused case recognised as something less, as a later regime would."""
    account = await place.house.see(CLERK, "decision", f"/cases/{case_id}/determination")
    names = ("programme", "division", "applicant", "members")
    event = HouseholdRecognised.model_validate(
        {name: account["account"][name] for name in names} | {"status": "edge_household"}
    )
    await recorded(place, "decision", determination_of(UUID(case_id)), "township_approver", event)


async def coming_of_age(place: Place, case_id: str) -> None:
    """Somebody of a case who comes of age long after the story."""
    account = await place.house.see(CLERK, "decision", f"/cases/{case_id}/determination")
    event = ComingOfAgeScheduled(
        programme=Programme.CHILD_ALLOWANCE,
        division=account["account"]["division"],
        person_id=account["account"]["applicant"],
        turns_eighteen=Month(2030, 6),
        last_month=Month(2030, 6),
        announced_on=date(2030, 3, 3),
        parameters=(),
    )
    await recorded(place, "decision", coming_of_age_of(UUID(case_id)), "service", event)


async def to_be_offered_a_subsidy(place: Place, case_id: str) -> None:
    """The applicant of a case is entitled to a subsidy and does not receive it."""
    case = await place.house.see(CLERK, "decision", f"/cases/{case_id}/determination")
    lead = SubsidyLeadOpened(
        person_id=case["account"]["applicant"],
        case_id=UUID(case_id),
        division=TOWNSHIP,
        programme=Programme.DISABILITY_LIVING_SUBSIDY,
        since=Month(2020, 4),
    )
    await recorded(place, "decision", supports_of(lead.person_id), "service", lead)


async def permitted(place: Place, case_id: str) -> None:
    """A residence permit that a claim of the township rests on."""
    shown = await place.house.see(CLERK, "decision", f"/cases/{case_id}/determination")
    event = PermitNoted(
        programme=Programme.DIBAO,
        division=TOWNSHIP,
        applicant=shown["account"]["applicant"],
        until_on=date(2021, 5, 8),
        tell_on=date(2021, 4, 8),
    )
    await recorded(place, "decision", permit_of(UUID(case_id)), "township_approver", event)


async def owed_a_decision(place: Place, case_id: str) -> str:
    """A last day for the decision, which the regime of the story's day does not set; to whom."""
    shown = await place.house.see(CLERK, "decision", f"/cases/{case_id}/determination")
    applicant: str = shown["account"]["applicant"]
    event = DecisionOwed(
        programme=Programme.DIBAO,
        division=TOWNSHIP,
        applicant=UUID(applicant),
        accepted_on=date(2021, 7, 1),
        due=Due(on=date(2021, 8, 12), calendar=CALENDAR_VERSION),
    )
    await recorded(place, "decision", term_of(UUID(case_id)), "township_approver", event)
    return applicant


async def asked_about_somebody_away(place: Place) -> tuple[str, str]:
    """A case in which the story's county is asked about somebody, and whom; both ids."""
    case_id, person_id = uuid4(), UUID((await place.newcomer())["person_id"])
    day = await place.services["verification"].today()
    due = Due(on=day, calendar=CALENDAR_VERSION)
    opened = CheckOpened(
        programme=Programme.DIBAO,
        division=TOWNSHIP,
        applicant=person_id,
        members=(Member(person_id=person_id, relation=Relation.APPLICANT),),
        accepted_on=day,
        survey_due=due,
    )
    asked = HomeCountyAsked(
        county=COUNTY,
        programme=Programme.DIBAO,
        persons=(person_id,),
        asked_on=day,
        answer_due=due,
    )
    stream, by = check_of(case_id), "township_clerk"
    await recorded(place, "verification", stream, by, opened, asked, region=TOWNSHIP)
    return str(case_id), str(person_id)


async def recorded(
    place: Place, service: str, stream: Stream, role: str, *events: Event, region: str = COUNTY
) -> None:
    """Something that a service has recorded of the county, or of another division."""
    command_id = uuid4()
    await place.services[service].writer.execute(
        submission.Submission(
            command_id=command_id,
            command=None,
            reads=(stream,),
            decide=lambda *_: list(events),
            actor=uuid4(),
            role=role,
            region=region,
            causation_id=command_id,
        )
    )
    await place.settled()


async def somebody_cared_for(place: Place) -> str:
    """A case of the township that care has a file of; the story's own is none."""
    case_id = uuid4()
    await keep(place.services["care"], case_id, TOWNSHIP)
    await place.settled()
    return str(case_id)


async def kept_in_mind(place: Place, case_id: str) -> None:
    """The household of a case on the watch list, as if it had been refused."""
    case = await place.house.see(OWN_CLERK, "intake", f"/applications/{case_id}")
    names = ("programme", "division", "applicant", "members")
    listed = PotentialRecipientListed.model_validate(
        {name: case[name] for name in names} | {"hardship": ["unsteady_work"]}
    )
    intake = place.services["intake"]
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
    year = (await place.services["intake"].today()).year
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
