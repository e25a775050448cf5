"""Time as an input: the only module that reads the wall clock.

Stored times are aware datetimes in UTC. A legal date is the date in Asia/Shanghai: before 08:00
there, a machine that runs in UTC still shows yesterday.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Final, Protocol
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
"""The zone of every legal date."""

OFFICE_OPENS: Final = 9
"""The Shanghai hour that ``instant_of`` assumes unless told otherwise."""


class Clock(Protocol):
    """Tells the moment."""

    def now(self) -> datetime:
        """The present moment, an aware datetime in UTC."""
        ...


class ClockError(ValueError):
    """A moment that no clock can show: without a zone, unreadable, or in a clock's past."""


class WallClock:
    """The real time."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)


class HandClock:
    """A clock that stands still until it is set, and moves only forward.

    For the embedded run, the simulation and tests. Any thread may read it, one sets it.
    """

    def __init__(self, start: datetime) -> None:
        self._moment = _utc(start)

    def now(self) -> datetime:
        """The moment the clock was last set to, in UTC."""
        return self._moment

    def set_to(self, moment: datetime) -> None:
        """Move the clock to ``moment``; the moment it shows already is allowed.

        Raises ``ClockError`` for a naive moment and for one before the present one.
        """
        moment = _utc(moment)
        if moment < self._moment:
            raise ClockError(
                f"the hand clock shows {self._moment.isoformat()} and moves only forward; "
                f"{moment.isoformat()} lies before that"
            )
        self._moment = moment


def legal_date(moment: datetime) -> date:
    """The date of ``moment`` in Asia/Shanghai. Raises ``ClockError`` for a naive moment."""
    return _utc(moment).astimezone(SHANGHAI).date()


def instant_of(day: date, hour: int = OFFICE_OPENS, minute: int = 0) -> datetime:
    """The UTC moment at which it is ``hour:minute`` of ``day`` in Shanghai."""
    return datetime.combine(day, time(hour, minute), SHANGHAI).astimezone(UTC)


def encode_hand(moment: datetime) -> bytes:
    """The hand clock's row in a service's database: ISO 8601 in UTC, as ASCII."""
    return _utc(moment).isoformat().encode("ascii")


def decode_hand(row: bytes) -> datetime:
    """The moment that a hand clock's row holds. Raises ``ClockError`` where it holds none."""
    try:
        return _utc(datetime.fromisoformat(bytes(row).decode("ascii")))
    except ClockError:
        raise
    except ValueError as error:
        raise ClockError("the hand clock's row is not a moment in ISO 8601") from error


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ClockError(f"a moment needs a zone; {moment.isoformat()} has none")
    return moment.astimezone(UTC)
