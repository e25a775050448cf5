"""What lists show fits what the views hold, at every moment of every kept history."""

from __future__ import annotations

from typing import Final

import pytest

from services.care.views import (
    AGREEMENTS,
    CARE_FILES,
    MISSED_CONTACTS,
    AgreementRow,
    CareFileRow,
    MissedContactRow,
)
from services.decision.views import AIDS, DETERMINATIONS, AidRow, DeterminationRow
from services.intake.views import (
    APPLICATIONS,
    PROGRESS,
    REQUESTS,
    SCREENING_LEDGER,
    SCREENING_TASKS,
    WATCH_LIST,
    ApplicationRow,
    ProgressRow,
    RequestRow,
    ScreeningLedgerRow,
    ScreeningTaskRow,
    WatchListRow,
)
from services.payment.views import (
    ENTITLEMENTS,
    FUNDS,
    PAYMENTS,
    RUNS,
    EntitlementRow,
    FundRow,
    PaymentRow,
    RunRow,
)
from services.verification.views import CHECKS, CheckRow
from shared.kernel.event import read, read_as
from shared.views.port import Document
from shared.views.projector import Projection
from shared.views.query import KEY
from shared.views.rows import Row
from tests.golden.histories import stored

ROWS: Final[list[tuple[Projection, type[Row]]]] = [
    (APPLICATIONS, ApplicationRow),
    (WATCH_LIST, WatchListRow),
    (SCREENING_TASKS, ScreeningTaskRow),
    (SCREENING_LEDGER, ScreeningLedgerRow),
    (REQUESTS, RequestRow),
    (PROGRESS, ProgressRow),
    (CHECKS, CheckRow),
    (DETERMINATIONS, DeterminationRow),
    (AIDS, AidRow),
    (RUNS, RunRow),
    (PAYMENTS, PaymentRow),
    (ENTITLEMENTS, EntitlementRow),
    (FUNDS, FundRow),
    (CARE_FILES, CareFileRow),
    (AGREEMENTS, AgreementRow),
    (MISSED_CONTACTS, MissedContactRow),
]


@pytest.mark.parametrize(("projection", "row"), ROWS, ids=[row.__name__ for _, row in ROWS])
def test_a_row_shows_all_that_its_view_ever_holds_and_nothing_else(
    projection: Projection, row: type[Row]
) -> None:
    types = {t for event in projection.events for t in read_as(event)}
    seen: set[str] = set()
    for history in stored():
        documents: dict[str, Document | None] = {}
        for event in (read(one) for one in history.rows if one.type in types):
            for key in projection.keys(event):
                document = projection.fold(key, documents.get(key), event)
                documents[key] = document
                if document is not None:
                    row.model_validate({**document, KEY: key})
                    seen |= document.keys()
    named = {str(field.validation_alias or name) for name, field in row.model_fields.items()}
    assert seen | {KEY} == named
