"""What the vault relies on in every store's annex."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from shared.kernel.store import AnnexRow, Store
from tests.kernel.conftest import ENGINES, open_database

AT = datetime(2020, 5, 18, 1, 2, 3, 456789, tzinfo=UTC)


@pytest.fixture(params=ENGINES)
def annex(request: pytest.FixtureRequest) -> Iterator[Store]:
    opened = open_database(request.param, request)
    yield opened.store()
    opened.close()


def test_a_row_that_is_there_stays_as_it_is(annex: Store) -> None:
    first = AnnexRow("note", "1", b"first", AT)
    annex.annex_add([first])
    annex.annex_add([AnnexRow("note", "1", b"second"), AnnexRow("note", "2", b"other")])
    assert annex.annex_get("note", ["1", "2", "3"]) == {
        "1": first,
        "2": AnnexRow("note", "2", b"other", None),
    }


def test_only_what_has_expired_is_deleted(annex: Store) -> None:
    rows = [
        AnnexRow("note", "past", b"", AT - timedelta(microseconds=1)),
        AnnexRow("note", "now", b"", AT),
        AnnexRow("note", "kept", b"", None),
        AnnexRow("person", "past", b"", AT - timedelta(hours=1)),
    ]
    annex.annex_add(rows)
    keys = ["past", "now", "kept"]
    annex.annex_delete("note", keys, expired_by=AT)
    assert set(annex.annex_get("note", keys)) == {"now", "kept"}
    assert set(annex.annex_get("person", keys)) == {"past"}
    annex.annex_delete("note", keys)
    assert annex.annex_get("note", keys) == {}
