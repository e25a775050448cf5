"""The sums of a determination, line by line, as somebody with a pencil would write them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from uuid import UUID

from services.decision.printed.aid import in_kind_lines
from services.decision.printed.household import called
from services.decision.printed.sources import Sources
from services.decision.printed.words import said, yuan
from services.decision.rules.entitlement import MONTHS_A_YEAR
from shared.calendar import Month
from shared.contracts.aid import ExpenseAid
from shared.contracts.assessments import (
    Assessed,
    AssessmentDrawnUp,
    BenefitTier,
    ConditionResult,
    RigidExpenditure,
    TopUp,
)
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    PhaseOutStarted,
    PropertyHeld,
)
from shared.contracts.decision import BenefitProposed, DeterminationOpened
from shared.contracts.fields import (
    ParameterUsed,
)
from shared.contracts.special_aid import SpecialAidReferred
from shared.contracts.standards import AmountRedetermined

Redetermined = AmountChanged | PhaseOutStarted | BenefitStopped


def top_up_line(standard_fen: int, beside_fen: int) -> str:
    """The standard less what is paid beside it, never below nothing."""
    due_fen = max(0, standard_fen - beside_fen)
    sum_ = f"{yuan(standard_fen)} − {yuan(beside_fen)}"
    return f"  标准减已领 / Standard less what is paid beside: {sum_} → {yuan(due_fen)}"


def property_lines(
    account: DeterminationOpened | PropertyHeld,
    persons: int,
    standard_fen: int,
    used: Mapping[str, int],
) -> Iterator[str]:
    """Property beside the place's limits, as far as the decision looked at them."""
    if (factor := used.get("property_deposits_limit_annual_standards")) is not None:
        times = Fraction(factor, 10_000)
        limit_fen = int(times * standard_fen * MONTHS_A_YEAR * persons)
        sum_ = f"{times} × {MONTHS_A_YEAR} × {yuan(standard_fen)} × {persons} = {yuan(limit_fen)}"
        sign = "≤" if account.deposits_fen <= limit_fen else ">"
        yield f"  金融资产 / Deposits: {yuan(account.deposits_fen)} {sign} {sum_}"
    for name, zh, en, count in (
        ("property_houses_limit", "住房", "Houses", account.houses),
        ("property_vehicles_limit", "机动车辆", "Vehicles", account.vehicles),
    ):
        if (limit := used.get(name)) is not None:
            yield f"  {zh} / {en}: {count} {'≤' if count <= limit else '>'} {limit}"


def rigid_lines(rigid: RigidExpenditure, persons: int, used: Mapping[str, int]) -> Iterator[str]:
    """Income beside last year's disposable income, and rigid spending beside its share of it, as
    far as the decision looked at them.
    """
    limit_fen = used.get("disposable_income_previous_year_fen")
    share_told = used.get("rigid_spending_income_share")
    if limit_fen is None or share_told is None:
        return
    yearly_fen = rigid.income_fen * MONTHS_A_YEAR
    yield (
        f"  全年收入与人均可支配收入 / Year's income and disposable income: "
        f"{yuan(rigid.income_fen)} × {MONTHS_A_YEAR} = {yuan(yearly_fen)} "
        f"{_sign(yearly_fen, limit_fen * persons)} "
        f"{yuan(limit_fen)} × {persons} = {yuan(limit_fen * persons)}"
    )
    if rigid.living_fen:
        living = yuan(rigid.living_fen)
        yield f"  刚性支出，其中生活支出 / Rigid spending, of it living: {living}"
    share = Fraction(share_told, 10_000)
    bound = share * rigid.income_fen
    # Shown rounded down: what is above the bound is above what is shown.
    shown = yuan(int(bound))
    yield (
        f"  刚性支出与收入 / Rigid spending and income: {yuan(rigid.spending_fen)} "
        f"{_sign(rigid.spending_fen, bound)} {float(share):g} × {yuan(rigid.income_fen)} = {shown}"
    )


def _sign(left: Fraction | int, right: Fraction | int) -> str:
    return "<" if left < right else "=" if left == right else ">"


def arrears_lines(event: AmountRedetermined, on: date) -> Iterator[str]:
    """What months that had begun when it was recorded are due more or less, by the standard."""
    month, last = event.from_month, event.last_month or Month.of(on)
    if month > last:
        return
    count = 1
    while month < last:
        month, count = month.next(), count + 1
    each_fen = event.amount_fen - event.amount_before_fen
    yield (
        f"  已开始的月份 / Months that had begun: {event.from_month} – {last}，"
        f"{count} × {_signed(each_fen)} = {_signed(count * each_fen)}"
    )


def _signed(fen: int) -> str:
    return f"−{yuan(-fen)}" if fen < 0 else yuan(fen)


def comparison(standard_fen: int, persons: int, counted_fen: int) -> str:
    """Counted income beside the standard of so many persons."""
    total_fen = standard_fen * persons
    sign = _sign(counted_fen, total_fen)
    return f"{yuan(counted_fen)} {sign} {yuan(standard_fen)} × {persons} = {yuan(total_fen)}"


def condition_lines(tests: Iterable[ConditionResult]) -> Iterator[str]:
    """What each of the three tests of the whole household came to."""
    for one in tests:
        yield f"  {said('condition', one.condition)}: {said('tested', one.outcome)}"


def assessed_lines(
    drawn_up: AssessmentDrawnUp, account: DeterminationOpened | None
) -> Iterator[str]:
    """Income, property and rigid spending beside their limits, and what they come to."""
    figures_of = (drawn_up.standard_fen, drawn_up.persons, drawn_up.counted_income_fen)
    yield f"  收入与标准 / Income and standard: {comparison(*figures_of)}"
    if account is not None:
        used = used_figures(drawn_up.parameters)
        yield from property_lines(account, drawn_up.persons, drawn_up.standard_fen, used)
        if drawn_up.rigid is not None:
            yield from rigid_lines(drawn_up.rigid, drawn_up.persons, used)
    yield from condition_lines(drawn_up.tests or ())
    yield from outcome_lines(drawn_up)


def outcome_lines(drawn_up: AssessmentDrawnUp) -> Iterator[str]:
    """What the account comes to for each kind of assistance, with its reason."""
    yield from (f"  {_outcome(one)}" for one in drawn_up.outcomes)


def amount_lines(
    proposal: BenefitProposed, who: Mapping[UUID, str], sources: Sources
) -> Iterator[str]:
    """How the monthly amount comes about, and by which rule."""
    if proposal.single_persons is None:
        gap_fen = proposal.amount_fen - sum(t.amount_fen for t in proposal.topups or ())
        yield _basic(proposal, gap_fen, sources)
    yield from _alone(proposal, who, sources)
    yield from _topups(proposal.topups or (), who)
    yield f"  每月 / A month: {yuan(proposal.amount_fen)} 元 / yuan"


def due_lines(
    event: AmountChanged | AmountRedetermined, who: Mapping[UUID, str], sources: Sources
) -> Iterator[str]:
    """How a later amount comes about: gap or tier, what is added to it, what is withheld of it."""
    added_fen = sum(topup.amount_fen for topup in event.topups or ())
    withheld_fen = event.withheld_fen or 0
    if isinstance(event, AmountChanged) and event.single_persons:
        yield from _alone(event, who, sources)
    else:
        yield _basic(event, event.amount_fen + withheld_fen - added_fen, sources)
    yield from _topups(event.topups or (), who)
    if isinstance(event, AmountChanged):
        for share in event.withheld or ():
            part = Fraction(share.numerator, share.denominator)
            yield (
                f"  {called(who, share.person_id)}，{said('work', share.kind)}: "
                f"扣减本人份额的 / of the own share are withheld: {part}"
                f"{sources.rule(f'{share.kind}_refusals_consequence')}"
            )
    if withheld_fen:
        yield f"  扣减合计 / Withheld together: − {yuan(withheld_fen)}"


def _alone(
    event: BenefitProposed | AmountChanged, who: Mapping[UUID, str], sources: Sources
) -> Iterator[str]:
    """What each gets who enters alone, or goes on alone."""
    standard = yuan(event.standard_fen)
    for person in event.single_persons or ():
        rules = ["single_person_grounds", "benefit_method"]
        if person.tier is not None:
            sum_ = _tier(person.tier, 1)
        elif person.amount_fen == event.standard_fen:
            sum_ = f"{standard}（全额 / in full）"
            rules[1] = "single_person_full_standard_grounds"
        else:
            sum_ = f"{standard} − {yuan(person.own_income_fen)} = {yuan(person.amount_fen)}"
        by = sources.rule(*rules)
        yield f"  {called(who, person.person_id)}，{said('ground', person.ground)}: {sum_}{by}"


def _basic(
    event: BenefitProposed | AmountChanged | AmountRedetermined, basic_fen: int, sources: Sources
) -> str:
    """What is due before top-ups and what is withheld: by the tier, the gap, or as it is stated.

    Source: 民发〔2012〕220号, art. 27; 民发〔2021〕57号, art. 23.
    """
    by = sources.rule("benefit_method")
    if event.tier is not None and event.tier.per_person_fen * event.persons == basic_fen:
        return f"  分档 / Tier: {_tier(event.tier, event.persons)}{by}"
    if event.standard_fen * event.persons - event.counted_income_fen == basic_fen:
        total = f"{yuan(event.standard_fen)} × {event.persons}"
        return f"  差额 / Gap: {total} − {yuan(event.counted_income_fen)} = {yuan(basic_fen)}{by}"
    by = sources.rule("new_entrants_brought_to_poverty_line")
    return f"  基本额 / Basic amount: {yuan(basic_fen)}{by}"


def _tier(tier: BenefitTier, persons: int) -> str:
    each, total = yuan(tier.per_person_fen), yuan(tier.per_person_fen * persons)
    return f"{said('benefit_tier', tier.tier)}，{each} × {persons} = {total}"


def expense_lines(
    expenses: ExpenseAid, persons: int, counted_fen: int, recognised_by: str | None = None
) -> Iterator[str]:
    """How aid for expenses comes about: income beside the local average, and the cap.

    ``recognised_by`` is the county that recognised the household, by name.
    """
    yield f"  刚性支出 / Rigid spending: {yuan(expenses.spending_fen)}（每月 / a month）"
    if expenses.recognised_as is not None:
        recognised = said("recognised", expenses.recognised_as)
        by = f"，{recognised_by}" if recognised_by else ""
        yield f"  已认定，只核实支出 / Recognised, only spending looked at: {recognised}{by}"
    if expenses.local_income_yearly_fen is not None:
        beside = comparison(expenses.local_income_yearly_fen, persons, counted_fen * MONTHS_A_YEAR)
        yield f"  年可支配收入与当地平均 / Yearly income and local average: {beside}"
    yield (
        f"  申请 / Asked for: {yuan(expenses.requested_fen)}；"
        f"上限 / at most: {yuan(expenses.cap_fen)}"
    )
    if expenses.assessed_fen is not None:
        yield f"  评估所需救助金 / Assessed in money: {yuan(expenses.assessed_fen)}"
    yield from in_kind_lines(expenses.in_kind or ())


def special_aid_lines(event: SpecialAidReferred, who: Mapping[UUID, str]) -> Iterator[str]:
    """To what special aid a household is referred, and for whom."""
    for need in event.needs:
        whose = "家庭 / the household" if need.person_id is None else called(who, need.person_id)
        yield f"  {said('special_aid', need.aid)}: {whose}"


def used_figures(parameters: tuple[ParameterUsed, ...]) -> dict[str, int]:
    """The figures that a decision read, by name."""
    return {parameter.name: parameter.value for parameter in parameters}


def _topups(topups: Iterable[TopUp], who: Mapping[UUID, str]) -> Iterator[str]:
    for topup in topups:
        yield (
            f"  {called(who, topup.person_id)}，分类施保 / top-up, {said('topup', topup.kind)}: "
            f"+ {yuan(topup.amount_fen)}"
        )


def _outcome(one: Assessed) -> str:
    assistance, outcome = said("assistance", one.assistance), said("outcome", one.outcome)
    return f"{assistance}: {outcome}（{said('reason', one.reason)}）"
