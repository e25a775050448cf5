"""``ETag`` and ``If-Match``: nobody overwrites what he has not seen.

An aggregate's version is its entity tag, ``"7"``. Whether the version still holds is compared in
the writer's turn, after ``handled``: a repeated command finds its outcome, not a stale version.
"""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Depends, Header, Response

from shared.web.problems import Known, Problem

_ENTITY_TAG = re.compile(r'"(0|[1-9][0-9]{0,17})"\Z')
_ALLOWED = '"<version>"'


def etag(version: int) -> str:
    """The entity tag of a version, a strong one."""
    return f'"{version}"'


def set_etag(response: Response, version: int) -> None:
    """Tell the client which version it sees."""
    response.headers["ETag"] = etag(version)


def parse_if_match(header: str | None) -> int:
    """The version that the client has seen.

    Raises a 428 problem without the header and a 400 problem for another form: a weak tag never
    matches strongly, ``*`` and lists would let a change through that nobody looked at.
    """
    if header is None:
        detail = (
            "请先读取数据，并以其 ETag 作为 If-Match / Read first, then send its ETag as If-Match"
        )
        raise Problem(Known.IF_MATCH_MISSING, detail)
    found = _ENTITY_TAG.match(header.strip())
    if found is None:
        raise Problem(Known.IF_MATCH_MALFORMED, members={"allowed": _ALLOWED})
    return int(found.group(1))


def stale(current_version: int) -> Problem:
    """The 412 problem: what the client has seen is no longer so. Carries the present tag."""
    return Problem(
        Known.VERSION_STALE,
        "请重新读取后再办理 / Read again, then decide",
        members={"current_version": current_version},
        headers={"ETag": etag(current_version)},
    )


async def expected_version(
    if_match: Annotated[
        str | None,
        Header(description='所依据的版本 / The version it is based on: `"<version>"`'),
    ] = None,
) -> int:
    """The version named by ``If-Match``; required."""
    return parse_if_match(if_match)


IfMatch = Annotated[int, Depends(expected_version)]
"""For a route's parameter: the expected version of the aggregate."""
