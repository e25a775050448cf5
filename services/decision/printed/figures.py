"""The sums of a determination, line by line, as somebody with a pencil would write them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from uuid import UUID

from services.decision.printed.words import said, yuan
from services.decision.rules.entitlement import MONTHS_A_YEAR
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
    ChangeReported,
    PhaseOutStarted,
    PropertyHeld,
)
from shared.contracts.children import ChildCircumstances
from shared.contracts.circumstances import DisabilityCircumstances
from shared.contracts.decision import BenefitProposed, DeterminationOpened
from shared.contracts.fields import DeductionLine, IncomeLine, Member, ParameterUsed
from shared.contracts.reviews import ReviewConcluded
from shared.contracts.special_aid import SpecialAidReferred
from shared.contracts.standards import AmountRedetermined
from shared.contracts.waivers import FamilyWaiver

Redetermined = AmountChanged | PhaseOutStarted | BenefitStopped


def members(household: Iterable[Member]) -> dict[UUID, str]:
    """What each member is called: no names are in the record, so by relation, numbered."""
    named: dict[UUID, str] = {}
    seen: dict[str, int] = {}
    people = tuple(household)
    several = {
        relation
        for relation in (member.relation for member in people)
        if sum(other.relation is relation for other in people) > 1
    }
    for member in people:
        seen[member.relation] = seen.get(member.relation, 0) + 1
        number = f" {seen[member.relation]}" if member.relation in several else ""
        named[member.person_id] = said("relation", member.relation) + number
    return named


def name_joined(who: dict[UUID, str], joined: Iterable[Member]) -> None:
    """What members are called who joined after the determination was opened."""
    for member in joined:
        name = said("relation", member.relation)
        alike = sum(known.startswith(name) for known in who.values())
        number = f" {alike + 1}" if alike else ""
        who.setdefault(member.person_id, f"{name}{number}（后加入 / joined later）")


def called(who: Mapping[UUID, str], person_id: UUID) -> str:
    """What a person is called; who left before they were named, by what they are at least."""
    return who.get(person_id, "家庭成员 / a member")


def account_lines(
    account: DeterminationOpened | ChangeReported, who: Mapping[UUID, str]
) -> Iterator[str]:
    """Income and deductions line by line, and what counts."""
    yield "  收入 / Income"
    yield from (f"    {_income(line, who)}" for line in account.income)
    income_fen = sum(line.amount_fen for line in account.income)
    yield f"    合计 / together: {yuan(income_fen)}"
    if account.excluded:
        yield "  不计入的收入 / Income that does not count"
        yield from (f"    {_income(one.line, who)}" for one in account.excluded)
    if account.basic_pension is not None:
        treatment = said("treatment", account.basic_pension.treatment)
        yield f"  基础养老金，由经办人定 / basic pension, as was decided: {treatment}"
    yield "  扣减 / Deductions"
    yield from (f"    {_deduction(line)}" for line in account.deductions)
    deducted_fen = sum(line.amount_fen for line in account.deductions)
    yield f"    合计 / together: {yuan(deducted_fen)}"
    counted = yuan(account.counted_income_fen)
    yield f"  计入收入 / Counted: {yuan(income_fen)} − {yuan(deducted_fen)} = {counted}"
    if income_fen < deducted_fen:
        yield "    扣减多于收入的，按零计 / deductions above the income leave nothing"


def child_lines(child: ChildCircumstances) -> Iterator[str]:
    """Either parent's situation with its evidence, where the child lives, what is paid beside."""
    for parent in child.parents:
        told = said("situation", parent.situation)
        if parent.disability is not None:
            kind = said("disability", parent.disability.kind)
            told += f"，{kind}，{parent.disability.grade} 级 / grade"
        if parent.months is not None:
            told += f"，{parent.months} 个月 / months"
        if parent.evidence is not None:
            told += f"（{said('evidence', parent.evidence)}）"
        yield f"  {said('parent', parent.parent)}: {told}"
    yield f"  {said('placement', child.placement)}"
    for one in child.paid_beside:
        yield f"  已领 / paid beside: {said('beside', one.benefit)} {yuan(one.amount_fen)}"


def top_up_line(standard_fen: int, beside_fen: int) -> str:
    """The standard less what is paid beside it, never below nothing."""
    due_fen = max(0, standard_fen - beside_fen)
    sum_ = f"{yuan(standard_fen)} − {yuan(beside_fen)}"
    return f"  标准减已领 / Standard less what is paid beside: {sum_} → {yuan(due_fen)}"


def disability_lines(account: DeterminationOpened, found: DisabilityCircumstances) -> Iterator[str]:
    """What was found of a person's disability, and the day that their subsidy counts from."""
    if account.applied_on is not None:
        yield f"  申请日期 / Applied on: {account.applied_on}"
    if found.disability is None:
        yield f"  {said('reason', 'no_disability_certificate')}"
    else:
        grade = f"{found.disability.grade} 级 / grade {found.disability.grade}"
        yield f"  残疾 / Disability: {said('disability', found.disability.kind)}，{grade}"
    yield f"  需要照护 / Care needed: {found.care_months} 个月 / months"
    if found.work_injury_care:
        yield f"  {said('reason', 'work_injury_care')}"


def exempt_lines(account: DeterminationOpened, who: Mapping[UUID, str]) -> Iterator[str]:
    """Houses and vehicles that do not count, beside those that do."""
    if not account.exempt_property:
        return
    houses, vehicles = account.houses, account.vehicles
    yield f"  计入财产 / Counted: 住房 / houses {houses}；车辆 / vehicles {vehicles}"
    yield "  豁免的必需财产 / Exempt as necessities"
    for one in account.exempt_property:
        found = one.necessity
        yield f"    {called(who, found.person_id)}，{said('property_item', found.item)}"


def waiver_lines(waiver: FamilyWaiver, who: Mapping[UUID, str]) -> Iterator[str]:
    """Whose family was not checked, on what ground, and until when that holds."""
    yield (
        f"  免予家庭经济状况核对 / The family's check is waived: {waiver.decided_on}；"
        f"至 / until {waiver.until_on}"
    )
    for person in waiver.persons:
        yield f"    {called(who, person.person_id)}，{said('ground', person.ground)}"


def family_lines(event: ReviewConcluded) -> Iterator[str]:
    """What a review found of a family whose check had been waived, and what that comes to."""
    found = event.family
    if found is None:
        return
    yield (
        f"  家庭计入收入 / the household's counted income: {yuan(found.counted_income_fen)}；"
        f"金融资产 / deposits: {yuan(found.deposits_fen)}；"
        f"住房 / houses: {found.houses}；机动车辆 / vehicles: {found.vehicles}"
    )
    entitled = "符合 / is" if event.household_entitled else "不符合 / is not"
    yield f"  整户{entitled} entitled as a whole household"


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


def property_held(held: PropertyHeld) -> str:
    """What a household says that it has now."""
    return (
        f"财产 / Property: 金融资产 / deposits {yuan(held.deposits_fen)}；"
        f"住房 / houses {held.houses}；机动车辆 / vehicles {held.vehicles}"
    )


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


def comparison(standard_fen: int, persons: int, counted_fen: int) -> str:
    """Counted income beside the standard of so many persons."""
    total_fen = standard_fen * persons
    sign = _sign(counted_fen, total_fen)
    return f"{yuan(counted_fen)} {sign} {yuan(standard_fen)} × {persons} = {yuan(total_fen)}"


def condition_lines(tests: Iterable[ConditionResult]) -> Iterator[str]:
    """What each of the three tests of the whole household came to."""
    for one in tests:
        yield f"  {said('condition', one.condition)}: {said('tested', one.outcome)}"


def outcome_lines(drawn_up: AssessmentDrawnUp) -> Iterator[str]:
    """What the account comes to for each kind of assistance, with its reason."""
    yield from (f"  {_outcome(one)}" for one in drawn_up.outcomes)


def amount_lines(proposal: BenefitProposed, who: Mapping[UUID, str]) -> Iterator[str]:
    """How the monthly amount comes about."""
    if proposal.single_persons is None:
        gap_fen = proposal.amount_fen - sum(t.amount_fen for t in proposal.topups or ())
        yield _basic(proposal, gap_fen)
    yield from _alone(proposal, who)
    yield from _topups(proposal.topups or (), who)
    yield f"  每月 / A month: {yuan(proposal.amount_fen)} 元 / yuan"


def due_lines(event: AmountChanged | AmountRedetermined, who: Mapping[UUID, str]) -> Iterator[str]:
    """How a later amount comes about: gap or tier, what is added to it, what is withheld of it."""
    added_fen = sum(topup.amount_fen for topup in event.topups or ())
    withheld_fen = event.withheld_fen or 0
    if isinstance(event, AmountChanged) and event.single_persons:
        yield from _alone(event, who)
    else:
        yield _basic(event, event.amount_fen + withheld_fen - added_fen)
    yield from _topups(event.topups or (), who)
    if isinstance(event, AmountChanged):
        for share in event.withheld or ():
            part = Fraction(share.numerator, share.denominator)
            yield (
                f"  {called(who, share.person_id)}，{said('work', share.kind)}: "
                f"扣减本人份额的 / of the own share are withheld: {part}"
            )
    if withheld_fen:
        yield f"  扣减合计 / Withheld together: − {yuan(withheld_fen)}"


def _alone(event: BenefitProposed | AmountChanged, who: Mapping[UUID, str]) -> Iterator[str]:
    """What each gets who enters alone, or goes on alone."""
    standard = yuan(event.standard_fen)
    for person in event.single_persons or ():
        if person.tier is not None:
            sum_ = _tier(person.tier, 1)
        elif person.amount_fen == event.standard_fen:
            sum_ = f"{standard}（全额 / in full）"
        else:
            sum_ = f"{standard} − {yuan(person.own_income_fen)} = {yuan(person.amount_fen)}"
        yield f"  {called(who, person.person_id)}，{said('ground', person.ground)}: {sum_}"


def _basic(event: BenefitProposed | AmountChanged | AmountRedetermined, basic_fen: int) -> str:
    """What is due before top-ups and what is withheld: by the tier, the gap, or as it is stated."""
    if event.tier is not None and event.tier.per_person_fen * event.persons == basic_fen:
        return f"  分档 / Tier: {_tier(event.tier, event.persons)}"
    if event.standard_fen * event.persons - event.counted_income_fen == basic_fen:
        total = f"{yuan(event.standard_fen)} × {event.persons}"
        return f"  差额 / Gap: {total} − {yuan(event.counted_income_fen)} = {yuan(basic_fen)}"
    return f"  基本额 / Basic amount: {yuan(basic_fen)}"


def _tier(tier: BenefitTier, persons: int) -> str:
    each, total = yuan(tier.per_person_fen), yuan(tier.per_person_fen * persons)
    return f"{said('benefit_tier', tier.tier)}，{each} × {persons} = {total}"


def expense_lines(expenses: ExpenseAid, persons: int, counted_fen: int) -> Iterator[str]:
    """How aid for expenses comes about: income beside the local average, and the cap."""
    yield f"  刚性支出 / Rigid spending: {yuan(expenses.spending_fen)}（每月 / a month）"
    if expenses.recognised_as is not None:
        recognised = said("recognised", expenses.recognised_as)
        yield f"  已认定，只核实支出 / Recognised, only spending looked at: {recognised}"
    if expenses.local_income_yearly_fen is not None:
        beside = comparison(expenses.local_income_yearly_fen, persons, counted_fen * MONTHS_A_YEAR)
        yield f"  年可支配收入与当地平均 / Yearly income and local average: {beside}"
    yield (
        f"  申请 / Asked for: {yuan(expenses.requested_fen)}；"
        f"上限 / at most: {yuan(expenses.cap_fen)}"
    )


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


def _income(line: IncomeLine, who: Mapping[UUID, str]) -> str:
    kind = said("income", line.kind)
    if line.item is not None:
        kind += f"，{said('item', line.item)}"
    source = said("source", line.source)
    return f"{called(who, line.person_id)}，{kind}（{source}）: {yuan(line.amount_fen)}"


def _deduction(line: DeductionLine) -> str:
    return f"{said('deduction', line.kind)}: {yuan(line.amount_fen)}"


def _outcome(one: Assessed) -> str:
    assistance, outcome = said("assistance", one.assistance), said("outcome", one.outcome)
    return f"{assistance}: {outcome}（{said('reason', one.reason)}）"
