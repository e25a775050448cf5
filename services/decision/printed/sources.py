"""Where rules stand, in print: document and article beside what follows from them.

A step's dates and powers follow from parameters that its event does not list. They are looked up
for the case's place and programme, on the day whose rules the step goes by.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from shared.contracts.fields import AidKind, Programme
from shared.policy import Document, MissingValue, Policy, Value
from shared.policy.wording import choice

_DAY_KINDS: Final = {"working_day": ("个工作日", "working day"), "calendar_day": ("日", "day")}
"""How a term is counted whose kind of day is a parameter of its own."""
_COUNTED_IN: Final = {
    "refusal_notice_within_days": "refusal_notice_counted_in",
    "small_aid_pay_within_days": "small_aid_counted_in",
}


class Sources:
    """The rules of a case's place, as far as the page has come; remembers what was cited."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.on: date | None = None
        self.aid_kind: AidKind | None = None
        self._place: tuple[str, Programme] | None = None
        self._cited: dict[str, Document] = {}
        self._noted: dict[tuple[str, ...], int] = {}
        self._step = 0

    def of_case(self, division: str, programme: Programme, on: date) -> None:
        """Whose case it is, and the day whose rules count until another is named."""
        self._place, self.on = (division, programme), on

    def value(self, name: str, on: date | None = None) -> Value | None:
        """What a parameter is on a day; ``None`` where that is not known or it sets nothing."""
        found = next(iter(self.values(name, on)), None)
        return None if found is None or found.figure is None else found

    def values(self, name: str, on: date | None = None) -> tuple[Value, ...]:
        """The value that goes before the others, and the more general ones; may be none."""
        day = on or self.on
        if self._place is None or day is None:
            return ()
        try:
            first = self.policy.value(name, *self._place, day)
        except MissingValue:
            return ()
        others = self.policy.values(name, *self._place, day)
        return (first, *(one for one in others if one != first))

    def taken_from(self, name: str, number: int) -> Value | None:
        """The value that an event's whole number was taken from; ``None`` where none is so now."""
        if self._place is None or self.on is None:
            return None
        return self.policy.taken_from(name, number, *self._place, self.on)

    @property
    def is_placed(self) -> bool:
        """Whether it is known where to look, and for which day."""
        return self._place is not None and self.on is not None

    def cited(self, value: Value) -> str:
        """Document and article, which is listed at the page's end."""
        if value.document:
            document = self.policy.document(value.document)
            self._cited.setdefault(document.id, document)
        return value.source

    def issuer(self, value: Value) -> str:
        """Who issued the document that a value stands in; empty for what was recorded."""
        if not value.document:
            return ""
        authority = self.policy.document(value.document).authority
        return f"{authority.zh} / {authority.en}"

    def explained(self, value: Value) -> str:
        """As ``cited``, with the reason of a choice: at length once, then by its step."""
        if not value.open or not value.note:
            return self.cited(value)
        if (step := self.told_in(value.name, value.note)) is None:
            return f"{self.cited(value)}；{value.note}"
        return f"{self.cited(value)}；理由见第 {step} 步 / reason: step {step}"

    def at_step(self, number: int) -> None:
        """Which step the page has come to."""
        self._step = number

    def told_in(self, *what: str) -> int | None:
        """In which earlier step something was told at length; ``None`` the first time."""
        step = self._noted.setdefault(what, self._step)
        return None if step == self._step else step

    def rule(self, *names: str, on: date | None = None) -> str:
        """Which rules a line follows from, in brackets; empty where none is known."""
        found = (self.value(name, on) for name in names)
        told = dict.fromkeys(self.explained(one) for one in found if one is not None)
        return f"（{'；'.join(told)}）" if told else ""

    def term(self, name: str, on: date | None = None) -> str:
        """How long a term is and which rule sets it, in brackets; empty where none is known."""
        found = self.value(name, on)
        if found is None:
            return ""
        zh, en = self._unit(name, found, on)
        several = "" if found.figure == 1 else "s"
        return f"（{found.figure} {zh} / {en}{several}，{self.explained(found)}）"

    def chosen(self, name: str, on: date | None = None) -> str:
        """What a rule has chosen, in Chinese, and where it stands; empty where none is known."""
        found = self.value(name, on)
        if found is None or not isinstance(found.figure, str):
            return ""
        label = choice(self.policy.definition(name), found.figure).partition(" ")[0]
        return f"（{label}，{self.explained(found)}）"

    def documents(self) -> Iterator[str]:
        """Every document that was cited: by whom it was issued, what it is called, its days."""
        if not self._cited:
            return
        yield "所引文件 / Documents cited"
        for one in sorted(self._cited.values(), key=lambda d: (d.open, d.valid_from, d.id)):
            if one.open:
                yield f"  {one.reference}: {one.authority.zh} / {one.authority.en}；{one.note}"
                continue
            title = f"《{one.title}》" if one.number else ""
            issuer = f"{one.authority.zh} / {one.authority.en}"
            days = span(one.valid_from, one.valid_to)
            note = f"；{one.note}" if one.note else ""
            yield f"  {one.reference}{title}: {issuer}，{days}{note}"

    def _unit(self, name: str, value: Value, on: date | None) -> tuple[str, str]:
        counted_in = self.value(_COUNTED_IN[name], on) if name in _COUNTED_IN else None
        if counted_in is not None:
            return _DAY_KINDS[str(counted_in.figure)]
        return self.policy.definition(name).unit_zh, value.unit


def span(valid_from: date, valid_to: date | None) -> str:
    """From which day to which a rule holds, both included."""
    if valid_to is None:
        return f"自 {valid_from} 起有效 / in force from {valid_from} on"
    return f"有效期 / in force {valid_from} – {valid_to}"
