"""The pure middle of a turn: from what was seen to what is to be written.

Nothing here touches an engine. ``Deciding`` is made for one turn, is given its items in order,
and ends with a ``Write``. A unit of work (a command, or one record with all its commands) takes
effect wholly or not at all and leaves its neighbours alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared.contracts.kernel import ParkReason, RecordDiscarded, RecordParked, RecordRedriven
from shared.kernel.copying import Copying
from shared.kernel.decider import Domain, Fact, Moment, Refusal, Stream
from shared.kernel.envelope import check_policy, check_stated
from shared.kernel.event import (
    MAX_DOCUMENT_BYTES,
    Event,
    Recorded,
    digest_of,
    encode,
    event_id,
    stated,
)
from shared.kernel.marks import mark_of, parking_stream, recording
from shared.kernel.outcomes import outcome_of, refusal_text, repeated
from shared.kernel.states import States, StreamState, evolve, fold
from shared.kernel.store import AgendaChange, Handled, Parked, Seen, Write
from shared.kernel.submission import (
    SYSTEM_ACTOR,
    SYSTEM_ROLE,
    Arrival,
    Batch,
    NotApplicable,
    NoteExpired,
    NotParked,
    Outcome,
    Submission,
    Unpark,
    VersionMismatch,
)
from shared.kernel.traced import traced

if TYPE_CHECKING:
    from shared.policy import Policy


log = logging.getLogger(__name__)


class Missing(Exception):
    """A stream that this turn's look did not ask for: look again and decide anew."""

    def __init__(self, stream: UUID) -> None:
        super().__init__(str(stream))
        self.stream = stream


@dataclass(slots=True)
class _Unit:
    """Work that takes effect together. ``states`` overlays the turn's."""

    position: int
    states: dict[UUID, StreamState] = field(default_factory=dict)
    write: Write = field(default_factory=Write)
    handled: dict[UUID, Handled] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setting:
    """What does not change from turn to turn.

    ``seal`` encrypts a record that is parked, bound to its coordinates.
    """

    cell: str
    domain: Domain
    policy: Policy
    seal: Callable[[bytes, bytes], bytes]

    @property
    def source(self) -> str:
        """The CloudEvents source of this service's events."""
        return f"/doudi/{self.cell}/{self.domain.service}"


class Deciding:
    """One turn's decisions.

    ``asked`` are the streams that the look asked for, ``now`` is the instant of recording and
    ``today`` the legal date. Every method may raise ``Missing``: the whole turn is then decided
    anew after a second look, which is free of consequence since nothing is written before its end.
    """

    def __init__(
        self,
        setting: Setting,
        states: States,
        seen: Seen,
        asked: Collection[UUID],
        now: datetime,
        today: date,
    ) -> None:
        self._asked = asked
        self._setting = setting
        self._states = states
        self._seen = seen
        self._now = now
        self._today = today
        self._source = setting.source
        self._moment = Moment(now, today, setting.policy)
        self._handled: dict[UUID, Handled] = dict(seen.handled)
        self._parked = dict(seen.parked)
        self._copying = Copying(seen)
        self.states: dict[UUID, StreamState] = {}
        self.write = Write()
        self.position = seen.head

    def command(self, submission: Submission) -> Outcome:
        """Decide one command. Raises what records nothing: a reused key, a stale version, an
        expired note, or whatever unexpected a decision raised."""
        unit = _Unit(self.position)
        outcome = self._submit(unit, submission)
        self._merge(unit)
        return outcome

    def batch(self, batch: Batch) -> int:
        """Apply a batch's records in order; returns how many were parked."""
        parked = 0
        for arrival in batch.arrivals:
            reason = arrival.unreadable
            if (batch.consumer, arrival.key) in self._parked:
                reason = ParkReason.BEHIND_PARKED
            if reason is None:
                reason = self._apply(self._copying.take(arrival))
            if reason is not None:
                self._park(batch.consumer, arrival, reason)
                parked += 1
        self.write.moves = (*self.write.moves, *batch.moves)
        self.write.copies = self._copying.taken
        return parked

    def unpark(self, item: Unpark) -> Outcome:
        """Redrive or discard the lowest parked record of a key.

        Raises ``NotParked`` if it is not that, ``KeyReused`` as a command does, and for a redrive
        whatever its reaction raises.
        """
        if known := self._handled.get(item.command_id):
            return repeated(known, item.body_digest)
        place = (item.consumer, item.arrival.key)
        lowest, highest = self._parked.get(place, (0, 0))
        if place not in self._parked or lowest != item.ordinal:
            raise NotParked("the record is not the first one parked under its key")
        unit = _Unit(self.position)
        mark = mark_of(item.arrival)
        if item.note is None:
            if item.arrival.unreadable is not None:
                raise NotApplicable(f"still not applicable: {item.arrival.unreadable}")
            for submission in item.arrival.submissions:
                self._submit(unit, submission)
            event: Event = RecordRedriven(**mark)
        else:
            self._check_notes((item.note,))
            event = RecordDiscarded(**mark, note_id=item.note.note_id)
        stream = parking_stream(item.consumer, item.arrival.key)
        marking = recording(item.command_id, stream, event, item.actor, item.role)
        self._submit(unit, replace(marking, body_digest=item.body_digest))
        unit.write.unpark.append((*place, item.ordinal))
        if lowest == highest:
            del self._parked[place]
        else:
            # Ordinals of one key are dense: records are added at the end, removed at the start.
            self._parked[place] = lowest + 1, highest
        self._merge(unit)
        return outcome_of(unit.write.handled[-1])

    def _apply(self, arrival: Arrival) -> ParkReason | None:
        unit = _Unit(self.position)
        try:
            for submission in arrival.submissions:
                self._submit(unit, submission)
        except Missing:
            raise
        except Exception:
            first = arrival.submissions[0]
            log.exception(
                "what a record leads to cannot be decided; it is parked",
                extra=traced(first.causation_id, first.traceparent),
            )
            return ParkReason.REACTION_FAILED
        self._merge(unit)
        return None

    def _park(self, consumer: str, arrival: Arrival, reason: ParkReason) -> None:
        event = RecordParked(**mark_of(arrival), reason=reason)
        stream = parking_stream(consumer, arrival.key)
        command_id = event_id(arrival.place.topic_id, arrival.place.offset)
        command_id = event_id(command_id, arrival.place.partition)
        unit = _Unit(self.position)
        known = self._parked.get((consumer, arrival.key))
        lowest, highest = known or self._unused_ordinals(unit, stream)
        submission = recording(
            event_id(command_id, highest + 1), stream, event, SYSTEM_ACTOR, SYSTEM_ROLE
        )
        self._submit(unit, submission)
        self._parked[consumer, arrival.key] = lowest, highest + 1
        unit.write.park.append(
            Parked(
                consumer,
                arrival.key,
                highest + 1,
                *arrival.place,
                reason,
                self._setting.seal(arrival.body, arrival.place.context(consumer)),
            )
        )
        self._merge(unit)

    def _unused_ordinals(self, unit: _Unit, stream: Stream) -> tuple[int, int]:
        """An empty range past every ordinal that the key ever had.

        An operator who names an ordinal means the record that was seen there: once it is off,
        none may stand in its place. Each of them left its event in the key's stream.
        """
        setting = self._setting
        stream_id = stream.id(setting.cell, setting.domain.service)
        version = self._state(unit, stream_id, stream).version
        return version + 1, version

    def _merge(self, unit: _Unit) -> None:
        self.states.update(unit.states)
        self.position = unit.position
        ours, theirs = self.write, unit.write
        ours.events += theirs.events
        ours.handled += theirs.handled
        ours.agenda += theirs.agenda
        ours.park += theirs.park
        ours.unpark += theirs.unpark
        self._handled.update(unit.handled)

    def _submit(self, unit: _Unit, s: Submission) -> Outcome:
        known = self._handled.get(s.command_id) or unit.handled.get(s.command_id)
        if known is not None:
            return repeated(known, s.body_digest)
        setting = self._setting
        ids = [stream.id(setting.cell, setting.domain.service) for stream in s.reads]
        folded = [self._state(unit, i, stream) for i, stream in zip(ids, s.reads, strict=True)]
        if s.expected_version is not None and s.expected_version != folded[0].version:
            raise VersionMismatch(s.expected_version, folded[0].version)
        check_stated(s.role, s.region, s.traceparent)
        self._check_notes(s.notes)
        at = self._moment if s.on is None else Moment(self._now, s.on, setting.policy)
        refusal = ""
        written = 0
        try:
            facts = s.decide(*[f.state for f in folded], s.command, at)
            written = self._record(unit, s, facts, ids[0], at)
        except Refusal as error:
            refusal = refusal_text(error)
        version = unit.states[ids[0]].version if ids[0] in unit.states else folded[0].version
        handled = Handled(
            s.command_id, s.body_digest, unit.position, written, version, refusal, self._now
        )
        unit.write.handled.append(handled)
        unit.handled[s.command_id] = handled
        return outcome_of(handled)

    def _check_notes(self, notes: Iterable[Any]) -> None:
        if any(note.expires_at <= self._now for note in notes):
            raise NoteExpired("a note of this command has expired in the vault")

    def _state(self, unit: _Unit, stream_id: UUID, stream: Stream) -> StreamState:
        state = unit.states.get(stream_id) or self.states.get(stream_id)
        state = state or self._states.get(stream_id)
        if state is None:
            if stream_id not in self._asked:
                raise Missing(stream_id)
            rows = self._seen.streams.get(stream_id, ())
            state = self.states[stream_id] = fold(self._setting.domain, stream.aggregate, rows)
        return state

    def _record(
        self, unit: _Unit, s: Submission, facts: Iterable[Any], target: UUID, at: Moment
    ) -> int:
        # A refusal for size must leave nothing of its command behind: record aside, then take.
        states: dict[UUID, StreamState] = {}
        events: list[Recorded] = []
        agenda: list[AgendaChange] = []
        setting = self._setting
        known = frozenset(s.reads)  # a page has hundreds, and a fact for each
        for fact in facts:
            event, stream, effective_on, policy = (
                (fact.event, fact.stream, fact.effective_on, fact.policy)
                if isinstance(fact, Fact)
                else (fact, None, None, None)
            )
            if policy is not None:
                check_policy(policy)
            name = stream or s.reads[0]
            stream_id = target if stream is None else name.id(setting.cell, setting.domain.service)
            if stream is not None and stream not in known:
                raise ValueError(f"{event.type} goes to {stream.aggregate}, which was not read")
            state = states.get(stream_id) or self._state(unit, stream_id, name)
            subject = name.case_id or stream_id
            version = state.version + 1
            document = stated(
                event,
                id_=event_id(stream_id, version),
                source=self._source,
                subject=subject,
                recorded_at=self._now,
                stream=stream_id,
                version=version,
                effective_on=effective_on or at.date,
                command_id=s.command_id,
                actor=s.actor,
                role=s.role,
                region=s.region,
                policy=policy,
                causation_id=s.causation_id,
                traceparent=s.traceparent,
            )
            body = encode(document)
            if len(body) > MAX_DOCUMENT_BYTES:
                raise Refusal(
                    "event-too-large",
                    facts={"bytes": len(body), "allowed_bytes": MAX_DOCUMENT_BYTES},
                    status=413,
                )
            digest = digest_of(state.digest, body)
            position = unit.position + len(events) + 1
            events.append(
                Recorded(position, stream_id, version, event.type, body, state.digest, digest)
            )
            folded = evolve(setting.domain, name.aggregate, state.state, event)
            states[stream_id] = StreamState(version, digest, folded)
            agenda += setting.domain.agenda(document)
        unit.states.update(states)
        unit.position += len(events)
        unit.write.events += events
        unit.write.agenda += agenda
        return len(events)
