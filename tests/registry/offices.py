"""Those who have a hand in an erasure, and cases that were lived before it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.intake.model import application_stream, open_application_stream
from services.intake.registry.vault import NOTE
from shared.access.caller import Caller
from shared.access.persons import (
    ConsultRequest,
    NewNote,
    ReadNotesRequest,
)
from shared.access.roles import Role
from shared.contracts.erasure import (
    ErasureGround,
)
from shared.contracts.fields import Member, NoteRef, Programme, Relation
from shared.contracts.intake import (
    ApplicationSubmitted,
    OpenApplicationClaimed,
    OpenApplicationReleased,
)
from shared.contracts.persons import (
    ConsultationPurpose,
    PersonField,
)
from shared.kernel.decider import Stream
from shared.kernel.event import Event
from tests.registry.conftest import Instance, asks
from tests.registry.people import (
    MINHOU,
    NAME,
    NUMBER,
    id_number,
    official,
    somebody,
)

HUSBAND_NUMBER = id_number("35012119500101123")
GROUND = ErasureGround.PERSON_REQUEST
SIX_YEARS = timedelta(days=6 * 366)


class Offices:
    """Those who have a hand in it, and a case lived before."""

    def __init__(self, intake: Instance) -> None:
        self.intake = intake
        self.officer = official(Role.COUNTY_OFFICER)
        self.approver = official(Role.COUNTY_APPROVER)
        self.auditor = official(Role.AUDITOR)
        self.clerk = official()

    async def person(self, number: str = NUMBER, name: str = NAME) -> UUID:
        made = await self.intake.registry.register(somebody(number, name=name), asks(self.clerk))
        return made.person_id

    async def note(self, text: str, **owner: UUID) -> UUID:
        note = NewNote(region=MINHOU, text=text, **owner)
        command_id = uuid4()
        (receipt,) = await self.intake.registry.put_notes(command_id, "decision", [note])
        self.intake.vault.keep(NOTE, str(receipt.note_id))
        return receipt.note_id

    async def write(self, stream: Stream, *events: Event) -> None:
        asker = asks(self.clerk)
        submission = asker.submission(None, lambda *_: list(events), (stream,), MINHOU)
        (await self.intake.writer.execute(submission)).or_raise()

    async def case(self, *members: UUID, ended_on: date | None = date(2020, 4, 1)) -> UUID:
        """A case of these people, over on a day if it is."""
        case_id = uuid4()
        submitted = ApplicationSubmitted(
            programme=Programme.DIBAO,
            division="350121101000",
            applicant=members[0],
            members=tuple(Member(person_id=m, relation=Relation.APPLICANT) for m in members),
            materials=(),
            reason=NoteRef(note_id=uuid4(), digest="0a" * 32),
        )
        await self.write(application_stream(case_id), submitted)
        for member in members:
            events: list[Event] = [OpenApplicationClaimed(case_id=case_id)]
            if ended_on is not None:
                events.append(OpenApplicationReleased(case_id=case_id, released_on=ended_on))
            await self.write(open_application_stream(Programme.DIBAO, member), *events)
        return case_id

    async def request(self, person_id: UUID, reason: str = "本人申请删除") -> UUID:
        asker = asks(self.officer)
        erasure_id, outcome = await self.intake.erasures.request(
            person_id, GROUND, MINHOU, reason, asker
        )
        outcome.or_raise()
        return erasure_id

    async def approve(self, person_id: UUID, by: Caller | None = None) -> None:
        asker = asks(by or self.approver)
        outcome = await self.intake.erasures.approve(person_id, MINHOU, asker, None)
        outcome.or_raise()

    async def erase(self, person_id: UUID) -> None:
        await self.request(person_id)
        await self.approve(person_id)
        assert await self.intake.gateway.step() == 1

    async def see(self, person_id: UUID, intake: Instance | None = None) -> dict[str, Any]:
        request = ConsultRequest(
            person_ids=(person_id,),
            purpose=ConsultationPurpose.APPLICATION,
            fields=frozenset(PersonField),
        )
        readings = (intake or self.intake).readings
        (read,) = await readings.consult(request, asks(self.clerk))
        return read.model_dump(exclude_none=True)

    async def read(self, *note_ids: UUID) -> Sequence[Any]:
        request = ReadNotesRequest(note_ids=note_ids, purpose=ConsultationPurpose.APPLICATION)
        return await self.intake.readings.read_notes(request, asks(self.clerk))
