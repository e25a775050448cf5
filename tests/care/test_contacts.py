"""Monthly contact with people supported at home: given, when, then."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from services.care.decisions.contacts import (
    NoteMissedContact,
    RecordContact,
    note_missed_contact,
    record_contact,
)
from shared.calendar import Month
from shared.contracts.care import AgreementEnd, CareEnded, ContactKind
from shared.contracts.fields import SupportMode
from shared.kernel.event import Event
from shared.kernel.spec import Decided
from tests.care.person import (
    AGREED,
    AT_HOME,
    CAREGIVER,
    DAYAO,
    NEIGHBOUR,
    OTHER_VISITOR,
    SECOND_AGREEMENT,
    UNTIL_ON,
    VISITOR,
    assessed,
    chosen,
    contacted,
    ended,
    given,
    missed,
    note,
    opened,
    signed,
)
from tests.notices import notice

JANUARY_10, FEBRUARY_15 = date(2023, 1, 10), date(2023, 2, 15)
JANUARY, FEBRUARY, MARCH, APRIL, MAY = (Month(2023, n) for n in range(1, 6))
OVER = ended(AgreementEnd.CAREGIVER_REPLACED, date(2023, 4, 15))
SECOND = signed(
    agreement_id=SECOND_AGREEMENT,
    signed_on=date(2023, 4, 15),
    caregiver=NEIGHBOUR,
    visitor=OTHER_VISITOR,
    first_month=APRIL,
)


def recording(
    contact_on: date, kind: ContactKind = ContactKind.VISIT, visitor: UUID = VISITOR
) -> RecordContact:
    """The command of a contact."""
    return RecordContact(
        visitor=visitor, contact_on=contact_on, kind=kind, findings=note(f"contact {contact_on}")
    )


def looking_at(
    month: Month, *history: Event, on: date | None = None, folders: tuple[Path, ...] = ()
) -> Decided:
    """What the duty of the first day after a month comes to."""
    beginning = given(*history, on=on or month.next().first_day, folders=folders)
    return beginning.when(NoteMissedContact(month=month), note_missed_contact)


class TestRecording:
    def test_a_visit_and_a_phone_call_are_recorded(self) -> None:
        given(*AGREED, on=JANUARY_10).when(recording(JANUARY_10), record_contact).then(
            contacted(JANUARY_10)
        )
        phone = ContactKind.PHONE
        given(*AGREED, on=FEBRUARY_15).when(recording(FEBRUARY_15, phone), record_contact).then(
            contacted(FEBRUARY_15, phone)
        )

    @pytest.mark.mechanism("S4-21")
    @pytest.mark.parametrize("somebody", [CAREGIVER, OTHER_VISITOR])
    def test_only_by_who_is_responsible_for_visits(self, somebody: UUID) -> None:
        command = recording(JANUARY_10, visitor=somebody)
        refusal = given(*AGREED, on=JANUARY_10).when(command, record_contact)
        assert refusal.refuses("not-the-visitor").status == 403

    def test_not_ahead_and_not_before_the_agreement(self) -> None:
        for day in (date(2023, 1, 11), date(2022, 12, 31)):
            given(*AGREED, on=JANUARY_10).when(recording(day), record_contact).refuses(
                "contact-day-impossible", earliest="2023-01-01", latest="2023-01-10"
            )

    def test_not_after_its_last_day_even_if_its_end_is_not_recorded_yet(self) -> None:
        command = recording(date(2024, 1, 1))
        given(*AGREED, on=date(2024, 1, 1)).when(command, record_contact).refuses(
            "contact-day-impossible", latest=UNTIL_ON.isoformat()
        )

    def test_the_next_visitor_does_not_record_for_the_one_before(self) -> None:
        command = recording(date(2023, 4, 14), visitor=OTHER_VISITOR)
        given(*AGREED, OVER, SECOND, on=date(2023, 4, 20)).when(command, record_contact).refuses(
            "contact-day-impossible", earliest="2023-04-15"
        )
        former = recording(date(2023, 4, 14))
        given(*AGREED, OVER, SECOND, on=date(2023, 4, 20)).when(former, record_contact).refuses(
            "not-the-visitor"
        )

    def test_without_agreement_there_is_no_visitor(self) -> None:
        given(*AT_HOME, on=JANUARY_10).when(recording(JANUARY_10), record_contact).refuses(
            "no-open-agreement"
        )
        over = given(
            *AGREED, ended(AgreementEnd.SUPPORT_ENDED, JANUARY_10), CareEnded(), on=UNTIL_ON
        )
        over.when(recording(JANUARY_10), record_contact).refuses("care-not-open")

    def test_two_in_a_month_are_both_recorded(self) -> None:
        day = date(2023, 1, 20)
        given(*AGREED, contacted(JANUARY_10), on=day).when(recording(day), record_contact).then(
            contacted(day)
        )

    @pytest.mark.parametrize(
        ("recorded_on", "late"), [(date(2023, 1, 31), False), (date(2023, 2, 1), True)]
    )
    def test_one_recorded_after_its_month_says_so(self, recorded_on: date, late: bool) -> None:
        given(*AGREED, on=recorded_on).when(recording(JANUARY_10), record_contact).then(
            contacted(JANUARY_10, late=late)
        )

    def test_one_recorded_after_its_month_was_found_missed_is_taken_and_undoes_nothing(
        self,
    ) -> None:
        history = (*AGREED, missed(JANUARY))
        beginning = given(*history, on=date(2023, 2, 3))
        late = contacted(JANUARY_10, late=True)
        beginning.when(recording(JANUARY_10), record_contact).then(late)
        assert beginning.given(late).state.missed == (missed(JANUARY),)
        looking_at(JANUARY, *history, late).then()


class TestCase16:
    """2023: visited on 10 January, rung up on 15 February, nothing in March."""

    HISTORY = (*AGREED, contacted(JANUARY_10), contacted(FEBRUARY_15, ContactKind.PHONE))

    @pytest.mark.mechanism("S4-21")
    def test_a_visit_or_a_phone_call_is_enough_and_march_is_missed_on_1_april(self) -> None:
        looking_at(JANUARY, *self.HISTORY).then()
        looking_at(FEBRUARY, *self.HISTORY).then()
        looking_at(MARCH, *self.HISTORY, on=date(2023, 4, 1)).then(missed(MARCH))

    def test_it_goes_on_month_after_month(self) -> None:
        history = (*self.HISTORY, missed(MARCH))
        looking_at(APRIL, *history).then(missed(APRIL))
        looking_at(MAY, *history, missed(APRIL), contacted(date(2023, 5, 2))).then()

    def test_once_for_each_month(self) -> None:
        looking_at(MARCH, *self.HISTORY, missed(MARCH)).then()

    def test_never_before_the_months_end(self) -> None:
        looking_at(MARCH, *self.HISTORY, on=date(2023, 3, 31)).refuses(
            "month-not-over", last_day="2023-03-31"
        )


class TestWhatIsOwed:
    def test_nothing_before_the_first_month(self) -> None:
        history = (*AT_HOME, signed(signed_on=date(2023, 1, 2), first_month=FEBRUARY))
        looking_at(JANUARY, *history).then()
        looking_at(FEBRUARY, *history).then(missed(FEBRUARY))

    def test_the_last_month_of_the_term_and_none_behind_it(self) -> None:
        expired = ended(AgreementEnd.EXPIRED, date(2024, 1, 1))
        december = Month(2023, 12)
        for history in (AGREED, (*AGREED, expired)):
            looking_at(december, *history).then(missed(december))
            looking_at(december.next(), *history).then()

    def test_not_the_month_in_which_the_person_moves_to_an_institution(self) -> None:
        moved = ended(AgreementEnd.MOVED_TO_INSTITUTION, date(2023, 4, 30))
        history = (*AGREED, chosen(SupportMode.CENTRALIZED), moved)
        looking_at(MARCH, *history).then(missed(MARCH))
        looking_at(APRIL, *history).then()

    def test_the_month_before_the_support_ended_with_a_first_of_month(self) -> None:
        end = ended(AgreementEnd.SUPPORT_ENDED, date(2023, 4, 1))
        looking_at(MARCH, *AGREED, end, CareEnded()).then(missed(MARCH))
        looking_at(APRIL, *AGREED, end, CareEnded()).then()

    def test_with_the_caregiver_replaced_in_a_month_the_new_agreement_owes_it(self) -> None:
        history = (*AGREED, OVER, SECOND)
        looking_at(MARCH, *history).then(missed(MARCH))
        looking_at(APRIL, *history).then(missed(APRIL, OTHER_VISITOR))
        looking_at(MAY, *history).then(missed(MAY, OTHER_VISITOR))

    def test_a_contact_before_the_caregiver_was_replaced_counts_for_its_month(self) -> None:
        looking_at(APRIL, *AGREED, contacted(date(2023, 4, 3)), OVER, SECOND).then()

    def test_where_nobody_asks_for_visits_none_is_missed(self) -> None:
        history = (opened(DAYAO), assessed(), chosen(), signed())
        looking_at(MARCH, *history).then()

    def test_in_shaanxi_from_april_2022_by_the_regime_of_each_month(self) -> None:
        early = signed(signed_on=date(2022, 1, 1), first_month=Month(2022, 1))
        looking_at(Month(2022, 3), *AT_HOME, early).then()
        looking_at(Month(2022, 4), *AT_HOME, early).then(missed(Month(2022, 4)))

    def test_a_county_may_ask_for_more_from_a_month_on(self, tmp_path: Path) -> None:
        march = date(2023, 3, 1)
        folders = (notice(tmp_path, "611022", "tekun", since=march, care_contacts_each_month=2),)
        history = (*AGREED, contacted(FEBRUARY_15), contacted(date(2023, 3, 1)))
        looking_at(FEBRUARY, *history, folders=folders).then()
        looking_at(MARCH, *history, folders=folders).then(missed(MARCH))
        looking_at(MARCH, *history, contacted(date(2023, 3, 31)), folders=folders).then()

    def test_nothing_of_a_case_that_care_never_had(self) -> None:
        looking_at(MARCH).then()
