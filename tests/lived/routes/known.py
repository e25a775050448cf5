"""What the story left behind, and what was planted beside it: what is asked for and shown."""

from __future__ import annotations

from hashlib import sha256
from uuid import uuid4

from infra.demo.office import AUDITOR, COUNTY, TOWNSHIP
from infra.demo.people import HOUSEHOLD, PLANTED
from shared.kernel.event import read
from tests.care.kept import SHOWN
from tests.lived import Place
from tests.lived.routes.asking import Known, strings_of
from tests.lived.routes.bodies import bodies
from tests.lived.routes.planted import HANDLER, HOLD, IN_FUND_FEN, OWN_CLERK, PARKED, plant

FIGURES = frozenset({"290000", "220000", str(IN_FUND_FEN)})
"""The household's wages and counted income, and the township's fund, in fen."""


async def gathered(place: Place) -> Known:
    """All of it, once what is missing was planted."""
    case_id = place.case_id
    planted = await plant(place)
    application = await place.house.see(OWN_CLERK, "intake", f"/applications/{case_id}")
    persons = [member["person_id"] for member in application["members"]]
    held = await place.house.do(AUDITOR, "intake", f"/persons/{persons[0]}/holds", HOLD)
    of_case = [
        document
        for service in place.services.values()
        for document in map(read, service.store.read_log(0, 100_000))
        if str(document.subject) == case_id
    ]
    notes = [d.data.explanation.note_id for d in of_case if hasattr(d.data, "explanation")]
    runs = [str(d.data.run_id) for d in of_case if hasattr(d.data, "run_id")]
    identities = {text for d in of_case for text in strings_of(d.data.model_dump(mode="json"))}
    secrets = {
        case_id,
        *planted.values(),
        str(HANDLER.actor),
        *SHOWN,
        held["hold_id"],
        *persons,
        *(text for text in identities if len(text) == 36),
        *PLANTED,
        *(person.name for person, _relation in HOUSEHOLD),
        *(person.id_number for person, _relation in HOUSEHOLD),
        sha256(PARKED).hexdigest(),
    }
    values = {
        "case_id": case_id,
        "county": COUNTY,
        "year": "2020",
        "person_id": persons[0],
        "hold_id": held["hold_id"],
        "lead": "1",
        "round": "first",
        "programme": "dibao",
        "division": TOWNSHIP,
        "month": "2020-05",
        "command_id": str(of_case[0].command_id),
        "key:path": case_id,
        "ordinal": "1",
    }
    return Known(
        values=planted | values | {name: str(uuid4()) for name in OF_NOTHING},
        of_service={"care": {"case_id": planted["cared_for"]}},
        bodies=bodies(case_id, persons[0], str(notes[0]), runs[0]),
        secrets=frozenset(secrets),
        figures=FIGURES,
    )


OF_NOTHING = (
    "objection_id",
    "change_id",
    "notice_id",
    "review_id",
    "termination_id",
    "consequence_id",
    "order_id",
    "standard_id",
)
"""What the story's case has none of, so that a command about it is only out of turn."""
