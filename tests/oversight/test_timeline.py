"""A timeline's order and words, told from copies whose services' clocks disagree."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.demo import STANDARDS
from services.oversight.views.arithmetic import arithmetic_of
from services.oversight.views.timeline import Entry, Teller, Told, in_causal_order, told
from shared.calendar import Month
from shared.contracts.coming_of_age import ComingOfAgeScheduled
from shared.contracts.decision import BenefitProposed
from shared.contracts.fields import NoteRef, ParameterUsed, Programme
from shared.contracts.intake import MaterialsRequested
from shared.contracts.publicity import PublicityPosted, PublicityRound
from shared.contracts.recognition import HardshipGround, PotentialRecipientListed
from shared.kernel.copies import Copy
from shared.kernel.event import NO_DIGEST, Event, digest_of, encode, event_id
from shared.policy import Policy
from shared.regions import load_regions
from tests.decision.household import confirmed
from tests.decision.standards import standard_set
from tests.documents import document
from tests.intake.test_decisions import accepted

CASE = UUID("ca5e0000-0000-4000-8000-000000000000")
AOYANG = "350924100000"
DAY = date(2020, 4, 7)
POSTED = PublicityPosted(round=PublicityRound.FIRST, from_on=DAY, until_on=DAY)


def copied(
    position: int,
    stream: UUID,
    version: int,
    *,
    seconds: float = 0.0,
    cause: UUID | None = None,
    event: Event = POSTED,
    service: str = "decision",
) -> Told:
    """An event of the case as oversight copied it, recorded so many seconds into the day."""
    made: Any = document(
        event, case_id=CASE, on=DAY, version=version, stream=stream, causation_id=cause
    )
    recorded_at = datetime(2020, 4, 7, tzinfo=UTC) + timedelta(seconds=seconds)
    body = encode(made.model_copy(update={"recorded_at": recorded_at}))
    digest = digest_of(NO_DIGEST, body)
    return told(
        Copy(
            position,
            service,
            position,
            event_id(stream, version),
            CASE,
            stream,
            version,
            event.type,
            uuid4(),
            0,
            position,
            body,
            sha256(body).digest(),
            NO_DIGEST,
            digest,
            b"",
        )
    )


def numbers(events: list[Told]) -> list[int]:
    return [event.copy.position for event in events]


def test_an_event_comes_after_its_cause_though_a_clock_runs_behind() -> None:
    one, other = uuid4(), uuid4()
    cause = copied(1, one, 1, seconds=10)
    effect = copied(2, other, 1, seconds=3, cause=cause.copy.event_id)
    assert numbers(in_causal_order([effect, cause])) == [1, 2]


def test_a_stream_keeps_its_order_whatever_its_moments_say() -> None:
    stream = uuid4()
    first, second = copied(1, stream, 1, seconds=9), copied(2, stream, 2, seconds=1)
    assert numbers(in_causal_order([second, first])) == [1, 2]


def test_what_nothing_orders_comes_by_the_moment() -> None:
    early, late = copied(2, uuid4(), 1, seconds=1), copied(1, uuid4(), 1, seconds=2)
    assert numbers(in_causal_order([late, early])) == [2, 1]


def test_of_two_bodies_the_first_received_is_told() -> None:
    stream = uuid4()
    asked = MaterialsRequested(materials=())
    first, second = copied(1, stream, 1), copied(2, stream, 1, event=asked)
    assert numbers(in_causal_order([first, second])) == [1]


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.floats(0, 9, allow_nan=False), st.integers(-1, 30)),
        max_size=25,
    ),
    st.randoms(use_true_random=False),
)
def test_any_history_is_told_whole_and_in_an_order_that_its_causes_allow(
    steps: list[tuple[int, float, int]], random: Any
) -> None:
    streams = [UUID(int=n + 1) for n in range(4)]
    versions = dict.fromkeys(streams, 0)
    events: list[Told] = []
    for position, (which, seconds, cause) in enumerate(steps, start=1):
        stream = streams[which]
        versions[stream] += 1
        because = events[cause].copy.event_id if 0 <= cause < len(events) else None
        events.append(copied(position, stream, versions[stream], seconds=seconds, cause=because))
    shuffled = list(events)
    random.shuffle(shuffled)
    ordered = in_causal_order(shuffled)
    place = {event.copy.event_id: n for n, event in enumerate(ordered)}
    assert len(place) == len(events)
    for event in events:
        assert place.get(event.envelope.causation_id, -1) < place[event.copy.event_id]
    for stream in streams:
        of_stream = [e.copy.version for e in ordered if e.copy.stream == stream]
        assert of_stream == sorted(of_stream)
    assert [e.copy for e in in_causal_order(events)] == [e.copy for e in ordered]


@pytest.fixture(scope="module")
def teller() -> Teller:
    return Teller(Policy.load([STANDARDS]), load_regions())


class TestAnEntry:
    def entry(self, teller: Teller, event: Told) -> Entry:
        (entry,) = teller.tell([event], {})
        return entry

    def proposed(self, standard_fen: int) -> BenefitProposed:
        return BenefitProposed(
            proposer=uuid4(),
            persons=4,
            standard_fen=standard_fen,
            counted_income_fen=2_200_00,
            amount_fen=200_00,
            parameters=(ParameterUsed(name="standard_monthly_fen", value=standard_fen),),
            explanation=NoteRef(note_id=uuid4(), digest="0" * 64),
        )

    def test_names_the_place_the_capacity_and_the_event(self, teller: Teller) -> None:
        entry = self.entry(teller, copied(1, uuid4(), 1))
        assert (entry.zh, entry.en) == ("张榜公示", "publicity posted")
        assert (entry.role_zh, entry.region_name) == ("乡镇经办人员", "鳌阳镇")
        assert entry.office == "鳌阳镇人民政府"
        assert entry.because is None

    def test_is_called_as_the_measures_call_it_that_the_application_is_under(
        self, teller: Teller
    ) -> None:
        """民发〔2012〕220号 speaks of 审批, what came after it of 审核确认."""
        stream = uuid4()
        decided = copied(2, stream, 2, event=confirmed())
        entries = teller.tell([copied(1, stream, 1, event=accepted()), decided], {})
        assert [entry.zh for entry in entries] == ["受理", "审批同意"]
        assert self.entry(teller, decided).zh == "审核确认"

    @pytest.mark.parametrize("standard_fen", [599_00, 600_00])
    def test_a_parameter_that_is_no_longer_so_is_cited_without_a_source(
        self, teller: Teller, standard_fen: int
    ) -> None:
        """The programme is not known here: a figure nobody can look up is not made up."""
        entry = self.entry(teller, copied(1, uuid4(), 1, event=self.proposed(standard_fen)))
        assert [rule.source for rule in entry.rules] == [None]

    def test_a_standard_that_was_decided_is_cited_by_its_decision(self, teller: Teller) -> None:
        decided = ParameterUsed(name="standard_monthly_fen", value=599_00, standard_id=uuid4())
        event = self.proposed(599_00).model_copy(update={"parameters": (decided,)})
        (rule,) = self.entry(teller, copied(1, uuid4(), 1, event=event)).rules
        assert (rule.source, rule.standard_id) == (None, decided.standard_id)
        set_ = copied(9, uuid4(), 1, event=standard_set(standard_id=decided.standard_id))
        proposed = copied(1, uuid4(), 1, event=event)
        (entry,) = teller.tell([proposed], {}, {decided.standard_id: set_})
        source = entry.rules[0].source
        assert source is not None
        assert source.startswith("寿宁县 2020-04-07 公布，文件档号")
        assert str(set_.data["notice"]["note_id"]) in source

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            ("standard_monthly_fen", 600_00, "600.00 元/人·月 yuan"),
            ("hearing_before_reduction_or_stop", 0, "否 no"),
            ("work_refusals_reduction_share", 5_000, "0.5 "),
        ],
    )
    def test_a_figure_is_told_in_words(
        self, teller: Teller, name: str, value: int, said: str
    ) -> None:
        used = (ParameterUsed(name=name, value=value),)
        event = self.proposed(600_00).model_copy(update={"parameters": used})
        (rule,) = self.entry(teller, copied(1, uuid4(), 1, event=event)).rules
        assert rule.said.startswith(said)

    def test_a_parameter_is_looked_up_for_the_cases_own_programme(self, teller: Teller) -> None:
        """Also after an event that names another: whose support ends is kept in mind for dibao."""
        child: dict[str, Any] = {"programme": Programme.CHILD_ALLOWANCE, "division": AOYANG}
        scheduled = ComingOfAgeScheduled(
            **child,
            person_id=CASE,
            turns_eighteen=Month(2021, 3),
            last_month=Month(2021, 3),
            announced_on=DAY,
            parameters=(),
        )
        listed = PotentialRecipientListed(
            programme=Programme.DIBAO,
            division=AOYANG,
            applicant=CASE,
            members=(),
            hardship=(HardshipGround.CAME_OF_AGE,),
        )
        used = (ParameterUsed(name="child_restriction_minimum_months", value=6),)
        proposed = self.proposed(600_00).model_copy(update={"parameters": used})
        stream = uuid4()
        history = enumerate((scheduled, listed, proposed), start=1)
        entries = teller.tell([copied(n, stream, n, event=event) for n, event in history], {})
        (rule,) = entries[-1].rules
        assert rule.source is not None

    def test_a_cause_beside_the_case_is_named(self, teller: Teller) -> None:
        cause = copied(7, uuid4(), 1, service="payment")
        event = copied(1, uuid4(), 1, cause=cause.copy.event_id)
        (entry,) = teller.tell([event], {cause.copy.event_id: cause})
        assert entry.because is not None
        assert (entry.because.entry, entry.because.service) == (None, "payment")
        assert entry.because.log_position == 7


@pytest.mark.parametrize(
    ("kind", "data", "sum_"),
    [
        (
            "verification.check-completed.v1",
            {"income_fen": 2_900_00, "deducted_fen": 700_00, "counted_income_fen": 2_200_00},
            "2900.00 − 700.00 = 2200.00",
        ),
        (
            "decision.benefit-proposed.v1",
            {
                "standard_fen": 600_00,
                "persons": 4,
                "counted_income_fen": 2_200_00,
                "amount_fen": 200_00,
            },
            "600.00 × 4 − 2200.00 = 200.00",
        ),
        (
            "decision.amount-changed.v1",
            {
                "standard_fen": 375_00,
                "persons": 3,
                "counted_income_fen": 525_00,
                "amount_fen": 400_00,
                "withheld_fen": 200_00,
            },
            "375.00 × 3 − 525.00 = 600.00; 600.00 − 200.00 = 400.00",
        ),
        (
            "decision.amount-changed.v1",
            {
                "standard_fen": 600_00,
                "persons": 4,
                "counted_income_fen": 720_00,
                "amount_fen": 1_540_00,
                "topups": [{"amount_fen": 100_00}],
                "tier": {"tier": "second", "per_person_fen": 360_00},
            },
            "360.00 × 4 + 100.00 = 1540.00",
        ),
        (
            "decision.benefit-proposed.v1",
            {
                "standard_fen": 600_00,
                "persons": 1,
                "counted_income_fen": 0,
                "amount_fen": 540_00,
                "single_persons": [
                    {
                        "amount_fen": 540_00,
                        "own_income_fen": 0,
                        "tier": {"tier": "first", "per_person_fen": 540_00},
                    }
                ],
            },
            "540.00 = 540.00",
        ),
        (
            "decision.refusal-proposed.v2",
            {"standard_fen": 600_00, "persons": 1, "counted_income_fen": 600_00},
            "600.00 = 600.00 × 1 = 600.00",
        ),
        (
            "payment.fund-advanced.v1",
            {"balance_fen": 9_200_00, "amount_fen": 800_00},
            "10000.00 − 800.00 = 9200.00",
        ),
        ("decision.case-confirmed.v1", {"amount_fen": 1}, None),
    ],
)
def test_a_figure_comes_with_its_sum(kind: str, data: dict[str, Any], sum_: str | None) -> None:
    assert arithmetic_of(f"doudi.{kind}", data, Programme.DIBAO) == sum_


@pytest.mark.parametrize("kind", ["refusal-proposed.v2", "benefit-stopped.v1"])
def test_why_a_subsidy_is_refused_or_stopped_is_no_matter_of_means(kind: str) -> None:
    data = {"standard_fen": 100_00, "persons": 1, "counted_income_fen": 0}
    living = Programme.DISABILITY_LIVING_SUBSIDY
    assert arithmetic_of(f"doudi.decision.{kind}", data, living) is None
    assert arithmetic_of(f"doudi.decision.{kind}", data, Programme.TEKUN) is not None
