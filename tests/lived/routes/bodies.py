"""A body for every command, about the story's case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

from infra.demo.office import COUNTY, SECOND_SURVEYOR, SURVEYOR, TOWNSHIP
from infra.demo.people import HOUSEHOLD
from shared.contracts.persons import PersonField
from shared.settings import SERVICES
from tests.lived.routes.planted import HOLD, IN_FUND_FEN, roster

SURVEYORS: Final = [str(SURVEYOR.actor), str(SECOND_SURVEYOR.actor)]


def bodies(case_id: str, person: str, note: str, run_id: str) -> Mapping[str, Any]:
    """By method, service and path; ``person`` applied, ``note`` and ``run_id`` are of the case."""
    parts = {
        "intake": _of_applications(person)
        | _of_screenings(case_id, person)
        | _of_persons(case_id, person, note),
        "verification": VERIFICATION,
        "decision": _of_determinations(person) | _of_second_looks(person),
        "care": _of_care(person),
        "payment": _of_payment(person, run_id),
    }
    return {
        f"POST {service}{path}": body
        for service in SERVICES
        for path, body in (parts.get(service, {}) | OPERATORS).items()
    }


OPERATORS: Final[Mapping[str, Any]] = {
    "/ops/clock": {"to": "2020-04-01T00:00:00Z"},
    "/ops/parked/{consumer}/{key:path}/{ordinal}/discard": {"reason": "x"},
    "/ops/views/{view}/rebuild/acceptance": {"digest": "0" * 64},
}


def _of_applications(person: str) -> dict[str, Any]:
    papers = {"materials": ["medical_record"]}
    return {
        "/applications": {
            "programme": "dibao",
            "division": TOWNSHIP,
            "applicant": person,
            "members": [{"person_id": person, "relation": "applicant"}],
            "reason": "x",
        },
        "/applications/{case_id}/material-requests": papers,
        "/applications/{case_id}/materials": papers,
        "/applications/{case_id}/withdrawal": {"reason": "x"},
        "/applications/{case_id}/transfer": {
            "division": "350924101000",
            "reason": "registered_elsewhere",
        },
        "/applications/{case_id}/kin-filing": {"kin": []},
        "/applications/{case_id}/residences": {
            "residences": [{"person_id": person, "registered_in": TOWNSHIP, "lives_in": TOWNSHIP}],
        },
        "/applications/{case_id}/authorisations": {
            "person_id": person,
            "standing": "member",
            "signed_by": person,
            "signed_on": "2020-04-01",
            "document_digest": "0" * 64,
        },
        "/applications/{case_id}/authorisations/withdrawal": {"person_id": person},
        "/applications/{case_id}/truthfulness": {
            "declared_by": person,
            "document_digest": "0" * 64,
        },
        "/watch-list/{case_id}/reopening": {"occasion": "hotline", "reason": "x"},
        "/watch-list/{case_id}/removal": {
            "reason": "moved_away",
            "explanation": "x",
        },
        "/requests": {"way": "window", "division": TOWNSHIP, "words": "x"},
        "/requests/{request_id}/registration": {"kind": "question"},
        "/requests/{request_id}/transfer": {"division": TOWNSHIP},
        "/requests/{request_id}/feedback": {"answer": "x"},
    }


def _of_screenings(case_id: str, person: str) -> dict[str, Any]:
    return {
        "/screenings": {"division": COUNTY, "year": 2020},
        "/screenings/{county}/{year}/rosters": roster(person),
        "/screenings/{county}/{year}/sign-off": {
            "present": 1,
            "included": 1,
            "excluded": 1,
            "minutes": "x",
        },
        "/screening-tasks/{task_id}/findings": {"visited_on": "2020-04-01", "findings": "x"},
        "/screening-tasks/{task_id}/exclusion": {"reason": "not_found", "grounds": "x"},
        "/screening-tasks/{task_id}/second-check": {"confirmed": True, "findings": "x"},
        "/screening-tasks/{task_id}/contest": {"grounds": "x"},
        "/screening-tasks/{task_id}/contest/decision": {"findings": "x"},
        "/screening-tasks/{task_id}/refusal": {"statement": "x"},
        "/screening-tasks/{task_id}/referral": {"referred_to": "charity", "explanation": "x"},
        "/screening-tasks/{task_id}/application": {"case_id": case_id},
    }


def _of_persons(case_id: str, person: str, note: str) -> dict[str, Any]:
    return {
        "/persons": HOUSEHOLD[0][0].registration(TOWNSHIP),
        "/persons/{person_id}/amendments": {
            "region": TOWNSHIP,
            "phone": HOUSEHOLD[0][0].phone,
        },
        "/persons/{person_id}/erasure": {
            "division": COUNTY,
            "ground": "person_request",
            "reason": "x",
        },
        "/persons/{person_id}/erasure/rejection": {"reason": "x"},
        "/persons/{person_id}/holds": HOLD,
        "/persons/{person_id}/holds/{hold_id}/lifting": {"explanation": "x"},
        "/persons/look-ups": {
            "id_number": HOUSEHOLD[0][0].id_number,
            "purpose": "application",
        },
        "/persons/consultations": {
            "person_ids": [person],
            "fields": [field.value for field in PersonField],
        },
        "/notes/readings": {"note_ids": [note]},
        "/notes": {
            "command_id": str(uuid4()),
            "notes": [{"region": TOWNSHIP, "text": "x", "case_id": case_id}],
        },
    }


VERIFICATION: Final[dict[str, Any]] = {
    "/checks/{case_id}/home-visits": {
        "visited_on": "2020-05-08",
        "surveyors": SURVEYORS,
        "findings": "x",
    },
    "/checks/{case_id}/obligors": {
        "person_id": str(uuid4()),
        "income_fen": 1,
        "deposits_fen": 1,
        "houses": 0,
        "vehicles": 0,
        "findings": "x",
    },
    "/checks/{case_id}/reviews": {
        "held_on": "2020-05-08",
        "present": 3,
        "representatives": 3,
        "agreed": 3,
        "upheld": True,
        "minutes": "x",
    },
    "/checks/{case_id}/obligors/queries": {"person_id": str(uuid4())},
    "/checks/{case_id}/department-queries": {"department": "tax"},
    "/checks/{case_id}/family-waiver": {"grounds": "x"},
    "/spot-checks/{division}/{programme}/draws": {"until_on": "2020-05-08"},
    "/checks/{case_id}/spot-visits": {
        "visited_on": "2020-05-08",
        "visitors": [str(uuid4()), str(uuid4())],
        "confirms": True,
        "findings": "x",
    },
    "/checks/{case_id}/home-counties/{county}/answers": {
        "surveyed_on": "2020-05-08",
        "findings": "x",
    },
    "/checks/{case_id}/home-counties/{county}/letters": {
        "surveyed_on": "2020-05-08",
        "findings": "x",
        "document_digest": "0" * 64,
    },
    "/checks/{case_id}/leads/{lead}/answers": {
        "response": "explained",
        "statement": "x",
    },
    "/standing-households/{case_id}/leads/{lead}/answers": {
        "response": "explained",
        "statement": "x",
    },
}


def _of_determinations(person: str) -> dict[str, Any]:
    return {
        "/cases/{case_id}/proposal": {"explanation": "x"},
        "/cases/{case_id}/objections": {"grounds": "x"},
        "/cases/{case_id}/residence-permit/renewals": {
            "until_on": "2021-05-08",
            "document_digest": "0" * 64,
        },
        "/cases/{case_id}/objections/{objection_id}/resolution": {
            "upheld": False,
            "findings": "x",
        },
        "/cases/{case_id}/changes": {
            "income": [{"person_id": str(uuid4()), "kind": "wage", "amount_fen": 1}],
            "explanation": "x",
        },
        "/cases/{case_id}/decision-term/extension": {"findings": "x"},
        "/cases/{case_id}/changes/{change_id}/hearing": {"statement": "x"},
        "/cases/{case_id}/changes/{change_id}/decision": {},
        "/cases/{case_id}/work-offers": {
            "person_id": person,
            "kind": "job",
            "offered_on": "2020-05-08",
            "answered_on": "2020-05-08",
            "labour": "full",
            "occupation": "no_work",
            "response": "refused",
            "findings": "x",
        },
        "/cases/{case_id}/work-consequences/{consequence_id}/hearing": {"statement": "x"},
        "/cases/{case_id}/work-consequences/{consequence_id}/decision": {"consequence": "stop"},
        "/cases/{case_id}/notices/{notice_id}/service": {
            "manner": "in_person",
            "served_on": "2020-05-19",
            "recipient": person,
            "proof": "x",
        },
        "/cases/{case_id}/reviews/{review_id}/extension": {
            "due_on": "2021-01-31",
            "grounds": "x",
        },
        "/cases/{case_id}/reviews/{review_id}/conclusion": {
            "manner": "home_visit",
            "outcome": "no_change",
            "household": "stable",
            "findings": "x",
        },
        "/cases/{case_id}/coming-of-age/schooling": {
            "school": "high_school",
            "until": "2022-06",
            "certificate": "a" * 64,
        },
        "/cases/{case_id}/terminations": {"ground": "voluntary", "explanation": "x"},
        "/cases/{case_id}/terminations/{termination_id}/objections": {"grounds": "x"},
        "/cases/{case_id}/terminations/{termination_id}/objections/{objection_id}/resolution": {
            "upheld": False,
            "findings": "x",
        },
        "/cases/{case_id}/terminations/{termination_id}/hearing": {"statement": "x"},
    }


def _of_second_looks(person: str) -> dict[str, Any]:
    return {
        "/cases/{case_id}/meetings": {
            "kind": "case_by_case",
            "held_on": "2099-01-01",
            "attendance": [{"body": "finance", "person": str(uuid4()), "agreed": True}],
            "resolution": "check_again",
            "minutes": "x",
        },
        "/cases/{case_id}/corrections": {
            "stream": "determination",
            "position": 1,
            "field": "accepted_on",
            "reads_date": "2020-04-01",
            "reason": "x",
        },
        "/cases/{case_id}/appeals": {
            "kind": "petition",
            "organ": "petitions_office",
            "notice_id": str(uuid4()),
            "appellant": person,
            "filed_on": "2020-06-01",
            "grounds": "x",
        },
        "/cases/{case_id}/appeals/{appeal_id}/suspension": {"order": "x"},
        "/cases/{case_id}/appeals/{appeal_id}/reply": {"reply": "x"},
        "/cases/{case_id}/appeals/{appeal_id}/ruling": {
            "ruling": "upheld",
            "ruled_on": "2020-01-01",
            "reasons": "x",
        },
        "/cases/{case_id}/aid/grant": {"amount_fen": 800_00},
        "/cases/{case_id}/aid/refusal": {
            "reason": "no_emergency",
            "explanation": "x",
        },
        "/cases/{case_id}/aid/explanation": {"findings": "x"},
        "/cases/{case_id}/aid/follow-up": {"findings": "x"},
        "/cases/{case_id}/aid/assessment": {
            "assessors": [str(uuid4())],
            "money_fen": 800_00,
            "findings": "x",
        },
        "/cases/{case_id}/aid/deliveries": {
            "kind": "food",
            "delivered_by": str(uuid4()),
            "received_by": person,
            "delivered_on": "2020-04-01",
        },
        "/cases/{case_id}/aid/hearing": {"statement": "x"},
        "/cases/{case_id}/aid/stop": {"reason": "hardship_over", "explanation": "x"},
        "/cases/{case_id}/aid/payee": {"payee": person},
        "/standards/{division}/proposals": {
            "kind": "dibao",
            "amount_fen": 650_00,
            "from_month": "2030-01",
            "notice": "x",
        },
    }


def _of_care(person: str) -> dict[str, Any]:
    agreement = {
        "until_on": "2023-12-31",
        "caregiver": person,
        "visitor": str(uuid4()),
        "full_capacity": True,
        "terms": "x",
    }
    return {
        "/care-files/{case_id}/assessments": {
            "assessed_on": "2023-05-01",
            "assessors": SURVEYORS,
            "failed": [],
            "findings": "x",
        },
        "/care-files/{case_id}/ability-reports": {
            "reported_on": "2023-05-01",
            "reporter": "village",
            "account": "x",
        },
        "/care-files/{case_id}/support-mode": {"mode": "dispersed"},
        "/care-files/{case_id}/agreements": agreement | {"signed_on": "2023-05-01"},
        "/care-files/{case_id}/agreements/replacement": agreement,
        "/care-files/{case_id}/rectifications": {"grounds": "x"},
        "/care-files/{case_id}/rectifications/{order_id}/completion": {"findings": "x"},
        "/care-files/{case_id}/rectifications/{order_id}/refusal": {"findings": "x"},
        "/care-files/{case_id}/contacts": {
            "contact_on": "2023-05-01",
            "kind": "phone",
            "findings": "x",
        },
    }


def _of_payment(person: str, run_id: str) -> dict[str, Any]:
    return {
        "/cases/{case_id}/fraud-findings": {
            "person_id": person,
            "first_month": "2020-05",
            "last_month": "2020-05",
            "until_on": "2020-05-08",
            "grounds": "x",
        },
        "/cases/{case_id}/fraud-findings/{finding_id}/fine": {"amount_fen": 1, "grounds": "x"},
        "/cases/{case_id}/fraud-findings/{finding_id}/fine/payment": {"paid_on": "2020-05-08"},
        "/runs": {"programme": "dibao", "division": TOWNSHIP, "month": "2020-05"},
        "/runs/{programme}/{division}/{month}/approval": {"run_id": run_id},
        "/funds/{division}/replenishments": {"amount_fen": IN_FUND_FEN},
    }
