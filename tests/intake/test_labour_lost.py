"""Who lost the ability to work is looked into as a whole group, and left out with a reason only."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from services.intake.decisions.screening_tasks import (
    CheckExclusion,
    ProposeExclusion,
    Refer,
    check_exclusion,
    propose_exclusion,
    refer,
)
from services.intake.decisions.taking_up import take_up
from services.intake.model import SCREENING, SCREENING_TASK, task_id_of
from shared.contracts.circumstances import LabourAbility, PovertyStanding
from shared.contracts.screening import (
    ExclusionReason,
    LabourLost,
    OtherHelp,
    RosterEntry,
    RosterKind,
    ScreeningFindingsRecorded,
    ScreeningOpened,
    ScreeningTaskOpened,
)
from shared.kernel.spec import Decided, spec
from shared.policy import Policy
from tests.intake.screening import (
    JINBI,
    OPENED,
    OTHER,
    PERSON,
    ROSTER,
    TODAY,
    import_roster,
    on_roster,
    person,
    roster,
)
from tests.notices import notice
from tests.verification.household import DAYAO, FIRST, SECOND, THIRD, note

NONE, PARTIAL, FULL = LabourAbility.NONE, LabourAbility.PARTIAL, LabourAbility.FULL
UNLIFTED, LIFTED = PovertyStanding.UNLIFTED, PovertyStanding.LIFTED
NOT_REGISTERED = PovertyStanding.NOT_REGISTERED
NATIONAL_COUNTY, NATIONAL_TOWN = "350924000000", "350924100000"
GUIDANCE = date(2021, 5, 10)


def labour(
    ability: LabourAbility, *, steady: bool = False, poverty: PovertyStanding = UNLIFTED
) -> LabourLost:
    return LabourLost(poverty=poverty, ability=ability, steady_income=steady)


def importing(
    *of: LabourLost | None,
    on: date = TODAY,
    town: str = JINBI,
    kind: RosterKind = RosterKind.LABOUR_LOST,
    policy: Policy | None = None,
) -> Decided:
    people = (PERSON, OTHER)
    entries = tuple(
        RosterEntry(person_id=one, division=town, labour=stated)
        for one, stated in zip(people, of, strict=False)
    )
    county = OPENED.division if town == JINBI else NATIONAL_COUNTY
    opened = ScreeningOpened(division=county, year=on.year, expected=())
    command = roster(kind=kind, entries=entries, signed_on=on)
    return spec(SCREENING, on=on, policy=policy).given(opened).when(command, import_roster)


@pytest.mark.mechanism("S3-31")
class TestTheRosterInDayao:
    """完全丧失 … 和部分丧失劳动能力且无法通过产业就业帮扶脱贫的建档立卡贫困户（人口）全部纳入."""

    @pytest.mark.parametrize("poverty", [UNLIFTED, LIFTED])
    def test_lists_who_lost_it_wholly_or_in_part_without_steady_income(
        self, poverty: PovertyStanding
    ) -> None:
        listed = importing(labour(NONE, poverty=poverty), labour(PARTIAL, poverty=poverty))
        assert [e.labour.ability for e in listed.events[1].entries] == [NONE, PARTIAL]

    def test_lists_who_lost_it_wholly_whatever_comes_in(self) -> None:
        assert importing(labour(NONE, steady=True)).refusal is None

    @pytest.mark.parametrize(
        "stated",
        [
            labour(PARTIAL, steady=True),
            labour(FULL),
            labour(NONE, poverty=NOT_REGISTERED),
            None,
        ],
    )
    def test_lists_nobody_else(self, stated: LabourLost | None) -> None:
        decided = importing(labour(NONE), stated)
        decided.refuses("roster-labour-not-lost", position=2, households="unlifted, lifted")

    def test_is_there_since_the_plan(self) -> None:
        importing(labour(NONE), on=date(2020, 3, 1)).refuses("roster-not-provided-for")
        assert importing(labour(NONE), on=date(2020, 3, 2)).refusal is None

    def test_alone_states_it(self) -> None:
        decided = importing(labour(NONE), kind=RosterKind.NO_LABOUR_HOUSEHOLD)
        decided.refuses("roster-states-no-labour", position=1)


@pytest.mark.mechanism("S2-2")
class TestTheRosterOfTheNation:
    """脱贫人口中完全丧失劳动能力或部分丧失劳动能力且无法通过产业就业获得稳定收入的人口."""

    def test_is_of_lifted_people_since_the_guidance(self) -> None:
        lifted = labour(PARTIAL, poverty=LIFTED)
        assert importing(lifted, on=GUIDANCE, town=NATIONAL_TOWN).refusal is None
        before = importing(lifted, on=date(2021, 5, 9), town=NATIONAL_TOWN)
        before.refuses("roster-not-provided-for")

    @pytest.mark.parametrize(
        "stated", [labour(PARTIAL, steady=True, poverty=LIFTED), labour(NONE, poverty=UNLIFTED)]
    )
    def test_is_of_nobody_else(self, stated: LabourLost) -> None:
        decided = importing(stated, on=GUIDANCE, town=NATIONAL_TOWN)
        decided.refuses("roster-labour-not-lost", position=1, households="lifted")

    def test_goes_before_dayaos_own_plan_once_that_is_over(self) -> None:
        unlifted = labour(NONE, poverty=UNLIFTED)
        assert importing(unlifted, on=date(2021, 6, 30)).refusal is None
        importing(unlifted, on=date(2021, 7, 1)).refuses("roster-labour-not-lost")

    def test_is_where_a_place_has_it_of_whom_it_names(self, tmp_path: Path) -> None:
        said = notice(tmp_path, "35", "all", screening_labour_lost_households=["lifted"])
        policy = Policy.load((said,))
        lifted = labour(NONE, poverty=LIFTED)
        assert importing(lifted, on=TODAY, town=NATIONAL_TOWN, policy=policy).refusal is None
        importing(lifted, on=TODAY, town=NATIONAL_TOWN).refuses("roster-not-provided-for")


TASK = task_id_of(DAYAO, PERSON)
OF_TASK = {"task_id": TASK, "division": JINBI, "year": 2020}


@pytest.mark.mechanism("S2-2", "S3-31")
class TestEachOfThem:
    def test_is_looked_into(self) -> None:
        (opened,) = person().when(on_roster(kind=RosterKind.LABOUR_LOST), take_up).events
        assert isinstance(opened, ScreeningTaskOpened)
        assert opened.kind is RosterKind.LABOUR_LOST

    @pytest.mark.parametrize(
        ("kind", "ends"), [(RosterKind.LABOUR_LOST, False), (RosterKind.UNLIFTED, True)]
    )
    def test_is_not_sent_elsewhere_instead(self, kind: RosterKind, *, ends: bool) -> None:
        opened = ScreeningTaskOpened(
            **OF_TASK, person_id=PERSON, kind=kind, roster_id=ROSTER, after_skip=False
        )
        visited = ScreeningFindingsRecorded(
            **OF_TASK, surveyor=FIRST, visited_on=TODAY, findings=note("findings")
        )
        command = Refer(referred_to=OtherHelp.CHARITY, explanation=note("referral"))
        decided = spec(SCREENING_TASK, on=TODAY).given(opened, visited).when(command, refer)
        if ends:
            assert decided.refusal is None
        else:
            decided.refuses("screening-of-the-whole-group")

    @pytest.mark.parametrize(
        "reason", [ExclusionReason.STEADY_INCOME_FROM_WORK, ExclusionReason.ABLE_TO_WORK]
    )
    def test_is_left_out_with_a_coded_reason_only_and_told_the_poverty_office(
        self, reason: ExclusionReason
    ) -> None:
        opened = ScreeningTaskOpened(
            **OF_TASK,
            person_id=PERSON,
            kind=RosterKind.LABOUR_LOST,
            roster_id=ROSTER,
            after_skip=False,
        )
        visited = ScreeningFindingsRecorded(
            **OF_TASK, surveyor=FIRST, visited_on=TODAY, findings=note("findings")
        )
        propose = ProposeExclusion(actor=SECOND, reason=reason, grounds=note("grounds"))
        unseen = spec(SCREENING_TASK, on=TODAY).given(opened)
        unseen.when(propose, propose_exclusion).refuses("screening-not-visited")
        (proposed,) = unseen.given(visited).when(propose, propose_exclusion).events
        confirm = CheckExclusion(actor=THIRD, confirmed=True, findings=note("second check"))
        begun = unseen.given(visited, proposed)
        (excluded,) = begun.when(confirm, check_exclusion).events
        assert (excluded.reason, excluded.referred_to) == (reason, OtherHelp.POVERTY_OFFICE)
