"""``wait_for``: read your own writes, here or what followed from them in another service."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query

from shared.web.problems import Known, Problem

_FORM = "(?:([a-z]{1,20}):)?(0|[1-9][0-9]{0,17})"
_WAIT_FOR = re.compile(_FORM + r"\Z")


@dataclass(frozen=True, slots=True)
class WaitFor:
    """A log position that the view must have reached.

    ``service`` is the service whose log it counts, ``None`` for the one that is asked.
    """

    position: int
    service: str | None = None


def parse_wait_for(text: str | None) -> WaitFor | None:
    """Read ``<position>`` or ``<service>:<position>``. Raises a 400 problem for another form."""
    if text is None:
        return None
    found = _WAIT_FOR.match(text)
    if found is None:
        raise Problem(
            Known.WAIT_FOR_INVALID, members={"allowed": ["<position>", "<service>:<position>"]}
        )
    return WaitFor(int(found.group(2)), found.group(1))


def behind(reached: int, wanted: int, retry_after_seconds: int = 1) -> Problem:
    """The 503 problem of a view that did not reach the position in time."""
    return Problem(
        Known.VIEW_BEHIND,
        members={"reached": reached, "wanted": wanted},
        headers={"Retry-After": str(retry_after_seconds)},
    )


async def _wait_for(
    wait_for: Annotated[
        str | None,
        Query(
            description="`<position>` 或 / or `<service>:<position>`",
            json_schema_extra={"pattern": f"^{_FORM}$"},
        ),
    ] = None,
) -> WaitFor | None:
    return parse_wait_for(wait_for)


Waiting = Annotated[WaitFor | None, Depends(_wait_for)]
"""For a query route's parameter: the position to wait for, if the caller named one."""
