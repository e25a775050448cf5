"""A tekun person at home: assessed, agreed with a caregiver, contacted in some of the months."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

from services.care.decisions import agreements, care_file, contacts
from services.care.model import care_file_of
from shared.calendar import Month
from shared.contracts.care import CareIndicator, ContactKind
from shared.contracts.fields import CareLevel, SupportMode
from shared.kernel.submission import Outcome
from tests.simulation.lives.desk import Life

FAILED: Final = {
    CareLevel.SELF_CARE: 0,
    CareLevel.PARTIAL_CARE: 2,
    CareLevel.FULL_CARE: 5,
}
"""How many indicators somebody of a level fails, here."""

TERMS_DAYS: Final = (20, 50, 90, 300)
NONE_OPEN: Final = "no-open-agreement"
TERM_OVER: Final = "term-impossible"
ORDERED: Final = "rectification-ordered"
"""What somebody is told who comes late: agreements expire, and so do terms while one waits."""


def live_on(life: Life) -> None:
    """Assessment, agreement, then some months with and without what is owed in them."""
    life.sees("care", "care_files", lambda seen: seen)
    person = _Person(life)
    if life.dares():
        person.sign_too_early()
    person.assess()
    life.do(
        "care",
        care_file.choose_mode,
        care_file.ChooseMode(mode=SupportMode.DISPERSED),
        care_file_of(life.case_id),
        hand="clerk",
    )
    person.sign()
    happenings: tuple[Callable[[], None], ...] = (
        person.contact,
        person.contact,
        person.contact_of_last_month,
        person.nothing,
        person.rectify,
        person.replace,
        person.assess,
        person.sign,
    )
    for happening in life.client.random.choices(happenings, k=life.client.random.randint(3, 5)):
        _some_day(life)
        happening()
    life.sees("payment", "entitlements", person.is_paid_for_care)


def _some_day(life: Life) -> None:
    """In this month or the next, and sometimes on a first day."""
    random, today = life.client.random, life.world.today
    first = Month.of(today).next().first_day
    later = today + timedelta(days=random.randint(1, 40))
    life.client.until_day(first if random.random() < 0.2 else later)


class _Person:
    """What happens to one person; ``_level`` is the one assessed last."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._level: CareLevel | None = None
        self._assessed_on: date | None = None
        self._signed = 0
        self._refuses = False

    def is_paid_for_care(self, seen: dict[str, Any]) -> bool:
        """Whether payment knows the supplement of the last assessment."""
        care_fen = self._life.world.scene.care_fen
        parts = [part for part in seen["parts"] if part["part"] == "care"]
        if not parts or care_fen is None or self._level is None or self._assessed_on is None:
            return False
        return bool(parts[-1]["amount_fen"] == care_fen[self._level])

    def assess(self) -> None:
        """Two assessors; sometimes recorded days after, but never out of order."""
        life = self._life
        random, today = life.client.random, life.world.today
        assessed_on = today
        if self._assessed_on is not None:
            assessed_on = max(self._assessed_on, today - timedelta(days=random.choice((0, 9, 35))))
        level = random.choice([level for level in CareLevel if level is not self._level])
        failed = frozenset(list(CareIndicator)[: FAILED[level]])
        assessors = life.hand("assessor"), life.hand("second assessor")
        assess = care_file.Assess(
            assessed_on=assessed_on,
            assessors=assessors,
            failed=failed,
            findings=life.note(f"assessment/{today}"),
        )
        if life.dares():
            alone = assess.model_copy(update={"assessors": assessors[:1] * 2})
            self._must_not(care_file.assess, alone, ("too-few-assessors",))
        self._do(care_file.assess, assess)
        self._level, self._assessed_on = level, assessed_on

    def sign(self) -> None:
        """An agreement with a caregiver from today on, unless the last one still holds."""
        today = self._life.world.today
        if self._life.dares():
            own = self._terms().model_copy(update={"visitor": self._life.household.applicant})
            party = agreements.Sign(signed_on=today, terms=own)
            self._must_not(agreements.sign, party, ("visitor-is-a-party", "agreement-open"))
        sign = agreements.Sign(signed_on=today, terms=self._terms())
        self._do(agreements.sign, sign, ("agreement-open", TERM_OVER))

    def sign_too_early(self) -> None:
        """Nothing is agreed before somebody is assessed."""
        sign = agreements.Sign(signed_on=self._life.world.today, terms=self._terms())
        self._must_not(agreements.sign, sign, ("assessment-missing",))

    def contact(self) -> None:
        """A visit today, or a call; by nobody but the visitor."""
        today = self._life.world.today
        kind = self._life.client.random.choice(list(ContactKind))
        if self._life.dares():
            wrong = self._contact("neighbour", today, kind)
            self._must_not(contacts.record_contact, wrong, ("not-the-visitor", NONE_OPEN))
        self._record(today, kind)

    def contact_of_last_month(self) -> None:
        """Recorded late: the visit was in the month before."""
        last = Month.of(self._life.world.today).previous().last_day
        self._record(last, ContactKind.VISIT)

    def nothing(self) -> None:
        """Nobody comes."""

    def rectify(self) -> None:
        """The caregiver is told to mend their ways, and does."""
        self._ordered(done=True)

    def replace(self) -> None:
        """The caregiver refuses to mend their ways, and another takes over."""
        if self._life.dares() and not self._refuses:
            early = agreements.ReplaceCaregiver(terms=self._terms())
            must = ("replaced-only-on-refusal", NONE_OPEN)
            self._must_not(agreements.replace_caregiver, early, must)
        self._ordered(done=False)
        if self._refuses:
            self._life.client.until_day(self._life.world.today + timedelta(days=1))
            replacing = agreements.ReplaceCaregiver(terms=self._terms())
            self._do(agreements.replace_caregiver, replacing, (NONE_OPEN, TERM_OVER))
            self._refuses = False

    def _ordered(self, *, done: bool) -> None:
        """An order and what becomes of it, unless the agreement expires meanwhile."""
        order_id = self._life.world.uuid()
        order = agreements.OrderRectification(
            order_id=order_id, grounds=self._life.note(f"grounds/{order_id}")
        )
        if self._do(agreements.order_rectification, order, (NONE_OPEN, ORDERED)).refusal:
            return
        finish = agreements.FinishRectification(
            order_id=order_id, done=done, findings=self._life.note(f"findings/{order_id}")
        )
        finished = self._do(agreements.finish_rectification, finish, (NONE_OPEN,))
        self._refuses = not done and finished.refusal is None

    def _record(self, contact_on: date, kind: ContactKind) -> None:
        record = self._contact("visitor", contact_on, kind)
        self._do(contacts.record_contact, record, (NONE_OPEN, "contact-day-impossible"))

    def _contact(self, hand: str, contact_on: date, kind: ContactKind) -> contacts.RecordContact:
        return contacts.RecordContact(
            visitor=self._life.hand(hand),
            contact_on=contact_on,
            kind=kind,
            findings=self._life.note(f"contact/{contact_on}"),
        )

    def _terms(self) -> agreements.Terms:
        life = self._life
        self._signed += 1
        return agreements.Terms(
            agreement_id=life.world.uuid(),
            until_on=life.world.today + timedelta(days=life.client.random.choice(TERMS_DAYS)),
            caregiver=life.hand(f"caregiver {self._signed}"),
            visitor=life.hand("visitor"),
            guardian=None,
            full_capacity=True,
            note=life.note(f"terms/{self._signed}"),
        )

    def _do(self, decide: Any, command: Any, refused: tuple[str, ...] = ()) -> Outcome:
        stream = care_file_of(self._life.case_id)
        return self._life.do("care", decide, command, stream, hand="clerk", refused=refused)

    def _must_not(self, decide: Any, command: Any, refused: tuple[str, ...]) -> None:
        stream = care_file_of(self._life.case_id)
        self._life.must_be_refused("care", decide, command, stream, hand="clerk", refused=refused)
