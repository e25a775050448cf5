"""The rules of screening, pure: who belongs on a roster, and whose hands judge."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from services.intake.registry.rules import known_division
from shared.contracts.circumstances import Disability, DisabilityKind, LabourAbility
from shared.contracts.screening import (
    ROSTER_PAGE_ENTRIES,
    LabourLost,
    OtherHelp,
    RosterEntry,
    RosterKind,
)
from shared.kernel.decider import Refusal
from shared.policy import Parameters
from shared.regions import Jurisdiction, Level, Regions

SIGNED_SOURCE: Final = "大民联发(2020)2号 art. 3(2)"
SECOND_CHECK_SOURCE: Final = "大民联发(2020)2号 art. 2(1).3"
VISITED_SOURCE: Final = "大民联发(2020)2号 art. 2(1).2"

OF_THE_POVERTY_OFFICE: Final = frozenset(
    {
        RosterKind.UNLIFTED,
        RosterKind.NO_LABOUR_HOUSEHOLD,
        RosterKind.DISABLED_BY_MATCH,
        RosterKind.LIFTED_BELOW_DIBAO,
        RosterKind.RELAPSE_MONITORED,
        RosterKind.POVERTY_EDGE,
        RosterKind.SUPPORT_LIST,
        RosterKind.LABOUR_LOST,
    }
)
"""The rosters that the poverty office draws up, and is told the end of."""

_INTELLECTUAL_OR_MENTAL: Final = frozenset({DisabilityKind.INTELLECTUAL, DisabilityKind.MENTAL})


def require_county(regions: Regions, division: str, on: date) -> None:
    """A county screens its people. Raises for a division that is none on the day."""
    found = known_division(regions, division, on)
    if found.level is not Level.COUNTY:
        raise Refusal(
            "screening-is-of-a-county",
            facts={"level": found.level, "allowed": Level.COUNTY},
            status=422,
        )


def require_entries(
    regions: Regions, county: str, entries: Sequence[RosterEntry], on: date
) -> None:
    """Each person once, each with a township or village of the county that looks."""
    persons: set[UUID] = set()
    within = Jurisdiction(county, Level.COUNTY)
    townships: set[str] = set()
    for position, entry in enumerate(entries, start=1):
        if entry.person_id in persons:
            raise Refusal("roster-person-twice", facts={"position": position}, status=422)
        persons.add(entry.person_id)
        if entry.division in townships:
            continue
        level = known_division(regions, entry.division, on).level
        if level not in (Level.TOWNSHIP, Level.VILLAGE) or not within.covers(entry.division):
            raise Refusal(
                "roster-division-elsewhere",
                facts={"position": position, "level": level, "county": county},
                status=422,
            )
        townships.add(entry.division)


def require_matched_disabilities(
    parameters: Parameters, kind: RosterKind, entries: Iterable[RosterEntry]
) -> None:
    """The match of three departments lists those whose certificate is severe enough.

    Grades up to the one that counts for any kind of disability, and up to a further one where it
    is intellectual or mental (三部门信息比对). Other rosters state no disability.
    """
    for position, entry in enumerate(entries, start=1):
        if kind is not RosterKind.DISABLED_BY_MATCH:
            if entry.disability is not None:
                raise Refusal(
                    "roster-states-no-disability", facts={"position": position}, status=422
                )
            continue
        most = _least_severe_grade(parameters, entry.disability)
        if entry.disability is None or entry.disability.grade > most:
            raise Refusal(
                "roster-disability-not-matched",
                facts={"position": position, "allowed_grade": most},
                source=parameters.value("match_grade_any_disability").source,
                status=422,
            )


def _least_severe_grade(parameters: Parameters, disability: Disability | None) -> int:
    if disability is not None and disability.kind in _INTELLECTUAL_OR_MENTAL:
        return parameters.whole("match_grade_intellectual_or_mental")
    return parameters.whole("match_grade_any_disability")


def require_labour_lost(
    parameters: Parameters, kind: RosterKind, entries: Iterable[RosterEntry]
) -> None:
    """The roster of people without ability to work lists the whole group, and nobody else.

    Those who lost it wholly, and those who lost it in part and have no steady income from industry
    or employment, of households that the place and the day name by their standing. Other rosters
    state nothing of it. Source: 大民联发(2020)2号, 2(3) (… 无法通过产业就业帮扶脱贫的 … 全部纳入);
    巩固拓展脱贫攻坚兜底保障成果指导意见, 2(1).
    """
    if kind is not RosterKind.LABOUR_LOST:
        stated = [n for n, entry in enumerate(entries, start=1) if entry.labour is not None]
        if stated:
            raise Refusal("roster-states-no-labour", facts={"position": stated[0]}, status=422)
        return
    households = parameters.codes("screening_labour_lost_households")
    source = parameters.value("screening_labour_lost_households").source
    if not households:
        raise Refusal("roster-not-provided-for", facts={"kind": kind}, source=source)
    for position, entry in enumerate(entries, start=1):
        labour = entry.labour
        if labour is None or labour.poverty not in households or not _is_lost(labour):
            raise Refusal(
                "roster-labour-not-lost",
                facts={"position": position, "households": ", ".join(households)},
                source=source,
                status=422,
            )


def require_not_of_the_group(tags: Iterable[RosterKind]) -> None:
    """Nobody who lost the ability to work is sent elsewhere instead of being looked into.

    Of that group all who qualify enter (全部纳入): who does not is excluded for a coded reason, or
    does not want to apply. Source: 大民联发(2020)2号, 2(3);
    巩固拓展脱贫攻坚兜底保障成果指导意见, 2(1).
    """
    if RosterKind.LABOUR_LOST in tags:
        raise Refusal("screening-of-the-whole-group", source="大民联发(2020)2号 art. 2(3)")


def _is_lost(labour: LabourLost) -> bool:
    match labour.ability:
        case LabourAbility.NONE:
            return True
        case LabourAbility.PARTIAL:
            return not labour.steady_income
        case LabourAbility.FULL:
            return False


def require_signed(signed_on: date, today: date) -> None:
    """A roster is signed before it is handed over, never a bare file (签章负责)."""
    if signed_on > today:
        raise Refusal(
            "roster-signed-later",
            facts={"signed_on": signed_on.isoformat(), "latest": today.isoformat()},
            source=SIGNED_SOURCE,
            status=422,
        )


def pages_of(entries: Sequence[RosterEntry]) -> list[tuple[RosterEntry, ...]]:
    """The entries in pages of at most ``ROSTER_PAGE_ENTRIES``."""
    starts = range(0, len(entries), ROSTER_PAGE_ENTRIES)
    return [tuple(entries[start : start + ROSTER_PAGE_ENTRIES]) for start in starts]


def require_visited(surveyors: Collection[UUID]) -> None:
    """Nobody is judged unseen: household by household, person by person (逐人逐户排查)."""
    if not surveyors:
        raise Refusal("screening-not-visited", source=VISITED_SOURCE)


def require_second_hands(checker: UUID, *before: UUID) -> None:
    """The strict second check (严格复核) is made by who neither visited nor proposed."""
    if checker in before:
        raise Refusal("second-check-same-hands", source=SECOND_CHECK_SOURCE, status=403)


def told_of_exclusion(tags: Iterable[RosterKind]) -> OtherHelp | None:
    """Who is told that somebody was excluded: the poverty office, of those whom it listed.

    It organises other help for them (大民联发(2020)2号, 2(1).3 and 2(1).4).
    """
    listed = OF_THE_POVERTY_OFFICE.intersection(tags)
    return OtherHelp.POVERTY_OFFICE if listed else None
