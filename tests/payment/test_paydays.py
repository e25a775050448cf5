"""By which day a township's months are paid, and by month or by quarter (220, art. 31)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.payment.decisions import PrepareRun, SetPaydays, prepare_run, set_paydays
from services.payment.duties import PAYDAY_MISSED, PAYDAY_OPENS, agenda
from services.payment.model import MONTHLY_PROGRAMMES, ROSTER, payments_of, roster_of
from services.payment.views import PAYDAYS
from shared.calendar import Month
from shared.contracts.fields import Programme
from shared.contracts.paydays import PaydayMet, PaydayMissed, PaydaySet
from shared.contracts.payment import RosterEntryAdded
from shared.kernel.decider import Refusal
from shared.kernel.event import Document, read
from shared.kernel.spec import Given, spec
from shared.kernel.store import AgendaEntry
from shared.policy import Policy
from tests.documents import document
from tests.notices import notice
from tests.payment.cases import (
    APRIL,
    JULY,
    JUNE,
    MAY,
    PREPARER,
    TOWNSHIP,
    case,
    entry,
    listed,
    payee,
    roster,
    run,
    run_id,
)
from tests.payment.office import Office
from tests.payment.words import confirmed, differ, ended, told

MAY_1, MAY_10, MAY_11, MAY_12 = (date(2020, 5, day) for day in (1, 10, 11, 12))
AUGUST = Month(2020, 8)
DAYS = (PaydaySet, PaydayMissed, PaydayMet)


def payday(month: Month, day: int = 10, **changed: Any) -> PaydaySet:
    stated: dict[str, Any] = {
        "programme": Programme.DIBAO,
        "division": TOWNSHIP,
        "month": month,
        "due_on": date(month.year, month.month, day),
    }
    return PaydaySet(**(stated | changed))


def missed(month: Month, payments: int = 1, total_fen: int = 200_00) -> PaydayMissed:
    return PaydayMissed(
        programme=Programme.DIBAO,
        division=TOWNSHIP,
        month=month,
        due_on=date(month.year, month.month, 10),
        payments=payments,
        total_fen=total_fen,
    )


def met(office: Office, month: Month, *, by_run: bool = True) -> PaydayMet:
    """The payday was met, by the last run that was approved or by nothing being due."""
    runs = [e.run_id for e in office.events() if e.type.startswith("doudi.payment.run-approved")]
    return PaydayMet(
        programme=Programme.DIBAO,
        division=TOWNSHIP,
        month=month,
        run_id=runs[-1] if by_run else None,
    )


def by_quarter(folder: Path, since: date = date(2012, 12, 12), **more: Any) -> Policy:
    """A county in which dibao is paid by the quarter."""
    return Policy.load((notice(folder, "350924", since=since, pay_rhythm="quarterly", **more),))


def entitled(from_month: Month = MAY, number: int = 1, on: date = date(2020, 4, 20)) -> Any:
    return told(case(number), confirmed(from_month), on=on)


def office_in_april(parameters: Policy | None = None) -> Office:
    """One case, confirmed on 20 April for May."""
    made = Office(date(2020, 4, 20), parameters)
    made.hear(*entitled())
    made.day(made.today)
    return made


class TestAPayday:
    def test_is_the_tenth_of_the_first_month_with_something_due(self) -> None:
        office = office_in_april()
        office.day(date(2020, 4, 30))
        assert office.events(*DAYS) == []
        office.day(MAY_1)
        assert office.events(*DAYS) == [payday(MAY)]

    def test_is_met_by_a_run_approved_on_the_tenth(self) -> None:
        office = office_in_april()
        office.day(MAY_1)
        office.day(MAY_10)
        office.pay(MAY)
        office.day(MAY_11)
        assert office.events(*DAYS) == [payday(MAY), met(office, MAY)]

    @pytest.mark.mechanism("S4-50")
    def test_is_missed_on_the_eleventh_by_what_no_approved_run_took_up(self) -> None:
        office = office_in_april()
        office.hear(*entitled(number=2))
        office.day(MAY_1)
        office.day(MAY_11)
        found = [payday(MAY), missed(MAY, payments=2, total_fen=400_00)]
        assert office.events(*DAYS) == found
        office.day(MAY_12)
        office.pay(MAY)
        assert office.events(*DAYS) == [*found, met(office, MAY)]

    def test_was_missed_where_the_run_is_approved_before_that_days_duty(self) -> None:
        office = office_in_april()
        office.day(MAY_1)
        office.today = MAY_11
        office.pay(MAY)
        office.day(MAY_11)
        assert office.events(*DAYS) == [payday(MAY), missed(MAY), met(office, MAY)]
        (when,) = [
            row.effective_on
            for row in map(read, office.store.read_log(0, 100))
            if isinstance(row.data, PaydayMissed)
        ]
        assert when == MAY_11

    def test_comes_every_month_whether_the_one_before_was_met_or_not(self) -> None:
        office = office_in_april()
        for month in (MAY, JUNE):
            office.day(month.first_day)
            office.day(date(2020, month.month, 11))
        two = [payday(MAY), missed(MAY), payday(JUNE), missed(JUNE, payments=2, total_fen=400_00)]
        assert office.events(*DAYS) == two
        office.pay(JUNE)
        assert office.events(*DAYS) == [*two, met(office, MAY), met(office, JUNE)]
        office.day(JULY.first_day)
        office.pay(JULY)
        office.day(AUGUST.first_day)
        assert office.events(PaydaySet)[2:] == [payday(JULY), payday(AUGUST)]

    def test_that_a_run_of_an_earlier_month_left_something_of_is_not_met(self) -> None:
        office = office_in_april()
        office.day(MAY_1)
        office.day(JUNE.first_day)
        office.pay(MAY)
        assert set(office.state(roster_of(Programme.DIBAO, TOWNSHIP)).paydays) == {JUNE}

    @pytest.mark.parametrize(
        ("on", "month"), [(MAY_10, MAY), (MAY_11, JUNE), (date(2020, 5, 31), JUNE)]
    )
    def test_of_what_becomes_known_later_is_the_next_one(self, on: date, month: Month) -> None:
        office = Office(on)
        office.hear(*entitled(APRIL, on=on))
        office.day(on)
        assert office.events(*DAYS) == [payday(month)]

    def test_of_a_month_is_one_however_many_join(self) -> None:
        office = office_in_april()
        office.day(MAY_1)
        office.today = date(2020, 5, 4)
        office.hear(*entitled(number=2, on=office.today))
        office.day(office.today)
        assert office.events(*DAYS) == [payday(MAY)]
        office.day(MAY_11)
        assert office.events(PaydayMissed) == [missed(MAY, payments=2, total_fen=400_00)]

    def test_by_which_nothing_is_due_any_more_was_not_missed(self) -> None:
        office = office_in_april()
        office.day(MAY_1)
        office.hear(*told(case(1), confirmed(MAY), ended(APRIL), on=MAY_1)[1:])
        office.day(MAY_11)
        assert office.events(*DAYS) == [payday(MAY), met(office, MAY, by_run=False)]
        office.day(JUNE.first_day)
        assert len(office.events(PaydaySet)) == 1

    def test_begins_again_with_who_is_entitled_again(self) -> None:
        office = office_in_april()
        office.hear(*told(case(1), confirmed(MAY), ended(APRIL), on=office.today)[1:])
        office.day(MAY_11)
        assert office.events(*DAYS) == []
        office.hear(*entitled(JULY, number=2, on=MAY_11))
        office.day(JULY.first_day)
        assert office.events(*DAYS) == [payday(JULY)]

    def test_is_on_the_agenda_of_its_roster(self) -> None:
        def changes(event: Any, on: date) -> list[Any]:
            heard: Document[Any] = document(event, case_id=case(1), on=on, region=TOWNSHIP)
            return list(agenda(heard))

        (opens,) = changes(entry(1), date(2020, 4, 20))
        assert isinstance(opens, AgendaEntry)
        assert (opens.kind, opens.due_on) == (PAYDAY_OPENS, MAY_1)
        (at_once,) = changes(entry(1, APRIL), MAY_11)
        assert at_once.due_on == MAY_11
        assert changes(entry(1, amount_fen=0), MAY_11) == []
        following, late = changes(payday(MAY), MAY_1)
        assert (following.due_on, late.kind, late.due_on) == (
            JUNE.first_day,
            PAYDAY_MISSED,
            MAY_11,
        )
        (after_a_run,) = changes(listed(MAY, 1), MAY_10)
        assert (after_a_run.kind, after_a_run.due_on) == (PAYDAY_OPENS, JUNE.first_day)


def rosters(programme: Programme, *events: RosterEntryAdded, on: date) -> Given:
    """A township's rosters, on one of which there is somebody."""
    first, *others = MONTHLY_PROGRAMMES
    made = spec(ROSTER, on=on).given(*(events if programme is first else ()))
    for other in others:
        made = made.beside(ROSTER, *(events if programme is other else ()))
    return made


EVERY_REGIME = pytest.mark.parametrize(
    ("programme", "on"),
    [
        (Programme.DIBAO, date(2013, 1, 4)),
        (Programme.DIBAO, date(2021, 6, 8)),
        (Programme.DIBAO, date(2021, 8, 3)),
        (Programme.TEKUN, date(2021, 8, 3)),
        (Programme.DISABILITY_CARE_SUBSIDY, date(2016, 2, 1)),
        (Programme.CHILD_ALLOWANCE, date(2020, 2, 3)),
    ],
)


class TestEveryRegime:
    @EVERY_REGIME
    def test_pays_by_the_tenth(self, programme: Programme, on: date) -> None:
        month = Month.of(on)
        given = rosters(programme, entry(1, month), on=on)
        given.when(SetPaydays(division=TOWNSHIP), set_paydays).then(
            payday(month, programme=programme)
        )

    @EVERY_REGIME
    def test_pays_by_the_month(self, programme: Programme, on: date) -> None:
        month = Month.of(on)
        command = PrepareRun(
            actor=PREPARER,
            run_id=run_id(),
            programme=programme,
            division=TOWNSHIP,
            month=month,
        )
        prepared, page = (
            run(roster=roster(entry(1, month)), on=on).when(command, prepare_run).events
        )
        assert prepared.last_month is None
        assert [line.month for line in page.lines] == [month]

    def test_begins_with_the_first_day_of_all(self) -> None:
        first = date(2012, 12, 12)
        given = rosters(Programme.TEKUN, entry(1, Month(2012, 12)), on=first)
        given.when(SetPaydays(division=TOWNSHIP), set_paydays).then(
            payday(Month(2013, 1), programme=Programme.TEKUN)
        )


class TestByTheQuarter:
    def test_three_months_are_on_one_run_each_as_its_own(self, tmp_path: Path) -> None:
        office = Office(date(2020, 4, 1), by_quarter(tmp_path))
        office.hear(*entitled(APRIL, on=date(2020, 3, 20)))
        office.day(office.today)
        assert office.events(*DAYS) == [payday(APRIL, last_month=JUNE)]
        office.pay(APRIL)
        assert office.paid(case(1)) == {APRIL: 200_00, MAY: 200_00, JUNE: 200_00}
        assert office.events(PaydayMet) == [met(office, APRIL)]
        office.day(JULY.first_day)
        assert office.events(PaydaySet)[1:] == [payday(JULY, last_month=Month(2020, 9))]

    def test_the_quarters_payday_is_missed_by_all_of_its_months(self, tmp_path: Path) -> None:
        office = Office(date(2020, 4, 1), by_quarter(tmp_path))
        office.hear(*entitled(APRIL, on=date(2020, 3, 20)))
        office.day(office.today)
        office.day(date(2020, 4, 10))
        assert office.events(PaydayMissed) == []
        office.day(date(2020, 4, 11))
        assert office.events(PaydayMissed) == [missed(APRIL, payments=3, total_fen=600_00)]

    @pytest.mark.parametrize("month", [MAY, JUNE])
    def test_its_run_is_that_of_its_first_month(self, tmp_path: Path, month: Month) -> None:
        office = Office(date(2020, 6, 8), by_quarter(tmp_path))
        office.hear(*entitled())
        with pytest.raises(Refusal) as refused:
            office.pay(month)
        assert refused.value.code == "run-is-a-quarters"
        assert refused.value.facts == {"month": str(month), "allowed_month": "2020-04"}
        assert refused.value.source == "民发〔2012〕220号 art. 31"

    def test_who_joins_in_its_middle_is_paid_at_once_or_with_the_next(self, tmp_path: Path) -> None:
        office = Office(MAY_12, by_quarter(tmp_path))
        office.hear(*entitled())
        office.day(MAY_12)
        assert office.events(*DAYS) == [payday(JULY, last_month=Month(2020, 9))]
        office.pay(APRIL)
        assert office.paid(case(1)) == {MAY: 200_00, JUNE: 200_00}

    def test_a_month_paid_ahead_that_turns_out_not_to_be_due_differs(self, tmp_path: Path) -> None:
        office = Office(date(2020, 4, 1), by_quarter(tmp_path))
        words = told(case(1), confirmed(APRIL), ended(MAY), on=date(2020, 4, 1))
        office.hear(words[0])
        office.pay(APRIL)
        office.hear(words[1])
        assert differ(JUNE, JUNE, -200_00) in office.events()

    def test_a_payment_ahead_is_among_those_of_the_case(self, tmp_path: Path) -> None:
        office = Office(date(2020, 4, 1), by_quarter(tmp_path))
        office.hear(*entitled(APRIL, on=date(2020, 3, 20)))
        office.pay(APRIL)
        keys = {stream.key for stream in payments_of(case(1), office.state, APRIL)}
        assert f"{case(1)}/{JUNE}" in keys

    def test_the_quarter_in_which_a_place_goes_over_to_it_is_paid_by_month(
        self, tmp_path: Path
    ) -> None:
        office = Office(MAY_1, by_quarter(tmp_path, since=MAY_1))
        office.hear(*entitled())
        office.day(MAY_1)
        office.pay(MAY)
        office.day(JUNE.first_day)
        office.pay(JUNE)
        office.day(JULY.first_day)
        assert office.events(PaydaySet) == [
            payday(MAY),
            payday(JUNE),
            payday(JULY, last_month=Month(2020, 9)),
        ]

    def test_a_later_day_of_the_month_is_its_last_where_there_is_none(self, tmp_path: Path) -> None:
        place = notice(tmp_path, "350924", pay_by_day_of_month=31)
        office = Office(JUNE.first_day, Policy.load((place,)))
        office.hear(*entitled(JUNE))
        office.day(JUNE.first_day)
        assert office.events(*DAYS) == [payday(JUNE, day=30)]


class TestTheList:
    def folded(self, *events: tuple[Any, date]) -> dict[str, Any]:
        seen: dict[str, Any] = {}
        for event, on in events:
            happened = document(event, case_id=case(1), on=on, region=TOWNSHIP)
            for key in PAYDAYS.keys(happened):
                found = PAYDAYS.fold(key, seen.get(key), happened)
                assert found is not None
                seen[key] = found
        (row,) = seen.values()
        return row

    def test_shows_what_is_to_be_paid_by_when(self) -> None:
        row = self.folded((payday(APRIL, last_month=JUNE), date(2020, 4, 1)))
        assert (row["month"], row["last_month"], row["due_on"]) == (
            "2020-04",
            "2020-06",
            "2020-04-10",
        )
        assert (row["open"], row["missed"]) == (True, False)

    def test_shows_what_was_late_and_when_it_was_paid(self) -> None:
        run_of_may = UUID(int=7)
        paid = PaydayMet(programme=Programme.DIBAO, division=TOWNSHIP, month=MAY, run_id=run_of_may)
        row = self.folded((payday(MAY), MAY_1), (missed(MAY), MAY_11), (paid, MAY_12))
        assert (row["open"], row["missed"], row["missed_payments"], row["missed_fen"]) == (
            False,
            True,
            1,
            200_00,
        )
        assert (row["met_on"], row["run_id"]) == ("2020-05-12", str(run_of_may))
        assert str(payee(1)) not in str(row)
