"""Households on the books: who of them is checked, when, about what, and what is news of them.

How often, and on which day, is a choice of a deployment. Source: 陕民发〔2022〕23号, 2(4).2.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from hashlib import sha256
from typing import Final
from uuid import UUID

from services.verification.rules.departments import departments_of_check
from services.verification.rules.leads import income_sums, of_entry
from services.verification.rules.necessities import is_house
from shared.calendar import same_day_after
from shared.contracts.departments import Department, ReceivedAnswer, RegisterEntry
from shared.contracts.fields import IncomeKind, LineSource
from shared.contracts.leads import Contradiction, LeadKind
from shared.contracts.standing_households import Information, KnownMeans, Standing
from shared.contracts.verification import CheckCompleted
from shared.policy import Parameters

SOURCE: Final = "陕民发〔2022〕23号 2(4).2"
AUTHORISATION_SOURCE: Final = "国务院令第649号 art. 58"

_RECIPIENTS: Final = frozenset({Standing.DIBAO, Standing.TEKUN})
_FIGURES: Final = {
    LeadKind.HOUSES_ABOVE_DECLARED: "houses",
    LeadKind.VEHICLES_ABOVE_DECLARED: "vehicles",
}
_MEASURED: Final = frozenset(
    {LeadKind.INCOME_ABOVE_DECLARED, LeadKind.DEPOSITS_ABOVE_DECLARED, *_FIGURES}
)
"""Kinds of which more may be said later than was said before."""


def provided_for(standings: Iterable[Standing], parameters: Parameters) -> bool:
    """Whether place and day have any household checked that is on the books as one of these."""
    checked = parameters.codes("periodic_check_households")
    return any(standing.value in checked for standing in standings)


def interval_months(
    standings: Iterable[Standing], information: Information, parameters: Parameters
) -> int:
    """How many months lie between two checks; of several standings the shortest."""
    groups = {"" if standing in _RECIPIENTS else "low_income_" for standing in standings}
    return min(
        parameters.whole(f"periodic_check_{group}{information.value}_months") for group in groups
    )


def first_due(case_id: UUID, information: Information, since: date, months: int) -> date:
    """The day of a household's first check: any of the interval's, by its case's id.

    A province has a million households, and whoever entered on one day would come up on one
    morning for ever. A digest of the id spreads them evenly, and gives the same day each time.
    """
    days = (same_day_after(since, months) - since).days
    digest = sha256(f"{case_id}/{information.value}".encode()).digest()
    return since + timedelta(days=1 + int.from_bytes(digest[:8], "big") % days)


def next_due(due_on: date, months: int, today: date) -> date:
    """The day of the next check: so many months on, and once more where that is over already.

    Counted from the day on which this one was due, not on which it was opened: a household keeps
    its place among the days also when a process was away.
    """
    steps = 1
    while (following := same_day_after(due_on, months * steps)) <= today:
        steps += 1
    return following


def departments_of(information: Information, parameters: Parameters) -> tuple[Department, ...]:
    """Whom a periodic check of one kind of information asks.

    Of key information those who keep it, whoever the programme's check asks: the registers of
    households, social insurance, vehicles, real estate, funerals and the provident fund. Of the
    other, who else a check asks. Source: 陕民发〔2022〕23号, 2(4).2.
    """
    key = parameters.codes("periodic_check_key_departments")
    if information is Information.KEY:
        return tuple(department for department in Department if department.value in key)
    return tuple(d for d in departments_of_check(parameters) if d.value not in key)


def may_be_asked(
    people: Iterable[UUID],
    by_paper: Iterable[UUID],
    words: Mapping[UUID, date | None],
    on: date,
    *,
    apart: bool,
) -> bool:
    """Whether departments may be asked about these people on a day.

    Everybody's word is there and in force, its last day included; or nobody ever signed apart and
    all are among those (``by_paper``) whom the application's one paper speaks for.
    Source: 国务院令第649号, art. 58; 社会救助法, art. 41.
    """
    people = set(people)
    if not apart:
        return bool(people) and people <= set(by_paper)
    return bool(people) and all(
        person in words and ((until := words[person]) is None or on <= until) for person in people
    )


def known_of(account: CheckCompleted) -> KnownMeans | None:
    """What a household is known to have by its account, what does not count included.

    Where the family's check was waived nobody knows.
    """
    if account.waiver is not None:
        return None
    exempt = [is_house(one.necessity) for one in account.exempt_property or ()]
    return KnownMeans(
        income=(*account.income, *(one.line for one in account.excluded or ())),
        deposits_fen=account.deposits_fen,
        houses=account.houses + sum(exempt),
        vehicles=account.vehicles + len(exempt) - sum(exempt),
    )


def news(
    known: KnownMeans | None,
    before: ReceivedAnswer | None,
    answer: ReceivedAnswer,
    tolerance: Fraction,
    *,
    superseded: bool,
) -> tuple[Contradiction, ...]:
    """What an answer says differently from what is known of a household on the books.

    ``before`` is what this department said when the account was drawn up, and was dealt with then.
    Income and deposits differ by more than the ``tolerance``, a share of what is known: interest
    and a month's overtime are no news. Where a known income rests on this department alone, less
    of it is news as well. Where nothing is known the first answer is no news, but for what
    registers say of somebody. Of ``superseded`` deposits nothing is said.
    """
    found = list(_of_entries(known, before, answer))
    if known is None and before is None:
        return tuple(found)
    found += _of_income(known, before, answer, tolerance)
    deposits_fen = _higher(known, before, "deposits_fen")
    if not superseded and answer.deposits_fen > deposits_fen * (1 + tolerance):
        found.append(
            _above(LeadKind.DEPOSITS_ABOVE_DECLARED, answer, deposits_fen, answer.deposits_fen)
        )
    for kind, name in _FIGURES.items():
        base, reported = _higher(known, before, name), getattr(answer, name)
        if reported > base:
            found.append(_above(kind, answer, base, reported))
    return tuple(found)


def is_of_the_same(one: Contradiction, other: Contradiction) -> bool:
    """Whether two say something of the same thing, be it of another extent."""
    return (one.kind, one.department, one.person_id, one.income) == (
        other.kind,
        other.department,
        other.person_id,
        other.income,
    )


def adds_to(raised: Contradiction, found: Contradiction, tolerance: Fraction) -> bool:
    """Whether what is found goes beyond what was put to the household already."""
    if raised.reported is None or found.reported is None:
        return False
    if found.kind is LeadKind.INCOME_BELOW_KNOWN:
        return found.reported < raised.reported * (1 - tolerance)
    if found.kind in _MEASURED:
        share = tolerance if found.kind not in _FIGURES else Fraction(0)
        return found.reported > raised.reported * (1 + share)
    return False


def _higher(known: KnownMeans | None, before: ReceivedAnswer | None, name: str) -> int:
    return max((int(getattr(one, name)) for one in (known, before) if one is not None), default=0)


def _above(kind: LeadKind, answer: ReceivedAnswer, base: int, reported: int) -> Contradiction:
    return Contradiction(kind=kind, department=answer.department, declared=base, reported=reported)


def _of_income(
    known: KnownMeans | None,
    before: ReceivedAnswer | None,
    answer: ReceivedAnswer,
    tolerance: Fraction,
) -> Iterator[Contradiction]:
    lines = known.income if known is not None else ()
    stated = income_sums(lines)
    heard = income_sums(before.income) if before is not None else {}
    reported = income_sums(answer.income)
    for key, reported_fen in reported.items():
        base_fen = max(stated.get(key, 0), heard.get(key, 0))
        if reported_fen > base_fen * (1 + tolerance):
            yield _income(LeadKind.INCOME_ABOVE_DECLARED, answer, key, base_fen, reported_fen)
    own = next((s for s in LineSource if s.value == answer.department.value), None)
    for key, stated_fen in stated.items():
        sources = {line.source for line in lines if (line.person_id, line.kind) == key}
        reported_fen = reported.get(key, 0)
        if sources == {own} and reported_fen < stated_fen * (1 - tolerance):
            yield _income(LeadKind.INCOME_BELOW_KNOWN, answer, key, stated_fen, reported_fen)


def _income(
    kind: LeadKind,
    answer: ReceivedAnswer,
    key: tuple[UUID, IncomeKind],
    base_fen: int,
    reported_fen: int,
) -> Contradiction:
    return Contradiction(
        kind=kind,
        department=answer.department,
        person_id=key[0],
        income=key[1],
        declared=base_fen,
        reported=reported_fen,
    )


def _of_entries(
    known: KnownMeans | None, before: ReceivedAnswer | None, answer: ReceivedAnswer
) -> Iterator[Contradiction]:
    heard: tuple[RegisterEntry, ...] = (before.entries or ()) if before is not None else ()
    for entry in answer.entries or ():
        if entry not in heard:
            yield from of_entry(known.income if known is not None else (), answer, entry)
