"""Entitlements: what is due, month by month, whatever became known in which order."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from services.payment.decisions import (
    EndEntitlement,
    OpenEntitlement,
    SetMonths,
    SetPart,
    SetPayee,
    end_entitlement,
    open_entitlement,
    set_months,
    set_part,
    set_payee,
)
from services.payment.model import (
    ENTITLEMENT,
    MONTHLY_PROGRAMMES,
    ROSTER,
    evolve_entitlement,
    roster_of,
)
from shared.calendar import Month
from shared.contracts.fields import Programme
from shared.contracts.payment import (
    EntitlementEnded,
    EntitlementOpened,
    EntitlementPart,
    EntitlementPartSet,
    PaidMonthsDiffer,
    RosterPartSet,
)
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from tests.payment.cases import IN_JUNE, JULY, JUNE, MAY, TOWNSHIP, case, entry, listed, payee
from tests.payment.words import differ

BENEFIT, CARE = EntitlementPart.BENEFIT, EntitlementPart.CARE
AUGUST = Month(2020, 8)


def opened(from_month: Month = MAY, amount_fen: int = 200_00) -> EntitlementOpened:
    return EntitlementOpened(
        programme=Programme.DIBAO,
        division=TOWNSHIP,
        payee=payee(1),
        amount_fen=amount_fen,
        from_month=from_month,
    )


def opening(from_month: Month = MAY, amount_fen: int = 200_00) -> OpenEntitlement:
    return OpenEntitlement(
        case_id=case(1),
        programme=Programme.DIBAO,
        division=TOWNSHIP,
        payee=payee(1),
        amount_fen=amount_fen,
        from_month=from_month,
    )


def part_set(
    part: EntitlementPart, amount_fen: int, from_month: Month, last_month: Month | None = None
) -> EntitlementPartSet:
    return EntitlementPartSet(
        part=part, amount_fen=amount_fen, from_month=from_month, last_month=last_month
    )


def on_roster(
    part: EntitlementPart, amount_fen: int, from_month: Month, last_month: Month | None = None
) -> RosterPartSet:
    return RosterPartSet(
        case_id=case(1),
        part=part,
        amount_fen=amount_fen,
        from_month=from_month,
        last_month=last_month,
    )


def setting(
    part: EntitlementPart, amount_fen: int, from_month: Month, last_month: Month | None = None
) -> SetPart:
    return SetPart(
        case_id=case(1),
        part=part,
        amount_fen=amount_fen,
        from_month=from_month,
        last_month=last_month,
    )


def entitlement(*events: Event, roster: Sequence[Event] = ()) -> Given:
    """An entitlement to which this has happened, beside dibao's roster and the others'."""
    given = spec(ENTITLEMENT, on=IN_JUNE).given(*events).beside(ROSTER, *roster)
    for _ in MONTHLY_PROGRAMMES[1:]:
        given = given.beside(ROSTER)
    return given


class TestSettingAPart:
    OPEN = (opened(),)

    def test_takes_the_place_of_what_was_set_from_its_month_on(self) -> None:
        entitlement(*self.OPEN, roster=(entry(1),)).when(
            setting(BENEFIT, 300_00, JUNE), set_part
        ).then(part_set(BENEFIT, 300_00, JUNE), on_roster(BENEFIT, 300_00, JUNE))

    def test_for_some_months_leaves_nothing_after_them(self) -> None:
        decided = entitlement(*self.OPEN, roster=(entry(1),)).when(
            setting(BENEFIT, 200_00, JUNE, JULY), set_part
        )
        decided.then(part_set(BENEFIT, 200_00, JUNE, JULY), on_roster(BENEFIT, 200_00, JUNE, JULY))
        after = spec(ROSTER, on=IN_JUNE).given(entry(1), decided.events[1]).state
        due = after.entries[case(1)].due
        assert dict(due.months(Month(2021, 12))) == dict.fromkeys((MAY, JUNE, JULY), 200_00)

    def test_that_changes_no_month_leaves_the_roster_alone(self) -> None:
        entitlement(*self.OPEN, roster=(entry(1),)).when(
            setting(BENEFIT, 200_00, JUNE), set_part
        ).then(part_set(BENEFIT, 200_00, JUNE))

    @pytest.mark.parametrize("programme", MONTHLY_PROGRAMMES)
    def test_reads_and_changes_the_roster_of_its_programme_alone(
        self, programme: Programme
    ) -> None:
        """Whatever the others hold: of one case they can hold nothing, and here they do."""
        given = spec(ENTITLEMENT, on=IN_JUNE)
        given = given.given(opened().model_copy(update={"programme": programme}))
        for roster in MONTHLY_PROGRAMMES:
            given = given.beside(ROSTER, entry(1, MAY, 200_00 if roster is programme else 1_00))
        given.when(setting(BENEFIT, 200_00, JUNE), set_part).then(part_set(BENEFIT, 200_00, JUNE))
        for command, decide in (
            (setting(BENEFIT, 300_00, JUNE), set_part),
            (TestSettingMonthsAlone.months(JUNE, JUNE), set_months),
            (SetPayee(case_id=case(1), payee=payee(2)), set_payee),
            (EndEntitlement(case_id=case(1), last_month=JUNE), end_entitlement),
        ):
            streams = {fact.stream for fact in given.when(command, decide).facts}
            assert streams == {None, roster_of(programme, TOWNSHIP)}

    def test_of_a_benefit_that_nobody_opened_is_refused(self) -> None:
        entitlement().when(setting(BENEFIT, 200_00, JUNE), set_part).refuses("entitlement-not-open")

    def test_of_a_benefit_that_has_ended_is_refused(self) -> None:
        ended = (*self.OPEN, EntitlementEnded(last_month=MAY))
        entitlement(*ended, roster=(entry(1), on_roster(BENEFIT, 0, JUNE))).when(
            setting(BENEFIT, 200_00, JUNE), set_part
        ).refuses("entitlement-not-open")


class TestSettingMonthsAlone:
    """What a standard of a past month comes to under an account that counts no longer."""

    @staticmethod
    def months(first: Month, last: Month) -> SetMonths:
        return SetMonths(
            case_id=case(1), part=BENEFIT, amount_fen=400_00, first_month=first, last_month=last
        )

    def test_leaves_all_others_as_they_are(self) -> None:
        phased_out = part_set(BENEFIT, 100_00, JULY, AUGUST)
        beside = (entry(1), on_roster(BENEFIT, 100_00, JULY, AUGUST))
        entitlement(opened(), phased_out, roster=beside).when(
            self.months(JUNE, JUNE), set_months
        ).then(
            part_set(BENEFIT, 400_00, JUNE, JUNE),
            part_set(BENEFIT, 100_00, JULY, AUGUST),
            on_roster(BENEFIT, 400_00, JUNE, JUNE),
            on_roster(BENEFIT, 100_00, JULY, AUGUST),
        )

    def test_that_were_taken_up_differ_by_what_is_more(self) -> None:
        taken_up = (entry(1), listed(JUNE, 1))
        entitlement(opened(), roster=taken_up).when(self.months(MAY, JUNE), set_months).then(
            part_set(BENEFIT, 400_00, MAY, JUNE),
            part_set(BENEFIT, 200_00, JULY),
            on_roster(BENEFIT, 400_00, MAY, JUNE),
            on_roster(BENEFIT, 200_00, JULY),
            differ(MAY, JUNE, 2 * 200_00),
        )

    def test_reaches_a_case_that_has_ended_up_to_its_last_month(self) -> None:
        ended = (opened(), EntitlementEnded(last_month=JUNE))
        beside = (entry(1), on_roster(BENEFIT, 0, JULY), listed(JUNE, 1))
        decided = entitlement(*ended, roster=beside).when(self.months(MAY, JULY), set_months)
        assert decided.events[-1] == differ(MAY, JUNE, 2 * 200_00)

    def test_of_a_case_that_never_was_entitled_is_refused(self) -> None:
        entitlement().when(self.months(MAY, MAY), set_months).refuses("entitlement-not-open")


class TestTheCareSupplement:
    def test_is_recorded_before_the_case_is_confirmed(self) -> None:
        entitlement().when(setting(CARE, 50_00, JUNE), set_part).then(part_set(CARE, 50_00, JUNE))

    def test_joins_the_roster_when_the_entitlement_opens(self) -> None:
        given = spec(ENTITLEMENT, on=IN_JUNE).given(part_set(CARE, 50_00, JUNE)).beside(ROSTER)
        given.when(opening(), open_entitlement).then(
            entry(1), opened(), on_roster(CARE, 50_00, JUNE)
        )

    def test_is_due_in_no_month_before_the_entitlements_first(self) -> None:
        given = spec(ENTITLEMENT, on=IN_JUNE).given(part_set(CARE, 50_00, MAY)).beside(ROSTER)
        given.when(opening(JULY), open_entitlement).then(
            entry(1, JULY), opened(JULY), on_roster(CARE, 50_00, JULY)
        )

    def test_is_added_to_the_benefit(self) -> None:
        decided = entitlement(opened(), roster=(entry(1),)).when(
            setting(CARE, 50_00, JUNE), set_part
        )
        decided.then(part_set(CARE, 50_00, JUNE), on_roster(CARE, 50_00, JUNE))
        due = spec(ROSTER, on=IN_JUNE).given(entry(1), decided.events[1]).state.entries[case(1)].due
        assert (due.at(MAY), due.at(JUNE)) == (200_00, 250_00)

    def test_after_the_end_is_recorded_and_not_paid(self) -> None:
        ended = (opened(), EntitlementEnded(last_month=JUNE))
        beside = (entry(1), on_roster(BENEFIT, 0, JULY))
        entitlement(*ended, roster=beside).when(setting(CARE, 50_00, JULY), set_part).then(
            part_set(CARE, 50_00, JULY)
        )
        entitlement(*ended, roster=beside).when(setting(CARE, 50_00, JUNE), set_part).then(
            part_set(CARE, 50_00, JUNE), on_roster(CARE, 50_00, JUNE, JUNE)
        )


class TestTheEnd:
    ENDING = EndEntitlement(case_id=case(1), last_month=JUNE)

    def test_leaves_nothing_after_the_last_month_of_any_part(self) -> None:
        so_far = (opened(), part_set(CARE, 50_00, JUNE))
        beside = (entry(1), on_roster(CARE, 50_00, JUNE))
        entitlement(*so_far, roster=beside).when(self.ENDING, end_entitlement).then(
            EntitlementEnded(last_month=JUNE),
            on_roster(BENEFIT, 0, JULY),
            on_roster(CARE, 0, JULY),
        )

    def test_leaves_the_roster_alone_where_a_phase_out_is_over(self) -> None:
        so_far = (opened(), part_set(BENEFIT, 200_00, JUNE, JUNE))
        beside = (entry(1), on_roster(BENEFIT, 200_00, JUNE, JUNE))
        entitlement(*so_far, roster=beside).when(self.ENDING, end_entitlement).then(
            EntitlementEnded(last_month=JUNE)
        )

    def test_comes_once(self) -> None:
        so_far = (opened(), EntitlementEnded(last_month=JUNE))
        beside = (entry(1), on_roster(BENEFIT, 0, JULY))
        entitlement(*so_far, roster=beside).when(self.ENDING, end_entitlement).refuses(
            "entitlement-not-open"
        )
        entitlement().when(self.ENDING, end_entitlement).refuses("entitlement-not-open")

    def test_before_the_first_month_pays_none(self) -> None:
        ending = EndEntitlement(case_id=case(1), last_month=JUNE)
        entitlement(opened(AUGUST), roster=(entry(1, AUGUST),)).when(ending, end_entitlement).then(
            EntitlementEnded(last_month=JUNE), on_roster(BENEFIT, 0, JULY)
        )


class TestConfirmedAnew:
    ENDED = (opened(), EntitlementEnded(last_month=MAY))
    ROSTER = (entry(1), listed(MAY, 1), on_roster(BENEFIT, 0, JUNE))

    def test_opens_again_and_the_months_between_stay_unpaid(self) -> None:
        given = spec(ENTITLEMENT, on=IN_JUNE).given(*self.ENDED).beside(ROSTER, *self.ROSTER)
        decided = given.when(opening(AUGUST, 300_00), open_entitlement)
        decided.then(entry(1, AUGUST, 300_00), opened(AUGUST, 300_00))
        after = spec(ROSTER, on=IN_JUNE).given(*self.ROSTER, decided.events[0]).state
        unlisted = after.entries[case(1)].unlisted
        assert list(unlisted.months(AUGUST)) == [(AUGUST, 300_00)]

    def test_has_the_care_that_was_assessed_last(self) -> None:
        so_far = (opened(), part_set(CARE, 50_00, MAY), EntitlementEnded(last_month=MAY))
        beside = (
            entry(1),
            on_roster(CARE, 50_00, MAY),
            on_roster(BENEFIT, 0, JUNE),
            on_roster(CARE, 0, JUNE),
        )
        given = spec(ENTITLEMENT, on=IN_JUNE).given(*so_far).beside(ROSTER, *beside)
        given.when(opening(AUGUST), open_entitlement).then(
            entry(1, AUGUST), opened(AUGUST), on_roster(CARE, 50_00, AUGUST)
        )

    def test_has_care_in_the_months_alone_that_are_paid(self) -> None:
        """A stop of May waits from August on: June and July are entitled and not paid, until the
        organ has ruled; nobody is paid for care in them either.
        """
        so_far = (opened(), part_set(CARE, 50_00, MAY), EntitlementEnded(last_month=MAY))
        beside = (
            entry(1),
            on_roster(CARE, 50_00, MAY),
            on_roster(BENEFIT, 0, JUNE),
            on_roster(CARE, 0, JUNE),
        )
        given = spec(ENTITLEMENT, on=IN_JUNE).given(*so_far).beside(ROSTER, *beside)
        entered, again = given.when(opening(JUNE, 0), open_entitlement).events
        assert (entered, again) == (entry(1, JUNE, 0), opened(JUNE, 0))
        spec_ = entitlement(*so_far, again, roster=(*beside, entered))
        spec_.when(setting(BENEFIT, 200_00, AUGUST), set_part).then(
            part_set(BENEFIT, 200_00, AUGUST),
            on_roster(BENEFIT, 200_00, AUGUST),
            on_roster(CARE, 50_00, AUGUST),
        )
        restored = spec_.given(part_set(BENEFIT, 200_00, AUGUST)).state
        since_june = evolve_entitlement(restored, part_set(BENEFIT, 200_00, JUNE))
        assert [restored.due(CARE).at(m) for m in (MAY, JUNE, AUGUST)] == [50_00, 0, 50_00]
        assert [since_june.due(CARE).at(m) for m in (MAY, JUNE, AUGUST)] == [50_00] * 3

    def test_while_it_is_open_is_refused(self) -> None:
        given = spec(ENTITLEMENT, on=IN_JUNE).given(opened()).beside(ROSTER, entry(1))
        given.when(opening(AUGUST), open_entitlement).refuses("entitlement-open")


class TestMonthsTakenUp:
    """Approved runs took up May and June at 200 yuan each."""

    LISTED = (entry(1), listed(JUNE, 1))

    @pytest.mark.parametrize(
        ("amount_fen", "from_month", "difference"),
        [
            (150_00, JUNE, differ(JUNE, JUNE, -50_00)),
            (150_00, MAY, differ(MAY, JUNE, -100_00)),
            (250_00, MAY, differ(MAY, JUNE, 100_00)),
        ],
    )
    def test_are_not_listed_again_but_their_difference_is_recorded(
        self, amount_fen: int, from_month: Month, difference: PaidMonthsDiffer
    ) -> None:
        decided = entitlement(opened(), roster=self.LISTED).when(
            setting(BENEFIT, amount_fen, from_month), set_part
        )
        decided.then(
            part_set(BENEFIT, amount_fen, from_month),
            on_roster(BENEFIT, amount_fen, from_month),
            difference,
        )
        after = spec(ROSTER, on=IN_JUNE).given(*self.LISTED, decided.events[1]).state
        unlisted = after.entries[case(1)].unlisted
        assert list(unlisted.months(JULY)) == [(JULY, amount_fen)]

    def test_do_not_differ_by_a_change_from_the_month_after(self) -> None:
        entitlement(opened(), roster=self.LISTED).when(
            setting(BENEFIT, 150_00, JULY), set_part
        ).then(part_set(BENEFIT, 150_00, JULY), on_roster(BENEFIT, 150_00, JULY))

    def test_after_the_last_differ_by_all_that_was_listed(self) -> None:
        ending = EndEntitlement(case_id=case(1), last_month=MAY)
        entitlement(opened(), roster=self.LISTED).when(ending, end_entitlement).then(
            EntitlementEnded(last_month=MAY),
            on_roster(BENEFIT, 0, JUNE),
            differ(JUNE, JUNE, -200_00),
        )

    def test_say_their_whole_difference_when_they_change_again(self) -> None:
        so_far = (opened(), part_set(BENEFIT, 150_00, MAY), differ(MAY, JUNE, -100_00))
        beside = (*self.LISTED, on_roster(BENEFIT, 150_00, MAY))
        changed = setting(BENEFIT, 120_00, JUNE)
        entitlement(*so_far, roster=beside).when(changed, set_part).then(
            part_set(BENEFIT, 120_00, JUNE),
            on_roster(BENEFIT, 120_00, JUNE),
            differ(JUNE, JUNE, -80_00),
        )

    def test_say_that_nothing_differs_any_more(self) -> None:
        so_far = (opened(), part_set(BENEFIT, 150_00, MAY), differ(MAY, JUNE, -100_00))
        beside = (*self.LISTED, on_roster(BENEFIT, 150_00, MAY))
        given = entitlement(*so_far, roster=beside)
        given.when(setting(BENEFIT, 200_00, MAY), set_part).then(
            part_set(BENEFIT, 200_00, MAY),
            on_roster(BENEFIT, 200_00, MAY),
            differ(MAY, JUNE, 0),
        )

    def test_with_nothing_due_count_as_taken_up_once_a_run_has_passed_them(self) -> None:
        """Nothing in June, 200 yuan in May and July, all through July taken up: June comes late."""
        beside = (
            entry(1),
            on_roster(BENEFIT, 200_00, MAY, MAY),
            on_roster(BENEFIT, 200_00, JULY),
            listed(JULY, 1),
        )
        so_far = (
            opened(),
            part_set(BENEFIT, 200_00, MAY, MAY),
            part_set(BENEFIT, 200_00, JULY),
        )
        given = entitlement(*so_far, roster=beside)
        assert given.histories[1].state.entries[case(1)].differences.steps == ()
        given.when(setting(BENEFIT, 200_00, JUNE), set_part).then(
            part_set(BENEFIT, 200_00, JUNE),
            on_roster(BENEFIT, 200_00, JUNE),
            differ(JUNE, JUNE, 200_00),
        )
