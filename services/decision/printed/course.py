"""The course of a case in print: its account, and what is proposed, reported and decided of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from services.decision.printed import figures, household
from services.decision.printed.accounts import account_lines
from services.decision.printed.leaving import leaving_lines
from services.decision.printed.proposals import proposed_lines, states_its_rules
from services.decision.printed.rules import Standards, rule_lines
from services.decision.printed.sources import Sources
from services.decision.printed.standards import changed_standard_lines
from services.decision.printed.words import filed, said, yuan
from shared.calendar import Month
from shared.contracts.aid import AidOpened
from shared.contracts.appeals import AppealSuspensionOrdered, DecisionRevoked
from shared.contracts.assessments import AssessmentDrawnUp
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    ChangeReported,
    HouseholdChanged,
    PhaseOutStarted,
    PropertyHeld,
)
from shared.contracts.decision import BenefitProposed, DeterminationOpened, RefusalProposed
from shared.contracts.fields import Member, ParameterUsed, Programme
from shared.contracts.reviews import ReviewScheduled
from shared.contracts.standards import AmountRedetermined, StandardReviewOpened
from shared.contracts.terminations import TerminationProposed
from shared.contracts.work import WorkConsequenceDecided, WorkConsequenceOpened
from shared.regions import Regions, UnknownDivision


class Course:
    """What later steps need of those before them, as far as the page has come."""

    def __init__(self, sources: Sources, regions: Regions, standards: Standards) -> None:
        self._sources = sources
        self._regions = regions
        self._standards = standards
        self.who: dict[UUID, str] = {}
        self.phasing_out: int | None = None
        self._account: DeterminationOpened | None = None
        self._basis: DeterminationOpened | ChangeReported | None = None
        self._report: DeterminationOpened | ChangeReported | None = None
        self._members: tuple[Member, ...] = ()
        self._held: PropertyHeld | None = None
        self._entered_alone = False
        self._procedures: dict[UUID, date] = {}
        self._rules_at: tuple[int, tuple[ParameterUsed, ...]] | None = None
        self._number = 0

    @property
    def programme(self) -> Programme:
        """Whose notices they are: of a case without an account, those of aid."""
        return Programme.TEMPORARY_ASSISTANCE if self._account is None else self._account.programme

    def at_step(self, number: int) -> None:
        """Which step the page has come to."""
        self._number = number
        self._sources.at_step(number)

    def opened(self, account: DeterminationOpened, surveyed_by: str) -> Iterator[str]:
        """A completed check's account, with who surveyed."""
        self._account = self._basis = self._report = account
        self._members = account.members
        self._sources.of_case(account.division, account.programme, account.accepted_on)
        self.who = household.members(account.members)
        yield f"  {said('programme', account.programme)}"
        yield f"  地区 / Division: {self._division(account.division)}"
        yield f"  受理日期 / Accepted on: {account.accepted_on}"
        yield f"  家庭成员 / Household ({len(self.who)}): {'；'.join(self.who.values())}"
        yield from household.left_out_lines(account, self._sources)
        yield from household.survey_lines(account, surveyed_by)
        yield "  单位：元、每月 / In yuan a month"
        if account.disability is not None:
            yield from household.disability_lines(account, account.disability)
        if account.child is not None:
            yield from household.child_lines(account.child)
        elif household.tests_means(account):
            people = account.members if account.waiver is None else account.waiver.persons
            asked = [one.person_id for one in people]
            yield from account_lines(account, self.who, asked, self._sources)
            yield from household.exempt_lines(account, self.who)
        if account.waiver is not None:
            yield from household.waiver_lines(account.waiver, self.who)
            yield f"    依据 / by: {self._source_of_waiver(account)}"

    def _source_of_waiver(self, account: DeterminationOpened) -> str:
        """What lets a family's check be waived, by the parameters in force now."""
        name = "family_check_waiver_until"
        place = (account.division, account.programme, account.accepted_on)
        found = self._sources.policy.value(name, *place)
        told = self._sources.cited(found)
        return f"{told}；{found.note}" if found.note else told

    def assessed(self, event: AssessmentDrawnUp) -> Iterator[str]:
        """What the account comes to for each kind of assistance."""
        yield f"  所依办法 / Under: {said('regime', event.regime)}"
        yield from figures.assessed_lines(event, self._account)
        yield from self.rules(event.parameters)

    def proposed(self, event: BenefitProposed | RefusalProposed) -> Iterator[str]:
        """The amount with its sum, or the reason to refuse."""
        if isinstance(event, BenefitProposed):
            self._entered_alone = event.single_persons is not None
        yield from proposed_lines(event, self._account, self.who, self._regions, self._sources)
        if states_its_rules(event, self._account):
            yield from self.rules(event.parameters)

    def reported(self, event: ChangeReported) -> Iterator[str]:
        """A changed household's account anew."""
        sources = self._sources
        self._procedures[event.change_id] = sources.on = event.reported_on
        if self._report is not None and household.is_as_it_was(self._report, event):
            yield "  家庭情况未变，按现行规定核算 / the household is as it was, the rules are not"
        self._report = event
        if event.happened_on is not None:
            yield f"  事实发生于 / The fact is of: {event.happened_on}"
        if event.household is not None:
            yield f"  {said('cause', event.household.cause)}"
            household.name_joined(self.who, event.household.joined)
            left = event.household.left
            joined = event.household.joined
            self._members = (*(m for m in self._members if m.person_id not in left), *joined)
        if event.child is not None:
            yield from household.child_lines(event.child)
        else:
            asked = [one.person_id for one in self._members]
            yield from account_lines(event, self.who, asked, sources)
        self._held = event.property
        if event.property is not None:
            yield f"  {household.property_held(event.property)}"
        if event.adjust_by is not None:
            term = sources.term("death_adjust_within_months")
            yield f"  核查调整期限 / To be checked and adjusted by: {event.adjust_by}{term}"
        if event.admonishable:
            term = sources.term("change_admonish_after_months")
            yield f"  逾期报告，可批评教育 / so late that the household may be admonished{term}"

    def standard_changed(
        self, event: AmountRedetermined | StandardReviewOpened, on: date
    ) -> Iterator[str]:
        """What a changed standard makes of the amount."""
        self._sources.on = event.from_month.first_day
        yield from changed_standard_lines(
            event,
            on,
            self._account,
            self.who,
            self._standards,
            self._regions,
            self._sources,
        )
        yield from self.rules(event.parameters)

    def redetermined(self, event: figures.Redetermined, on: date) -> Iterator[str]:
        """What a change comes to: another amount, a phase-out, a stop."""
        sources = self._sources
        sources.on = self._procedures.get(event.change_id, on)
        if isinstance(event, AmountChanged) and event.from_month <= Month.of(on):
            sources.on = event.from_month.first_day  # a month's amount, by that month's
        if isinstance(event, BenefitStopped) and event.opened_on is not None:
            sources.on = event.opened_on
        figures_of = (event.standard_fen, event.persons, event.counted_income_fen)
        yield f"  适用该日的规定 / Rules as of: {sources.on}"
        if household.is_of_child(self._account):
            yield figures.top_up_line(event.standard_fen, event.counted_income_fen)
        elif household.tests_means(self._account):
            yield f"  收入与标准 / Income and standard: {figures.comparison(*figures_of)}"
        match event:
            case AmountChanged():
                yield from self._changed(event)
            case PhaseOutStarted():
                yield (
                    f"  渐退期 / Phase-out: {event.first_month} – {event.last_month}，"
                    f"每月 / a month {yuan(event.amount_fen)}"
                )
                yield from self._leaving(event)
                self.phasing_out = self._number
            case BenefitStopped():
                yield from self._stopped(event)
        self._basis = self._report
        if event.explanation is not None:
            yield filed(event.explanation)
        yield from self.rules(event.parameters)

    def _changed(self, event: AmountChanged) -> Iterator[str]:
        if not household.is_of_one_person(self._account):
            yield from figures.due_lines(event, self.who, self._sources)
        yield f"  自 {event.from_month} 起每月 / a month from then on: {yuan(event.amount_fen)}"
        if self.phasing_out is not None:
            yield f"  第 {self.phasing_out} 步的渐退结束 / the phase-out ends with this"
            self.phasing_out = None

    def _stopped(self, event: BenefitStopped) -> Iterator[str]:
        if self._held is not None and not self._entered_alone:
            used = figures.used_figures(event.parameters)
            yield from figures.property_lines(self._held, event.persons, event.standard_fen, used)
        yield f"  {said('reason', event.reason)}；发至 / paid to: {event.last_month}"
        if self.phasing_out is not None:
            yield f"  第 {self.phasing_out} 步的渐退提前终止 / the phase-out ends early"
        yield from self._leaving(event)

    def _leaving(self, event: PhaseOutStarted | BenefitStopped) -> Iterator[str]:
        if self._account is None:
            return
        before, after = (one.income if one else () for one in (self._basis, self._report))
        yield from leaving_lines(event, self._account, before, after, self._sources)

    def keep_in_mind(self, event: Any, on: date) -> None:
        """On which day a procedure opened: whatever comes of it goes by the rules of that day."""
        sources = self._sources
        match event:
            case AidOpened():
                sources.of_case(event.division, event.programme, event.accepted_on)
                sources.aid_kind = event.aid.kind
            case HouseholdChanged() if not self._entered_alone:
                self._members = event.members
            case WorkConsequenceOpened():
                self._procedures[event.consequence_id] = sources.on = event.opened_on
            case WorkConsequenceDecided():
                sources.on = self._procedures.get(event.consequence_id, on)
            case TerminationProposed():
                sources.on = event.from_on
            case ReviewScheduled():
                sources.on = event.since_on
            case DecisionRevoked() | AppealSuspensionOrdered():
                self._procedures[event.appeal_id] = on

    def rules(self, parameters: tuple[ParameterUsed, ...]) -> Iterator[str]:
        """The parameters of a step with their sources, or in which step just before they stand."""
        before, self._rules_at = self._rules_at, (self._number, parameters)
        if before is not None and before == (self._number - 1, parameters) and parameters:
            yield f"  依据 / Rules: 同第 {before[0]} 步 / as in step {before[0]}"
            return
        yield from rule_lines(parameters, self._sources, self._standards, self._regions)

    def _division(self, code: str) -> str:
        try:
            on = self._sources.on or date.max
            return f"{self._regions.division(code, on).name} {code}"
        except UnknownDivision:
            return code
