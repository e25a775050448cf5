"""A case's timeline: every service's events, each after what brought it about.

Told from the copies alone. Between services an event comes after the one that caused it, whatever
their clocks said; what nothing orders comes by the moment of recording.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from heapq import heapify, heappop, heappush
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from uuid import UUID

from pydantic import BaseModel

from services.oversight.views.arithmetic import arithmetic_of
from services.oversight.views.rules_used import RuleUsed, rule_used
from shared.access.offices import office_of
from shared.access.roles import Role
from shared.contracts.fields import ParameterUsed
from shared.contracts.labels import Label, label_of
from shared.kernel.copies import Copy
from shared.kernel.event import Envelope
from shared.policy import MissingValue, Policy
from shared.regions import Regions, UnknownDivision

REGIME_OPENS: Final = (
    "intake.application-accepted",
    "intake.emergency-accepted",
    "decision.change-reported",
)
"""What follows one of these takes the parameters of its effective date."""


class Told(NamedTuple):
    """A copied event, parsed."""

    copy: Copy
    envelope: Envelope
    data: Mapping[str, Any]


class Cause(BaseModel):
    """What brought an event about: an entry of the timeline, or an event beside the case."""

    entry: int | None
    service: str
    type: str
    zh: str
    en: str
    log_position: int


class Entry(BaseModel):
    """One event of the timeline, as an auditor reads it.

    ``actor`` acted as ``role`` for the division ``region``, and for the ``office`` of it that the
    role is of; ``zh`` and ``en`` are in the words of the case's measures; ``arithmetic`` is in
    yuan; ``data`` is what the event states. ``followed`` are the entries that it brought about.
    """

    number: int
    service: str
    log_position: int
    event_id: UUID
    type: str
    zh: str
    en: str
    recorded_at: datetime
    effective_on: date
    actor: UUID
    role: str
    role_zh: str
    office: str | None
    region: str
    region_name: str | None
    policy: str | None
    rules: list[RuleUsed]
    arithmetic: str | None
    data: dict[str, Any]
    because: Cause | None
    followed: list[int]


def told(copy: Copy) -> Told:
    """A copy, parsed. Of an unknown type too: its envelope is every event's."""
    stated = json.loads(copy.document)
    return Told(copy, Envelope.model_validate(stated), stated["data"])


def in_causal_order(events: Iterable[Told]) -> list[Told]:
    """Each event after the one that caused it and the one before it in its stream.

    Among those that nothing holds back the one recorded first comes next.
    """
    by_id: dict[UUID, Told] = {}
    for event in events:
        by_id.setdefault(event.copy.event_id, event)  # of two bodies, the one received first
    after: dict[UUID, list[UUID]] = defaultdict(list)
    held: dict[UUID, int] = dict.fromkeys(by_id, 0)
    last: dict[UUID, Told] = {}
    for event in sorted(by_id.values(), key=lambda e: (e.copy.stream, e.copy.version)):
        before = last.get(event.copy.stream)
        last[event.copy.stream] = event
        causes = {event.envelope.causation_id} | ({before.copy.event_id} if before else set())
        for cause in causes & by_id.keys() - {event.copy.event_id}:
            after[cause].append(event.copy.event_id)
            held[event.copy.event_id] += 1
    free = [(_when(by_id[event_id]), event_id) for event_id, count in held.items() if count == 0]
    heapify(free)
    ordered = []
    while free:
        _, event_id = heappop(free)
        ordered.append(by_id[event_id])
        for following in after[event_id]:
            held[following] -= 1
            if held[following] == 0:
                heappush(free, (_when(by_id[following]), following))
    return ordered


def _when(event: Told) -> tuple[datetime, str, int]:
    return event.envelope.recorded_at, event.copy.service, event.copy.log_position


class Teller:
    """Tells timelines; knows the divisions' names and what sets a parameter."""

    def __init__(self, policy: Policy, regions: Regions) -> None:
        self._policy = policy
        self._regions = regions

    def tell(
        self,
        events: Sequence[Told],
        beside: Mapping[UUID, Told],
        standards: Mapping[UUID, Told] = MappingProxyType({}),
    ) -> list[Entry]:
        """The timeline of a case's events; ``beside`` are causes that are not its own.

        ``standards`` are the decisions on standards around it, by id.
        """
        ordered = in_causal_order(events)
        numbers = {event.copy.event_id: n for n, event in enumerate(ordered, start=1)}
        followed: dict[UUID, list[int]] = defaultdict(list)
        for event in ordered:
            followed[event.envelope.causation_id].append(numbers[event.copy.event_id])
        entries = []
        regime_on: date | None = None
        programme, regime = "", ""
        for event in ordered:
            # The case's own comes first; a later event may name another, such as dibao to follow.
            programme = programme or event.data.get("programme", "")
            if _name(event) in REGIME_OPENS:
                regime_on = event.envelope.effective_on
                regime = regime or self._regime(event, programme)
            entries.append(
                self._entry(
                    event,
                    numbers,
                    because=self._because(event, numbers, ordered, beside),
                    programme=programme,
                    label=label_of(event.copy.type, regime),
                    rules=self._rules(event, programme, regime_on, standards),
                    followed=followed[event.copy.event_id],
                )
            )
        return entries

    def _entry(
        self,
        event: Told,
        numbers: Mapping[UUID, int],
        *,
        because: Cause | None,
        programme: str,
        label: Label,
        rules: list[RuleUsed],
        followed: list[int],
    ) -> Entry:
        copy, envelope = event.copy, event.envelope
        return Entry(
            number=numbers[copy.event_id],
            service=copy.service,
            log_position=copy.log_position,
            event_id=copy.event_id,
            type=copy.type,
            zh=label.zh,
            en=label.en,
            recorded_at=envelope.recorded_at,
            effective_on=envelope.effective_on,
            actor=envelope.actor,
            role=envelope.role,
            role_zh=_role_zh(envelope.role),
            office=office_of(envelope.role, envelope.region, self._regions, envelope.effective_on),
            region=envelope.region,
            region_name=self._region_name(envelope.region, envelope.effective_on),
            policy=envelope.policy,
            rules=rules,
            arithmetic=arithmetic_of(copy.type, event.data, programme),
            data=dict(event.data),
            because=because,
            followed=followed,
        )

    def _regime(self, accepted: Told, programme: str) -> str:
        """Under which measures an application is decided that was accepted so."""
        of = accepted.envelope
        try:
            found = self._policy.value("procedure_regime", of.region, programme, of.effective_on)
        except MissingValue:
            return ""
        return str(found.figure)

    def _because(
        self,
        event: Told,
        numbers: Mapping[UUID, int],
        ordered: Sequence[Told],
        beside: Mapping[UUID, Told],
    ) -> Cause | None:
        cause_id = event.envelope.causation_id
        number = numbers.get(cause_id)
        cause = ordered[number - 1] if number is not None else beside.get(cause_id)
        if cause is None:
            return None  # somebody's request: the actor says whose
        label = label_of(cause.copy.type)
        return Cause(
            entry=number,
            service=cause.copy.service,
            type=cause.copy.type,
            zh=label.zh,
            en=label.en,
            log_position=cause.copy.log_position,
        )

    def _rules(
        self,
        event: Told,
        programme: str,
        regime_on: date | None,
        standards: Mapping[UUID, Told],
    ) -> list[RuleUsed]:
        on = regime_on or event.envelope.effective_on
        region = event.envelope.region
        used = (ParameterUsed.model_validate(p) for p in event.data.get("parameters", []))
        rules = [rule_used(self._policy, parameter, region, programme, on) for parameter in used]
        return [self._sourced(rule, standards) for rule in rules]

    def _sourced(self, rule: RuleUsed, standards: Mapping[UUID, Told]) -> RuleUsed:
        found = None if rule.standard_id is None else standards.get(rule.standard_id)
        return rule if found is None else rule.model_copy(update={"source": self._set_by(found)})

    def _set_by(self, decision: Told) -> str:
        """Who set a standard when, and under what its notice is filed."""
        stated, on = decision.data, decision.envelope.effective_on
        division = self._region_name(stated["division"], on) or stated["division"]
        filed = stated["notice"]["note_id"]
        return f"{division} {on} 公布，文件档号 / set on that day, notice filed under: {filed}"

    def _region_name(self, code: str, on: date) -> str | None:
        try:
            return self._regions.division(code, on).name
        except UnknownDivision:
            return None


def _name(event: Told) -> str:
    return ".".join(event.copy.type.split(".")[1:3])


def _role_zh(role: str) -> str:
    try:
        return Role(role).zh
    except ValueError:
        return role
