"""The page: one section for each event of the case, in the order of the record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from services.decision.printed import figures, household
from services.decision.printed.rules import rule_lines
from services.decision.printed.steps import step_lines
from services.decision.printed.words import said, yuan
from shared.calendar import Month
from shared.contracts.aid import AidGranted, ExpenseAid
from shared.contracts.appeals import AppealSuspensionOrdered, DecisionRevoked
from shared.contracts.assessments import AssessmentDrawnUp
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    ChangeReported,
    PhaseOutStarted,
    PropertyHeld,
)
from shared.contracts.decision import BenefitProposed, DeterminationOpened, RefusalProposed
from shared.contracts.fields import ParameterUsed
from shared.contracts.labels import label_of
from shared.contracts.reviews import ReviewScheduled
from shared.contracts.standards import AmountRedetermined, StandardReviewOpened
from shared.contracts.work import WorkConsequenceDecided, WorkConsequenceOpened
from shared.kernel.event import Document
from shared.policy import Policy
from shared.regions import Regions, UnknownDivision

RULE: Final = "─" * 72


def page(
    case_id: UUID, documents: Sequence[Document[Any]], policy: Policy, regions: Regions
) -> str:
    """The determination of a case in print, from its events; plain text, Chinese and English.

    Nobody's name is in it: the record has none. Figures are those of the events; documents and
    articles are looked up for division and date, and a figure that the parameters no longer hold
    is marked so.
    """
    return "\n".join(_Page(case_id, policy, regions).lines(documents)) + "\n"


class _Page:
    """What sections need of those before them: the account, and what its members are called."""

    def __init__(self, case_id: UUID, policy: Policy, regions: Regions) -> None:
        self._case_id = case_id
        self._policy = policy
        self._regions = regions
        self._account: DeterminationOpened | None = None
        self._held: PropertyHeld | None = None
        self._entered_alone = False
        self._who: dict[UUID, str] = {}
        self._opened_on: date | None = None
        self._procedures: dict[UUID, date] = {}

    def lines(self, documents: Sequence[Document[Any]]) -> Iterator[str]:
        yield "审核意见书 / Determination"
        yield f"个案 / Case: {self._case_id}"
        for number, document in enumerate(documents, 1):
            label = label_of(document.type)
            yield RULE
            yield f"{number}. {document.effective_on}  {label.zh} / {label.en}"
            yield from self._section(document)

    def _section(self, document: Document[Any]) -> Iterator[str]:
        event = document.data
        match event:
            case DeterminationOpened():
                yield from self._opened(event)
            case AssessmentDrawnUp():
                yield from self._assessed(event)
            case BenefitProposed() | RefusalProposed():
                yield from self._proposed(event)
            case ChangeReported():
                yield from self._reported(event)
            case AmountChanged() | PhaseOutStarted() | BenefitStopped():
                yield from self._redetermined(event, document.effective_on)
            case AmountRedetermined() | StandardReviewOpened():
                yield from self._by_another_standard(event)
            case _:
                self._keep_in_mind(event, document.effective_on)
                yield from step_lines(event, self._who)
                if isinstance(event, AidGranted | WorkConsequenceDecided | ReviewScheduled):
                    yield from self._rules(event.parameters)

    def _opened(self, account: DeterminationOpened) -> Iterator[str]:
        self._account, self._opened_on = account, account.accepted_on
        self._who = household.members(account.members)
        yield f"  {said('programme', account.programme)}"
        yield f"  地区 / Division: {self._division(account.division)}"
        yield f"  受理日期 / Accepted on: {account.accepted_on}"
        yield f"  家庭成员 / Household ({len(self._who)}): {'；'.join(self._who.values())}"
        if account.circumstances is not None and account.circumstances.registration is not None:
            registered = said("registration", account.circumstances.registration)
            yield f"  户籍 / Registration: {registered}"
        yield "  单位：元、每月 / In yuan a month"
        if account.disability is not None:
            yield from household.disability_lines(account, account.disability)
        if account.child is not None:
            yield from household.child_lines(account.child)
        elif self._tests_means:
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

    def _assessed(self, drawn_up: AssessmentDrawnUp) -> Iterator[str]:
        figures_of = (drawn_up.standard_fen, drawn_up.persons, drawn_up.counted_income_fen)
        yield f"  所依办法 / Under: {said('regime', drawn_up.regime)}"
        yield f"  收入与标准 / Income and standard: {figures.comparison(*figures_of)}"
        if self._account is not None:
            used = figures.used_figures(drawn_up.parameters)
            yield from figures.property_lines(
                self._account, drawn_up.persons, drawn_up.standard_fen, used
            )
            if drawn_up.rigid is not None:
                yield from figures.rigid_lines(drawn_up.rigid, drawn_up.persons, used)
        yield from figures.condition_lines(drawn_up.tests or ())
        yield from figures.outcome_lines(drawn_up)
        yield from self._rules(drawn_up.parameters)

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

    def _by_another_standard(
        self, event: AmountRedetermined | StandardReviewOpened
    ) -> Iterator[str]:
        self._opened_on = event.from_month.first_day
        before, now = yuan(event.standard_before_fen), yuan(event.standard_fen)
        since = f"自 {event.from_month} 起 / from then on"
        if isinstance(event, AmountRedetermined) and event.last_month is not None:
            since = f"仅 {event.from_month} 至 {event.last_month} / these months only"
        yield f"  标准 / Standard: {before} → {now}，{since}"
        match event:
            case AmountRedetermined():
                if self._is_of_child:
                    yield figures.top_up_line(event.standard_fen, event.counted_income_fen)
                elif not self._is_of_one_person:
                    yield from figures.due_lines(event, self._who)
                paid = f"{yuan(event.amount_before_fen)} → {yuan(event.amount_fen)}"
                yield f"  每月 / A month: {paid}"
            case StandardReviewOpened():
                yield f"  {said('standard_review', event.reason)}"
                yield f"  暂按原额发放 / paid on until decided: {yuan(event.amount_fen)}"
        yield from self._rules(event.parameters)

    def _proposed(self, event: BenefitProposed | RefusalProposed) -> Iterator[str]:
        match event:
            case BenefitProposed(expenses=ExpenseAid() as expenses):
                yield from self._expenses(event, expenses)
                yield f"  一次性 / Once: {yuan(event.amount_fen)} 元 / yuan"
                yield from self._rules(event.parameters)
            case BenefitProposed() if self._is_of_child:
                yield figures.top_up_line(event.standard_fen, event.counted_income_fen)
                yield f"  每月 / A month: {yuan(event.amount_fen)} 元 / yuan"
                yield from self._rules(event.parameters)
            case BenefitProposed():
                self._entered_alone = event.single_persons is not None
                if self._tests_means:
                    yield from figures.amount_lines(event, self._who)
                else:
                    amount = yuan(event.amount_fen)
                    yield f"  每月，按标准 / A month, by the standard: {amount} 元 / yuan"
                yield from self._rules(event.parameters)
            case RefusalProposed(expenses=ExpenseAid() as expenses):
                yield from self._expenses(event, expenses)
                yield f"  {said('reason', event.reason)}"
                yield from self._rules(event.parameters)
            case RefusalProposed():
                if self._is_of_child:
                    yield figures.top_up_line(event.standard_fen, event.counted_income_fen)
                yield f"  {said('reason', event.reason)}"
                if self._is_of_one_person:
                    yield from self._rules(event.parameters)

    @property
    def _is_of_child(self) -> bool:
        return self._account is not None and self._account.child is not None

    @property
    def _is_of_one_person(self) -> bool:
        return self._account is not None and self._account.programme.is_of_one_person

    @property
    def _tests_means(self) -> bool:
        return self._account is None or self._account.programme.tests_means

    def _expenses(
        self, event: BenefitProposed | RefusalProposed, expenses: ExpenseAid
    ) -> Iterator[str]:
        yield from figures.expense_lines(expenses, event.persons, event.counted_income_fen)
        if self._account is not None:
            used = figures.used_figures(event.parameters)
            yield from figures.property_lines(
                self._account, event.persons, event.standard_fen, used
            )

    def _redetermined(self, event: figures.Redetermined, on: date) -> Iterator[str]:
        self._opened_on = self._procedures.get(event.change_id, on)
        if isinstance(event, AmountChanged) and event.from_month <= Month.of(on):
            self._opened_on = event.from_month.first_day  # a month's amount, by that month's
        if isinstance(event, BenefitStopped) and event.opened_on is not None:
            self._opened_on = event.opened_on
        figures_of = (event.standard_fen, event.persons, event.counted_income_fen)
        yield f"  所依日期 / Rules of: {self._opened_on}"
        if self._is_of_child:
            yield figures.top_up_line(event.standard_fen, event.counted_income_fen)
        elif self._tests_means:
            yield f"  收入与标准 / Income and standard: {figures.comparison(*figures_of)}"
        match event:
            case AmountChanged():
                if not self._is_of_one_person:
                    yield from figures.due_lines(event, self._who)
                amount = yuan(event.amount_fen)
                yield f"  自 {event.from_month} 起每月 / a month from then on: {amount}"
            case PhaseOutStarted():
                yield (
                    f"  渐退期 / Phase-out: {event.first_month} – {event.last_month}，"
                    f"每月 / a month {yuan(event.amount_fen)}"
                )
            case BenefitStopped():
                if self._held is not None and not self._entered_alone:
                    used = figures.used_figures(event.parameters)
                    yield from figures.property_lines(
                        self._held, event.persons, event.standard_fen, used
                    )
                yield f"  {said('reason', event.reason)}；发至 / paid to: {event.last_month}"
        yield from self._rules(event.parameters)

    def _rules(self, parameters: tuple[ParameterUsed, ...]) -> Iterator[str]:
        yield from rule_lines(parameters, self._policy, self._account, self._opened_on)

    def _division(self, code: str) -> str:
        try:
            return f"{self._regions.division(code, self._opened_on or date.max).name} {code}"
        except UnknownDivision:
            return code
