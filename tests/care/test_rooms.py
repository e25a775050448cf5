"""What care puts on its agenda, what it reacts to, and how it is listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.care.decisions.agreements import Expire
from services.care.decisions.care_file import EndCare, OpenCare, end_care, open_care
from services.care.decisions.contacts import NoteMissedContact
from services.care.duties import AGREEMENT_EXPIRES, CONTACT_MISSED, DUTIES, agenda
from services.care.model import care_file_of
from services.care.reactions import FOREIGN
from services.care.views import AGREEMENTS, CARE_FILES, MISSED_CONTACTS
from shared.calendar import Month
from shared.contracts.care import AgreementEnd, CareEnded
from shared.contracts.decision import CaseConfirmed, CaseEnded, EndReason
from shared.contracts.fields import CareLevel, Member, Programme, Relation
from shared.kernel.event import Event
from shared.kernel.store import AgendaChange, AgendaDone, AgendaEntry
from shared.kernel.submission import Submission
from shared.views.projector import Projection
from tests.care.person import (
    AGREED,
    AGREEMENT,
    AT_HOME,
    CAREGIVER,
    CASE,
    CONFIRMED_ON,
    DONE,
    GUARDIAN,
    NEIGHBOUR,
    PERSON,
    REFUSED,
    SECOND_AGREEMENT,
    SHAANXI,
    SIGNED_ON,
    VISITOR,
    assessed,
    contacted,
    ended,
    missed,
    opened,
    ordered,
    signed,
)
from tests.documents import document

MARCH, APRIL = Month(2023, 3), Month(2023, 4)
APRIL_1 = date(2023, 4, 1)


def changes(event: Event, on: date = SIGNED_ON) -> list[AgendaChange]:
    return list(agenda(document(event, case_id=CASE, on=on, region=SHAANXI)))


def entries(event: Event, kind: str) -> list[AgendaEntry]:
    found = changes(event)
    return [entry for entry in found if isinstance(entry, AgendaEntry) and entry.kind == kind]


class TestTheAgenda:
    def test_each_month_of_the_term_is_looked_at_on_the_first_day_after_it(self) -> None:
        looked_at = entries(signed(), CONTACT_MISSED)
        assert [entry.due_on for entry in looked_at] == [
            *(date(2023, month, 1) for month in range(2, 13)),
            date(2024, 1, 1),
        ]
        assert len({entry.key for entry in looked_at}) == 12
        assert {(entry.subject, entry.region) for entry in looked_at} == {(CASE, SHAANXI)}

    @pytest.mark.parametrize(
        ("until_on", "last"),
        [(date(2023, 3, 31), date(2023, 4, 1)), (date(2023, 3, 30), date(2023, 3, 1))],
    )
    def test_a_month_that_the_term_leaves_before_its_end_is_not(
        self, until_on: date, last: date
    ) -> None:
        assert entries(signed(until_on=until_on), CONTACT_MISSED)[-1].due_on == last

    def test_a_term_that_owes_no_month_only_expires(self) -> None:
        within = signed(
            signed_on=date(2023, 1, 2), until_on=date(2023, 1, 20), first_month=Month(2023, 2)
        )
        assert entries(within, CONTACT_MISSED) == []
        assert len(entries(within, AGREEMENT_EXPIRES)) == 1

    def test_an_agreement_expires_on_the_day_after_its_last_unless_it_ended(self) -> None:
        (entry,) = entries(signed(), AGREEMENT_EXPIRES)
        assert (entry.due_on, entry.key) == (date(2024, 1, 1), AGREEMENT)
        assert changes(ended(AgreementEnd.CAREGIVER_REPLACED, APRIL_1)) == [
            AgendaDone(AGREEMENT_EXPIRES, AGREEMENT)
        ]

    def test_two_agreements_months_are_kept_apart(self) -> None:
        both = [
            entry.key
            for agreement in (signed(), signed(agreement_id=SECOND_AGREEMENT))
            for entry in entries(agreement, CONTACT_MISSED)
        ]
        assert len(set(both)) == 24

    def test_nothing_else_is_on_it(self) -> None:
        events = (*AT_HOME, contacted(SIGNED_ON), missed(MARCH), ordered(), REFUSED, CareEnded())
        assert [change for event in events for change in changes(event)] == []

    def test_a_duty_is_dated_by_its_day_and_is_one_however_often_it_is_done(self) -> None:
        entry = entries(signed(), CONTACT_MISSED)[2]
        once, again = (DUTIES[entry.kind](entry) for _ in range(2))
        assert once.command == NoteMissedContact(month=MARCH)
        assert (once.on, once.reads) == (APRIL_1, (care_file_of(CASE),))
        assert once.command_id == again.command_id
        (expiry,) = entries(signed(), AGREEMENT_EXPIRES)
        assert DUTIES[expiry.kind](expiry).command == Expire(agreement_id=AGREEMENT)


def confirmed(programme: Programme = Programme.TEKUN) -> CaseConfirmed:
    return CaseConfirmed(
        programme=programme,
        division=SHAANXI,
        payee=PERSON,
        members=(Member(person_id=PERSON, relation=Relation.APPLICANT),),
        amount_fen=650_00,
        pay_from=Month(2023, 1),
    )


def case_ended(programme: Programme = Programme.TEKUN) -> CaseEnded:
    return CaseEnded(
        programme=programme,
        division=SHAANXI,
        members=confirmed().members,
        reason=EndReason.STOPPED,
        last_month=MARCH,
    )


def reactions_to(event: Event, on: date) -> list[Submission]:
    happened = document(event, case_id=CASE, on=on, region=SHAANXI)
    return [s for react in FOREIGN[type(event)] for s in react(happened)]


class TestReactions:
    def test_a_recognised_tekun_person_gets_a_care_file(self) -> None:
        (submission,) = reactions_to(confirmed(), CONFIRMED_ON)
        assert submission.decide is open_care
        assert submission.command == OpenCare(
            division=SHAANXI, person_id=PERSON, confirmed_on=CONFIRMED_ON
        )
        assert (submission.on, submission.reads) == (CONFIRMED_ON, (care_file_of(CASE),))

    def test_a_minor_is_who_is_cared_for_and_not_the_guardian_who_is_paid(self) -> None:
        paid_to_guardian = confirmed().model_copy(update={"payee": GUARDIAN})
        (submission,) = reactions_to(paid_to_guardian, CONFIRMED_ON)
        assert submission.command.person_id == PERSON

    def test_a_case_that_ends_ends_its_care_from_that_day(self) -> None:
        (submission,) = reactions_to(case_ended(), APRIL_1)
        assert (submission.decide, submission.command) == (end_care, EndCare())
        assert (submission.on, submission.reads) == (APRIL_1, (care_file_of(CASE),))

    @pytest.mark.parametrize("programme", [Programme.DIBAO, Programme.TEMPORARY_ASSISTANCE])
    def test_other_programmes_are_nothing_to_care(self, programme: Programme) -> None:
        assert reactions_to(confirmed(programme), CONFIRMED_ON) == []
        assert reactions_to(case_ended(programme), APRIL_1) == []


Seen = dict[str, dict[str, Any]]


def folded(projection: Projection, *events: tuple[Event, date] | Event) -> Seen:
    """What a view holds after these events; a date is given where it counts."""
    seen: Seen = {}
    for version, one in enumerate(events, start=1):
        event, on = one if isinstance(one, tuple) else (one, SIGNED_ON)
        if not isinstance(event, tuple(projection.events)):
            continue
        happened = document(event, case_id=CASE, on=on, version=version, region=SHAANXI)
        for key in projection.keys(happened):
            after = projection.fold(key, seen.get(key), happened)
            if after is not None:
                seen[key] = after
    return seen


def the_only(seen: Seen) -> dict[str, Any]:
    (row,) = seen.values()
    return row


class TestTheLists:
    def test_a_file_shows_level_agreement_contacts_and_missed_months(self) -> None:
        row = the_only(
            folded(
                CARE_FILES,
                *AGREED,
                contacted(date(2023, 2, 15)),
                contacted(date(2023, 1, 10), late=True),
                missed(APRIL),
                missed(MARCH),
            )
        )
        assert (row["stage"], row["level"], row["care_fen"], row["care_from"]) == (
            "agreed",
            "partial_care",
            350_00,
            "2023-01",
        )
        assert (row["agreement_id"], row["visitor"]) == (str(AGREEMENT), str(VISITOR))
        assert (row["mode"], row["until_on"]) == ("dispersed", "2023-12-31")
        assert (row["last_contact_on"], row["missed_months"]) == ("2023-02-15", 2)
        assert row["last_missed_month"] == "2023-04"

    @pytest.mark.parametrize(
        ("end", "standing"), [(None, "open"), (DONE, "done"), (REFUSED, "refused")]
    )
    def test_a_file_shows_what_became_of_an_order(self, end: Event | None, standing: str) -> None:
        row = the_only(folded(CARE_FILES, *AGREED, ordered(), *([end] if end else [])))
        assert (row["rectification"], row["rectification_due"]) == (standing, "2023-04-24")

    def test_with_the_agreement_its_order_and_visitor_leave_the_file(self) -> None:
        over = ended(AgreementEnd.MOVED_TO_INSTITUTION, APRIL_1)
        row = the_only(folded(CARE_FILES, *AGREED, ordered(), over))
        assert row["stage"] == "assessed"
        of_the_agreement = ("agreement_id", "visitor", "until_on", "rectification")
        assert [row[name] for name in of_the_agreement] == [None] * 4

    def test_another_level_leaves_the_stage_and_the_end_is_dated(self) -> None:
        full = assessed(level=CareLevel.FULL_CARE, care_fen=700_00)
        row = the_only(folded(CARE_FILES, *AGREED, full))
        assert (row["stage"], row["level"]) == ("agreed", "full_care")
        row = the_only(folded(CARE_FILES, opened(), (CareEnded(), APRIL_1)))
        assert (row["stage"], row["ended_on"]) == ("ended", "2023-04-01")

    def test_who_is_confirmed_again_after_the_end_is_listed_as_they_were(self) -> None:
        row = the_only(folded(CARE_FILES, *AGREED, (CareEnded(), APRIL_1), (opened(), APRIL_1)))
        assert (row["stage"], row["ended_on"]) == ("assessed", None)
        assert (row["level"], row["care_fen"]) == ("partial_care", 350_00)

    def test_agreements_are_listed_each_with_its_end(self) -> None:
        over = ended(AgreementEnd.CAREGIVER_REPLACED, APRIL_1)
        second = signed(agreement_id=SECOND_AGREEMENT, caregiver=NEIGHBOUR, signed_on=APRIL_1)
        seen = folded(AGREEMENTS, *AGREED, over, second)
        first, now = seen[str(AGREEMENT)], seen[str(SECOND_AGREEMENT)]
        assert (first["standing"], first["reason"], first["ended_on"]) == (
            "ended",
            "caregiver_replaced",
            "2023-04-01",
        )
        assert (now["standing"], now["division"], now["case_id"]) == ("open", SHAANXI, str(CASE))

    def test_a_missed_month_is_listed_and_a_late_contact_told_beside_it(self) -> None:
        events = (*AGREED, (missed(MARCH), APRIL_1))
        row = the_only(folded(MISSED_CONTACTS, *events))
        assert (row["month"], row["visitor"], row["missed_on"]) == (
            "2023-03",
            str(VISITOR),
            "2023-04-01",
        )
        late = (contacted(date(2023, 3, 30), late=True), date(2023, 4, 3))
        again = (contacted(date(2023, 3, 31), late=True), date(2023, 4, 4))
        row = the_only(folded(MISSED_CONTACTS, *events, late, again))
        assert row["recorded_late_on"] == "2023-04-03"

    def test_contacts_of_months_that_were_not_missed_are_not_listed(self) -> None:
        on_time, late = contacted(date(2023, 3, 1)), contacted(date(2023, 2, 1), late=True)
        assert folded(MISSED_CONTACTS, *AGREED, on_time, late) == {}

    def test_no_list_names_the_person_or_the_caregiver(self) -> None:
        events: Sequence[Event] = (*AGREED, ordered(), REFUSED, missed(MARCH), CareEnded())
        for projection in (CARE_FILES, AGREEMENTS, MISSED_CONTACTS):
            seen = str(folded(projection, *events))
            assert not any(str(who) in seen for who in (PERSON, CAREGIVER))

    def test_an_unknown_key_changes_nothing(self) -> None:
        late = document(contacted(date(2023, 3, 1), late=True), case_id=uuid4(), on=APRIL_1)
        (key,) = MISSED_CONTACTS.keys(late)
        assert UUID(key)
        assert MISSED_CONTACTS.fold(key, None, late) is None
