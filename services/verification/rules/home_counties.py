"""Whom the deciding place asks about members who are registered elsewhere; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from shared.contracts.residence import ReceivedAtHome, Residence
from shared.kernel.decider import Refusal
from shared.policy import Parameters
from shared.regions import Level

ASSISTANCE_SOURCE: Final = "民发〔2021〕57号 art. 5"


def home_counties(residences: Iterable[Residence], division: str) -> Mapping[str, tuple[UUID, ...]]:
    """The counties, other than the deciding one, in which members are registered, and who is.

    They are to assist the place that decides (应当配合做好相关工作). Source: 民发〔2021〕57号,
    art. 5.
    """
    found: dict[str, tuple[UUID, ...]] = {}
    for one in residences:
        county = Level.COUNTY.around(one.registered_in)
        if county != Level.COUNTY.around(division):
            found[county] = (*found.get(county, ()), one.person_id)
    return found


def require_asked_about(asked: Collection[UUID], received: Sequence[ReceivedAtHome]) -> None:
    """A home county answers of those whom it was asked about, each once."""
    persons = [one.person_id for one in received]
    if len(set(persons)) != len(persons):
        raise Refusal("line-listed-twice", facts={"lines": len(persons)}, status=422)
    for position, person in enumerate(persons, start=1):
        if person not in asked:
            raise Refusal("person-not-asked-about", facts={"position": position}, status=422)


def require_answer_if_needed(parameters: Parameters, silent: Sequence[str]) -> None:
    """Whether a check goes on without an answer of a county whose days are over."""
    if silent and parameters.flag("home_county_answer_needed"):
        raise Refusal(
            "home-county-silent",
            facts={"counties": ", ".join(silent)},
            source=parameters.value("home_county_answer_needed").source,
        )


def is_late(due_on: date, on: date) -> bool:
    """Whether an answer comes after its last day."""
    return on > due_on
