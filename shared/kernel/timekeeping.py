"""Which moment it is, for a service: the wall clock's, or the hand clock's in its database."""

from __future__ import annotations

from datetime import date, datetime

from shared.clock import Clock, decode_hand, encode_hand, legal_date
from shared.kernel.store import AnnexRow, Seen, Store

_KIND, _KEY = "clock", "hand"


class Timekeeper:
    """Tells a service the time.

    With ``hand`` the moment is a row in the service's own database, read in the turn, so that
    every process of the service agrees on it; otherwise it is ``clock``'s. The hand clock starts
    at the moment given to ``start`` and moves only forward.
    """

    def __init__(self, store: Store, clock: Clock, *, hand: bool) -> None:
        self._store = store
        self._clock = clock
        self._hand = hand

    @property
    def annex(self) -> tuple[tuple[str, str], ...]:
        """The rows that a turn must look at for ``now``."""
        return ((_KIND, _KEY),) if self._hand else ()

    def now(self, seen: Seen) -> datetime:
        """The moment, from what a turn saw."""
        row = seen.annex.get((_KIND, _KEY)) if self._hand else None
        return decode_hand(row) if row is not None else self._clock.now()

    def read(self) -> datetime:
        """The moment, outside any turn."""
        row = self._store.annex_get(_KIND, [_KEY]).get(_KEY) if self._hand else None
        return decode_hand(row.body) if row is not None else self._clock.now()

    def today(self) -> date:
        """The legal date."""
        return legal_date(self.read())

    def set_to(self, moment: datetime) -> None:
        """Move the hand clock. Raises ``ValueError`` backwards, or without a hand clock."""
        if not self._hand:
            raise ValueError("this run keeps the wall clock's time; it cannot be set")
        row = self._store.annex_get(_KIND, [_KEY]).get(_KEY)
        if row is not None and decode_hand(row.body) > moment:
            raise ValueError(f"the clock stands at {decode_hand(row.body)} and only moves forward")
        self._store.annex_put([AnnexRow(_KIND, _KEY, encode_hand(moment))])
