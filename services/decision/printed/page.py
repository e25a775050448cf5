"""The page: one section for each event of the determination, in the order of the record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from services.decision.printed import figures
from services.decision.printed.words import said, yuan
from shared.contracts.decision import (
    AmountChanged,
    AssessmentDrawnUp,
    BenefitProposed,
    BenefitStopped,
    CaseConfirmed,
    CaseEnded,
    CaseRefused,
    ChangeReported,
    DeterminationOpened,
    HouseholdRecognised,
    ManualReviewOpened,
    PhaseOutStarted,
    PotentialRecipientListed,
    PublicityPosted,
    RefusalProposed,
    TownshipApproved,
)
from shared.contracts.fields import ParameterUsed
from shared.contracts.labels import label_of
from shared.kernel.event import Document
from shared.policy import MissingValue, Policy, UnknownParameter
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
        self._who: dict[UUID, str] = {}
        self._opened_on: date | None = None

    def lines(self, documents: Sequence[Document[Any]]) -> Iterator[str]:
        yield "审核意见书 / Determination"
        yield f"个案 / Case: {self._case_id}"
        number = 0
        for document in documents:
            section = list(self._section(document))
            if section:
                number += 1
                label = label_of(document.type)
                yield RULE
                yield f"{number}. {document.effective_on}  {label.zh} / {label.en}"
                yield from section

    def _section(self, document: Document[Any]) -> Iterator[str]:
        event = document.data
        match event:
            case DeterminationOpened():
                yield from self._opened(event)
            case AssessmentDrawnUp():
                yield from self._assessed(event)
            case BenefitProposed():
                yield from figures.amount_lines(event, self._who)
                yield from self._rules(event.parameters)
            case RefusalProposed():
                yield f"  {said('reason', event.reason)}"
                if self._account and self._account.programme == "tekun":
                    yield from self._rules(event.parameters)
            case ChangeReported():
                self._opened_on = event.reported_on
                yield from figures.account_lines(event, self._who)
            case AmountChanged() | PhaseOutStarted() | BenefitStopped():
                yield from self._redetermined(event)
            case _:
                yield from _step(event)

    def _opened(self, account: DeterminationOpened) -> Iterator[str]:
        self._account, self._opened_on = account, account.accepted_on
        self._who = figures.members(account)
        yield f"  {said('programme', account.programme)}"
        yield f"  地区 / Division: {self._division(account.division)}"
        yield f"  受理日期 / Accepted on: {account.accepted_on}"
        yield f"  家庭成员 / Household ({len(self._who)}): {'；'.join(self._who.values())}"
        yield "  单位：元、每月 / In yuan a month"
        yield from figures.account_lines(account, self._who)

    def _assessed(self, drawn_up: AssessmentDrawnUp) -> Iterator[str]:
        figures_of = (drawn_up.standard_fen, drawn_up.persons, drawn_up.counted_income_fen)
        yield f"  所依办法 / Under: {said('regime', drawn_up.regime)}"
        yield f"  收入与标准 / Income and standard: {figures.comparison(*figures_of)}"
        if self._account is not None:
            used = figures.used_figures(drawn_up.parameters)
            yield from figures.property_lines(self._account, drawn_up.standard_fen, used)
        yield from figures.outcome_lines(drawn_up)
        yield from self._rules(drawn_up.parameters)

    def _redetermined(self, event: figures.Redetermined) -> Iterator[str]:
        figures_of = (event.standard_fen, event.persons, event.counted_income_fen)
        yield f"  所依日期 / Rules of: {self._opened_on}"
        yield f"  收入与标准 / Income and standard: {figures.comparison(*figures_of)}"
        match event:
            case AmountChanged():
                amount = yuan(event.amount_fen)
                yield f"  自 {event.from_month} 起每月 / a month from then on: {amount}"
            case PhaseOutStarted():
                yield (
                    f"  渐退期 / Phase-out: {event.first_month} – {event.last_month}，"
                    f"每月 / a month {yuan(event.amount_fen)}"
                )
            case BenefitStopped():
                yield f"  {said('reason', event.reason)}；发至 / paid to: {event.last_month}"
        yield from self._rules(event.parameters)

    def _rules(self, parameters: tuple[ParameterUsed, ...]) -> Iterator[str]:
        yield "  依据 / Rules"
        for parameter in parameters:
            yield f"    {self._rule(parameter)}"

    def _rule(self, used: ParameterUsed) -> str:
        account = self._account
        try:
            definition = self._policy.definition(used.name)
        except UnknownParameter:
            return f"{used.name}: {used.value}"
        shown = _figure(definition.kind, used.value)
        head = f"{definition.zh} / {definition.en}: {shown}"
        if account is None or self._opened_on is None:
            return head
        try:
            found = self._policy.value(
                used.name, account.division, account.programme, self._opened_on
            )
        except MissingValue:
            return f"{head}（参数已变更 / no longer so）"
        if found.whole_figure() != used.value:
            return f"{head}（参数已变更 / no longer so）"
        note = f"；{found.note}" if found.note else ""
        return f"{head}（{found.source}{note}）"

    def _division(self, code: str) -> str:
        try:
            return f"{self._regions.division(code, self._opened_on or date.max).name} {code}"
        except UnknownDivision:
            return code


def _figure(kind: str, value: int) -> str:
    match kind:
        case "fen":
            return yuan(value)
        case "ratio":
            return f"{value / 10_000:g}"
        case "flag":
            return "是 / yes" if value else "否 / no"
        case _:
            return str(value)


def _step(event: Any) -> Iterator[str]:
    """What a step without figures says."""
    match event:
        case PublicityPosted():
            yield f"  {said('round', event.round)}: {event.from_on} – {event.until_on}"
        case TownshipApproved():
            provisional = "（暂定 / provisional）" if event.decision_due.provisional else ""
            yield f"  决定期限 / Decision due: {event.decision_due.on}{provisional}"
        case CaseConfirmed():
            yield (
                f"  自 {event.pay_from} 起每月发放 / paid a month from then on: "
                f"{yuan(event.amount_fen)}，{len(event.members)} 人 / persons"
            )
        case CaseRefused():
            yield f"  {said('reason', event.reason)}"
            yield f"  书面告知期限 / Written notice due: {event.notice_due.on}"
        case HouseholdRecognised():
            yield f"  {said('assistance', event.status)}"
        case PotentialRecipientListed():
            yield "  " + "；".join(said("hardship", ground) for ground in event.hardship)
        case ManualReviewOpened():
            figures_of = (event.standard_fen, event.persons, event.counted_income_fen)
            yield f"  {figures.comparison(*figures_of)}"
        case CaseEnded():
            yield f"  {said('reason', event.reason)}"
