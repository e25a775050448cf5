"""Which moment it is, for a service: the wall clock's, or the hand clock's in its database."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from shared.clock import Clock, ClockError, decode_hand, encode_hand, instant_of, legal_date
from shared.kernel.event import Envelope
from shared.kernel.store import AnnexRow, Look, Seen, Store
from shared.kernel.submission import ClockAstray

CLOCK_TOLERANCE = timedelta(minutes=1)
"""How far apart clocks may be."""

_KIND, _KEY = "clock", "hand"


class Timekeeper:
    """Tells a service the time.

    With ``hand_from`` the moment is a row in the service's own database, read in the turn, so
    that every process of the service agrees on it; until it is first set it is ``hand_from``.
    Otherwise it is ``clock``'s.
    """

    def __init__(self, store: Store, clock: Clock, *, hand_from: datetime | None = None) -> None:
        self._store = store
        self._clock = clock
        self._hand_from = hand_from

    @property
    def annex(self) -> tuple[tuple[str, str], ...]:
        """The rows that a turn must look at for ``now``."""
        return () if self._hand_from is None else ((_KIND, _KEY),)

    def now(self, seen: Seen) -> datetime:
        """The moment, from what a turn saw.

        Raises ``ClockAstray`` where this machine's clock and the database's are far apart.
        """
        if self._hand_from is None:
            now = self._clock.now()
            if seen.engine_now is not None and abs(seen.engine_now - now) > CLOCK_TOLERANCE:
                raise ClockAstray(f"the database says {seen.engine_now.isoformat()}, we {now}")
            return now
        row = seen.annex.get((_KIND, _KEY))
        return self._hand_from if row is None else decode_hand(row)

    def read(self) -> datetime:
        """The moment, outside any turn."""
        if self._hand_from is None:
            return self._clock.now()
        row = self._store.annex_get(_KIND, [_KEY]).get(_KEY)
        return self._hand_from if row is None else decode_hand(row.body)

    def today(self) -> date:
        """The legal date."""
        return legal_date(self.read())

    def check_log_end(self) -> None:
        """Whether a turn could be made now: the log ends no later than that.

        Raises ``ClockAstray`` where it ends later, and clocks may not be so far apart; and as
        ``now`` does.
        """
        seen = self._look()
        now = self.now(seen)
        if not seen.head:
            return
        ends = Envelope.model_validate_json(seen.head_document).recorded_at
        if ends - now > CLOCK_TOLERANCE:
            kind = "wall" if self._hand_from is None else "hand"
            raise ClockAstray(
                f"the log ends at {ends.isoformat(timespec='seconds')}, and the {kind} clock "
                f"shows {now.isoformat(timespec='seconds')}: {self._way_past(ends, seen)}"
            )

    def _look(self) -> Seen:
        """What a turn would see. It is rolled back: nothing was written."""
        try:
            with self._store.turn() as turn:
                raise _Seen(turn.look(Look(annex=self.annex)))
        except _Seen as found:
            return found.seen

    def _way_past(self, moment: datetime, seen: Seen) -> str:
        """What a person does so that the clock shows no less than the moment."""
        if self._hand_from is None:
            return "set the machine's clock right; a log that a hand clock dated needs a hand clock"
        day = legal_date(moment)
        if instant_of(day) < moment:
            day += timedelta(days=1)
        if (_KIND, _KEY) in seen.annex:
            move = f"move it with `doudi clock advance --to {day}`"
        else:
            move = f"start with DOUDI_HAND_CLOCK_START={day}"
        return f"{move}, or start with another DOUDI_DATA_DIR"

    def set_to(self, moment: datetime) -> None:
        """Move the hand clock. Raises ``ClockError`` backwards, or where there is none."""
        if self._hand_from is None:
            raise ClockError("this run keeps the wall clock's time; it cannot be set")
        now = self.read()
        if moment < now:
            raise ClockError(f"the clock stands at {now.isoformat()} and only moves forward")
        self._store.annex_put([AnnexRow(_KIND, _KEY, encode_hand(moment))])

    def catch_up(self, moment: datetime) -> None:
        """Move a hand clock on to a moment that it has been past before its row was restored."""
        if self._hand_from is not None and self.read() < moment:
            self.set_to(moment)


class _Seen(Exception):
    def __init__(self, seen: Seen) -> None:
        super().__init__()
        self.seen = seen
