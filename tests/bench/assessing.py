"""Assessing: households through the pure rules, and every live case after a change of standard."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import date
from random import Random
from statistics import median
from typing import Final
from uuid import UUID

from infra.garbage import freeze
from services.decision.decisions import Propose, propose
from services.decision.model import DETERMINATION
from services.verification import rules
from services.verification.decisions import RecordAnswer
from services.verification.gateways import read_reply, recorded
from services.verification.gateways.replies import INCOME_STATED_BY
from shared.clock import instant_of
from shared.contracts.decision import BenefitProposed, DeterminationOpened
from shared.contracts.departments import Department, DepartmentAnswered
from shared.contracts.fields import (
    DeductionKind,
    DeductionLine,
    IncomeKind,
    IncomeLine,
    LineSource,
    Member,
    NoteRef,
    Programme,
    Relation,
)
from shared.kernel.decider import Fact, Moment
from shared.kernel.event import Event
from shared.policy import Policy
from tests.bench.caseload import CASES, live
from tests.bench.domain import ACTOR, PAD
from tests.bench.ground import POLICY, Ground
from tests.bench.table import Report, profiled

HOUSEHOLDS: Final = 4_000
ROUNDS: Final = 5
DEPARTMENTS: Final = tuple(Department)[:6]
TARGET: Final = 5_000
LUNCH_S: Final = 3_600
PROVINCE: Final = 1_000_000
"""Cases in benefit of a large province, to be assessed over lunch."""

ACCEPTED_ON: Final = date(2020, 4, 1)
DIVISION: Final = "350924100000"
RELATIONS: Final = (Relation.APPLICANT, Relation.SPOUSE, Relation.CHILD, Relation.PARENT)
NOTE: Final = NoteRef(note_id=ACTOR, digest=PAD)


@dataclass(frozen=True, slots=True)
class Household:
    """Four persons, what they declared, and departments' answers as they came over the wire."""

    members: tuple[Member, ...]
    declared: tuple[IncomeLine, ...]
    deductions: tuple[DeductionLine, ...]
    answers: tuple[tuple[Department, bytes], ...]


def measure(report: Report, ground: Ground) -> None:
    """Assessments a second of one core, and 100,000 live cases under another standard."""
    _assessments(report)
    _redetermination(report, ground)


def household(random: Random) -> Household:
    """A household like no other: its own people, wages, deposits."""
    ids = [UUID(int=random.getrandbits(128), version=4) for _ in RELATIONS]
    wages = [random.randrange(0, 1_500_00) if n < 2 else 0 for n in range(len(ids))]
    members = [
        Member(person_id=i, relation=relation) for i, relation in zip(ids, RELATIONS, strict=True)
    ]
    declared = [
        IncomeLine(person_id=i, kind=IncomeKind.WAGE, source=LineSource.DECLARED, amount_fen=wage)
        for i, wage in zip(ids, wages, strict=True)
        if wage
    ]
    illness = DeductionLine(kind=DeductionKind.ILLNESS, amount_fen=random.randrange(1, 400_00))
    answers = [
        (department, _body(random, ids, wages if department in INCOME_STATED_BY else None))
        for department in DEPARTMENTS
    ]
    return Household(tuple(members), tuple(declared), (illness,), tuple(answers))


def _body(random: Random, ids: list[UUID], wages: list[int] | None) -> bytes:
    persons = [
        {
            "reference": str(i),
            "income": [{"kind": "wage", "amount_fen": wage + random.randrange(100)}]
            if wages
            else [],
            "deposits_fen": random.randrange(2_000_00),
            "houses": 0,
            "vehicles": 0,
        }
        for i, wage in zip(ids, wages or [0] * len(ids), strict=True)
    ]
    return json.dumps({"persons": persons}).encode()


def assess(one: Household, at: Moment) -> Event:
    """From departments' bytes to the proposal with its arithmetic."""
    ids = [member.person_id for member in one.members]
    answers = [
        _answered(recorded(department, ids, [read_reply("application/json", body)]))
        for department, body in one.answers
    ]
    statement = rules.Statement(income=one.declared, deductions=one.deductions)
    regime = at.policy.at(DIVISION, Programme.DIBAO, ACCEPTED_ON)
    account = rules.account(regime, statement, answers)
    opened = DeterminationOpened(
        programme=Programme.DIBAO,
        division=DIVISION,
        applicant=ids[0],
        members=one.members,
        accepted_on=ACCEPTED_ON,
        surveyors=(ACTOR,),
        income=account.income.counted,
        deductions=account.deductions,
        counted_income_fen=account.counted_income_fen,
        deposits_fen=account.deposits_fen,
        houses=account.houses,
        vehicles=account.vehicles,
    )
    case = DETERMINATION.evolve(DETERMINATION.initial, opened)
    *_drawn_up, fact = propose(case, Propose(actor=ACTOR, explanation=NOTE), at)
    return fact.event if isinstance(fact, Fact) else fact


def _answered(command: RecordAnswer) -> DepartmentAnswered:
    return DepartmentAnswered(
        department=command.department,
        income=command.income,
        deposits_fen=command.deposits_fen,
        houses=command.houses,
        vehicles=command.vehicles,
    )


def _assessments(report: Report) -> None:
    random = Random(5)  # noqa: S311 - the same households in every run
    households = [household(random) for _ in range(HOUSEHOLDS)]
    at = Moment(instant_of(ACCEPTED_ON), ACCEPTED_ON, Policy.load((POLICY,)))
    freeze()  # or every full collection goes through all that waits to be assessed

    def assess_all() -> int:
        return sum(isinstance(assess(one, at), BenefitProposed) for one in households)

    rates = []
    for _ in range(ROUNDS):
        started = time.process_time()  # of this core: nothing here waits for anything
        entitled = assess_all()
        rates.append(HOUSEHOLDS / (time.process_time() - started))
        if not 0 < entitled < HOUSEHOLDS:
            raise RuntimeError("the households are all alike")
    seen = median(rates)
    missed = report.add(
        f"households of four parsed and assessed, {len(DEPARTMENTS)} answers each, per core, /s",
        f"{seen:,.0f}",
        target=f"{TARGET:,}",
        reached=seen >= TARGET,
        figures={"rates": rates},
    )
    if missed:
        profiled("assessing", assess_all)
        report.tell_profile("assessing")


def _redetermination(report: Report, ground: Ground) -> None:
    lived = live(ground.database("caseload"))
    rate = CASES / lived.seconds
    missed = report.add(
        f"{CASES:,} live cases under another standard, each with its event recorded, s",
        f"{lived.seconds:.1f}, {lived.core_seconds:.1f} of one core ({rate:,.0f} cases/s); process "
        f"at most {lived.peak_mib:.0f} MiB, {lived.before_mib:.0f} of it before",
        ceiling=f"the same streams read, the same events inserted, raw {lived.raw_seconds:.1f}",
        ratio=f"{lived.raw_seconds / lived.seconds:.2f}",
        target=f"{PROVINCE:,} within an hour",
        reached=PROVINCE / rate <= LUNCH_S,
        figures={
            "seconds": [lived.seconds],
            "core_seconds": [lived.core_seconds],
            "raw": [lived.raw_seconds],
        },
    )
    if missed:
        live(ground.database("caseload"), profiling=True)
        report.tell_profile("redetermination")
