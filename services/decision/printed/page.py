"""The page: one section for each event of the case, in the order of the record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from services.decision.printed import figures, household
from services.decision.printed.hands import Hands
from services.decision.printed.hearings import hearing_lines, results
from services.decision.printed.leaving import leaving_lines
from services.decision.printed.notices import Notices
from services.decision.printed.proposals import proposed_lines, states_its_rules
from services.decision.printed.rules import Standards, rule_lines
from services.decision.printed.standards import changed_standard_lines
from services.decision.printed.steps import step_lines
from services.decision.printed.titles import regime_of, step_name, title
from services.decision.printed.words import filed, said, yuan
from services.decision.rules.postings import PostingKind, posting_number
from shared.calendar import Month
from shared.contracts.aid import AidGranted
from shared.contracts.appeals import AppealSuspensionOrdered, DecisionRevoked
from shared.contracts.assessments import AssessmentDrawnUp
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    ChangeReported,
    PhaseOutStarted,
    PropertyHeld,
)
from shared.contracts.decision import (
    BenefitProposed,
    CaseEnded,
    DeterminationOpened,
    RefusalProposed,
)
from shared.contracts.fields import ParameterUsed, Programme
from shared.contracts.notices import NoticeOwed, NoticeServed
from shared.contracts.publicity import PublicityPosted
from shared.contracts.reviews import ReviewScheduled
from shared.contracts.standards import AmountRedetermined, StandardReviewOpened
from shared.contracts.work import WorkConsequenceDecided, WorkConsequenceOpened
from shared.kernel.event import Document
from shared.policy import Policy
from shared.regions import Regions, UnknownDivision

RULE: Final = "─" * 72
NO_STANDARDS: Final[Standards] = MappingProxyType({})


def page(
    case_id: UUID,
    documents: Sequence[Document[Any]],
    policy: Policy,
    regions: Regions,
    standards: Standards = NO_STANDARDS,
) -> str:
    """The determination of a case in print, from its events; plain text, Chinese and English.

    Nobody's name is in it: the record has none, and officials are numbered. Figures are those of
    the events; documents and articles are looked up for division and date, and a figure that the
    parameters no longer hold is marked so. ``standards`` are the recorded decisions on standards
    that the case may rest on.
    """
    return "\n".join(_Page(case_id, policy, regions, standards).lines(documents)) + "\n"


class _Page:
    """What sections need of those before them: the account, and what its members are called."""

    def __init__(
        self, case_id: UUID, policy: Policy, regions: Regions, standards: Standards
    ) -> None:
        self._case_id = case_id
        self._policy = policy
        self._regions = regions
        self._standards = standards
        self._hands = Hands(regions)
        self._notices = Notices(policy)
        self._steps: dict[UUID, tuple[int, str]] = {}
        self._decided_in: dict[UUID, int] = {}
        self._account: DeterminationOpened | None = None
        self._basis: DeterminationOpened | ChangeReported | None = None
        self._report: DeterminationOpened | ChangeReported | None = None
        self._phasing_out: int | None = None
        self._held: PropertyHeld | None = None
        self._entered_alone = False
        self._who: dict[UUID, str] = {}
        self._opened_on: date | None = None
        self._procedures: dict[UUID, date] = {}

    def lines(self, documents: Sequence[Document[Any]]) -> Iterator[str]:
        found = (one.data for one in documents if isinstance(one.data, DeterminationOpened))
        regime = regime_of(next(found, None), self._policy)
        yield title(regime)
        yield f"个案 / Case: {self._case_id}"
        self._decided_in = results(documents)
        for number, document in enumerate(documents, 1):
            yield RULE
            yield f"{number}. {document.effective_on}  {step_name(document.type, regime)}"
            yield self._hands.by(number, document)
            yield from self._section(number, document)
            self._steps[document.id] = (number, document.role)
            if isinstance(document.data, PhaseOutStarted):
                self._phasing_out = number
        yield RULE
        yield from self._hands.signatures()

    def _section(self, number: int, document: Document[Any]) -> Iterator[str]:
        event = document.data
        match event:
            case DeterminationOpened():
                surveyed_by = self._hands.surveyed_by(number, event.surveyors, document)
                yield from self._opened(event, surveyed_by)
            case AssessmentDrawnUp():
                yield f"  所依办法 / Under: {said('regime', event.regime)}"
                yield from figures.assessed_lines(event, self._account)
                yield from self._rules(event.parameters)
            case BenefitProposed() | RefusalProposed():
                yield from self._proposed(event)
            case ChangeReported():
                yield from self._reported(event)
            case AmountChanged() | PhaseOutStarted() | BenefitStopped():
                yield from self._redetermined(event, document.effective_on)
            case AmountRedetermined() | StandardReviewOpened():
                self._opened_on = event.from_month.first_day
                yield from changed_standard_lines(
                    event,
                    document.effective_on,
                    self._account,
                    self._who,
                    self._standards,
                    self._regions,
                )
                yield from self._rules(event.parameters)
            case NoticeOwed():
                step, role = self._steps.get(event.entry, (None, None))
                yield from self._notices.owed(event, self._programme, step, role)
            case NoticeServed():
                yield from self._notices.served(event, self._who)
            case _:
                self._keep_in_mind(event, document.effective_on)
                yield from step_lines(event, self._who)
                yield from hearing_lines(event, self._decided_in)
                if isinstance(event, PublicityPosted):
                    kind = PostingKind(event.round.value)
                    number_ = posting_number(self._case_id, kind, event.from_on)
                    yield f"  公示编号 / Posted under: {number_}"
                if isinstance(event, CaseEnded) and self._phasing_out is not None:
                    yield f"  渐退始于第 {self._phasing_out} 步 / the phase-out began in that step"
                if isinstance(event, AidGranted | WorkConsequenceDecided | ReviewScheduled):
                    yield from self._rules(event.parameters)

    def _opened(self, account: DeterminationOpened, surveyed_by: str) -> Iterator[str]:
        self._account, self._opened_on = account, account.accepted_on
        self._basis = self._report = account
        self._who = household.members(account.members)
        yield f"  {said('programme', account.programme)}"
        yield f"  地区 / Division: {self._division(account.division)}"
        yield f"  受理日期 / Accepted on: {account.accepted_on}"
        yield f"  家庭成员 / Household ({len(self._who)}): {'；'.join(self._who.values())}"
        yield from household.left_out_lines(account, self._policy)
        yield from household.survey_lines(account, surveyed_by)
        yield "  单位：元、每月 / In yuan a month"
        if account.disability is not None:
            yield from household.disability_lines(account, account.disability)
        if account.child is not None:
            yield from household.child_lines(account.child)
        elif household.tests_means(self._account):
            yield from household.account_lines(account, self._who)
            yield from household.exempt_lines(account, self._who)
        if account.waiver is not None:
            yield from household.waiver_lines(account.waiver, self._who)
            yield f"    依据 / by: {self._source_of_waiver(account)}"

    def _source_of_waiver(self, account: DeterminationOpened) -> str:
        """What lets a family's check be waived, by the parameters in force now."""
        name = "family_check_waiver_until"
        place = (account.division, account.programme, account.accepted_on)
        found = self._policy.value(name, *place)
        return f"{found.source}；{found.note}" if found.note else found.source

    def _keep_in_mind(self, event: Any, on: date) -> None:
        """On which day a procedure opened: whatever comes of it goes by the rules of that day."""
        match event:
            case WorkConsequenceOpened():
                self._procedures[event.consequence_id] = self._opened_on = event.opened_on
            case WorkConsequenceDecided():
                self._opened_on = self._procedures.get(event.consequence_id, on)
            case ReviewScheduled():
                self._opened_on = event.since_on
            case DecisionRevoked() | AppealSuspensionOrdered():
                self._procedures[event.appeal_id] = on

    def _reported(self, event: ChangeReported) -> Iterator[str]:
        self._procedures[event.change_id] = self._opened_on = event.reported_on
        if self._report is not None and household.is_as_it_was(self._report, event):
            yield "  家庭情况未变，按现行规定核算 / the household is as it was, the rules are not"
        self._report = event
        if event.happened_on is not None:
            yield f"  事实发生于 / The fact is of: {event.happened_on}"
        if event.household is not None:
            yield f"  {said('cause', event.household.cause)}"
            household.name_joined(self._who, event.household.joined)
        if event.child is not None:
            yield from household.child_lines(event.child)
        else:
            yield from household.account_lines(event, self._who)
        self._held = event.property
        if event.property is not None:
            yield f"  {household.property_held(event.property)}"
        if event.adjust_by is not None:
            yield f"  核查调整期限 / To be checked and adjusted by: {event.adjust_by}"
        if event.admonishable:
            yield "  逾期报告，可批评教育 / reported so late that the household may be admonished"

    def _proposed(self, event: BenefitProposed | RefusalProposed) -> Iterator[str]:
        if isinstance(event, BenefitProposed):
            self._entered_alone = event.single_persons is not None
        yield from proposed_lines(event, self._account, self._who)
        if states_its_rules(event, self._account):
            yield from self._rules(event.parameters)

    def _redetermined(self, event: figures.Redetermined, on: date) -> Iterator[str]:
        self._opened_on = self._procedures.get(event.change_id, on)
        if isinstance(event, AmountChanged) and event.from_month <= Month.of(on):
            self._opened_on = event.from_month.first_day  # a month's amount, by that month's
        if isinstance(event, BenefitStopped) and event.opened_on is not None:
            self._opened_on = event.opened_on
        figures_of = (event.standard_fen, event.persons, event.counted_income_fen)
        yield f"  适用该日的规定 / Rules as of: {self._opened_on}"
        if household.is_of_child(self._account):
            yield figures.top_up_line(event.standard_fen, event.counted_income_fen)
        elif household.tests_means(self._account):
            yield f"  收入与标准 / Income and standard: {figures.comparison(*figures_of)}"
        match event:
            case AmountChanged():
                if not household.is_of_one_person(self._account):
                    yield from figures.due_lines(event, self._who)
                amount = yuan(event.amount_fen)
                yield f"  自 {event.from_month} 起每月 / a month from then on: {amount}"
                if self._phasing_out is not None:
                    yield f"  第 {self._phasing_out} 步的渐退结束 / the phase-out ends with this"
                    self._phasing_out = None
            case PhaseOutStarted():
                yield (
                    f"  渐退期 / Phase-out: {event.first_month} – {event.last_month}，"
                    f"每月 / a month {yuan(event.amount_fen)}"
                )
                yield from self._leaving(event)
            case BenefitStopped():
                if self._held is not None and not self._entered_alone:
                    used = figures.used_figures(event.parameters)
                    yield from figures.property_lines(
                        self._held, event.persons, event.standard_fen, used
                    )
                yield f"  {said('reason', event.reason)}；发至 / paid to: {event.last_month}"
                if self._phasing_out is not None:
                    yield f"  第 {self._phasing_out} 步的渐退提前终止 / the phase-out ends early"
                yield from self._leaving(event)
        self._basis = self._report
        if event.explanation is not None:
            yield filed(event.explanation)
        yield from self._rules(event.parameters)

    def _leaving(self, event: PhaseOutStarted | BenefitStopped) -> Iterator[str]:
        if self._account is None or self._opened_on is None:
            return
        before, after = (one.income if one else () for one in (self._basis, self._report))
        yield from leaving_lines(event, self._account, before, after, self._policy, self._opened_on)

    @property
    def _programme(self) -> Programme:
        """Whose notices they are: of a case without an account, those of aid."""
        return Programme.TEMPORARY_ASSISTANCE if self._account is None else self._account.programme

    def _rules(self, parameters: tuple[ParameterUsed, ...]) -> Iterator[str]:
        yield from rule_lines(
            parameters,
            self._policy,
            self._account,
            self._opened_on,
            self._standards,
            self._regions,
        )

    def _division(self, code: str) -> str:
        try:
            return f"{self._regions.division(code, self._opened_on or date.max).name} {code}"
        except UnknownDivision:
            return code
