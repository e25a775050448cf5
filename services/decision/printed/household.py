"""Who a household is and what was found of it, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from services.decision.printed.sources import Sources
from services.decision.printed.words import said, yuan
from shared.contracts.changes import ChangeReported, PropertyHeld
from shared.contracts.children import ChildCircumstances
from shared.contracts.circumstances import DisabilityCircumstances, LeftOutReason
from shared.contracts.decision import DeterminationOpened
from shared.contracts.fields import Member
from shared.contracts.reviews import ReviewConcluded
from shared.contracts.waivers import FamilyWaiver


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


def survey_lines(account: DeterminationOpened, surveyed_by: str) -> Iterator[str]:
    """Where the household is registered, who visited it, what the democratic review came to."""
    circumstances = account.circumstances
    registered = "未载明 / not stated"
    if circumstances is not None and circumstances.registration is not None:
        registered = said("registration", circumstances.registration)
    yield f"  户籍 / Registration: {registered}"
    if surveyed_by:
        yield f"  入户调查 / Surveyed by: {surveyed_by}"
    agreed = {True: "agreed", False: "not_agreed", None: "not_held"}[account.review_agreed]
    yield f"  民主评议 / Democratic review: {said('review_agreed', agreed)}"


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


def left_out_lines(account: DeterminationOpened, sources: Sources) -> Iterator[str]:
    """Who applied with the household and does not count into it, why, and by which article."""
    if not account.left_out:
        return
    yield "  不计入共同生活的家庭成员 / Not counted into the household"
    for one in account.left_out:
        apart = one.reason is LeftOutReason.NOT_LIVING_TOGETHER
        name = "household_members" if apart else "household_excluded"
        found = sources.value(name)
        article = "" if found is None else f"（{sources.cited(found)}）"
        yield f"    {said('relation', one.relation)}: {said('left_out', one.reason)}{article}"


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
    """What a review found of a family whose check had been waived, and what that comes to.

    Of a recognised household what it has; what that comes to is the review's outcome.
    """
    found = event.family
    if found is None:
        return
    yield (
        f"  家庭计入收入 / the household's counted income: {yuan(found.counted_income_fen)}；"
        f"金融资产 / deposits: {yuan(found.deposits_fen)}；"
        f"住房 / houses: {found.houses}；机动车辆 / vehicles: {found.vehicles}"
    )
    if event.household_entitled is None:
        return
    entitled = "符合 / is" if event.household_entitled else "不符合 / is not"
    yield f"  整户{entitled} entitled as a whole household"


def property_held(held: PropertyHeld) -> str:
    """What a household says that it has now."""
    return (
        f"财产 / Property: 金融资产 / deposits {yuan(held.deposits_fen)}；"
        f"住房 / houses {held.houses}；机动车辆 / vehicles {held.vehicles}"
    )


def is_of_child(account: DeterminationOpened | None) -> bool:
    """Whether the case is of a child's allowance."""
    return account is not None and account.child is not None


def is_of_one_person(account: DeterminationOpened | None) -> bool:
    """Whether the case is of a programme of one person."""
    return account is not None and account.programme.is_of_one_person


def tests_means(account: DeterminationOpened | None) -> bool:
    """Whether income and property are looked into."""
    return account is None or account.programme.tests_means


def is_as_it_was(before: DeterminationOpened | ChangeReported, now: ChangeReported) -> bool:
    """Whether a report tells the same of a household as before, whatever the rules count of it."""
    if any(one is not None for one in (now.members, now.household, now.property, now.child)):
        return False
    return _stated(before) == _stated(now) and before.deductions == now.deductions


def _stated(account: DeterminationOpened | ChangeReported) -> list[str]:
    left_out = (one.line for one in account.excluded or ())
    return sorted(line.model_dump_json() for line in (*account.income, *left_out))
