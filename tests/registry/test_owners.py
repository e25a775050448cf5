"""What a running service tells the sweep of a command of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from infra.demo.office import CLERK
from services.intake.registry.owners import HttpOwner, OwnerAway, StoreOwner
from shared.access.registry import NOTES_PURPOSE
from shared.contracts.intake import ApplicationSubmitted
from shared.kernel.event import read
from tests.house import Run, application, running

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    async with running(tmp_path_factory.mktemp("owners")) as made:
        yield made


async def test_the_notes_that_a_commands_events_name_are_told(run: Run) -> None:
    members = await run.household()
    await run.house.do(CLERK, "intake", "/applications", application(members))
    intake = run.embedded.services["intake"]
    events = [read(row) for row in intake.store.read_log(0, 1_000)]
    (submitted,) = [e for e in events if isinstance(e.data, ApplicationSubmitted)]
    told = await StoreOwner(intake.store, intake.timekeeper.read).standing(submitted.command_id)
    assert told.names(submitted.data.reason.note_id)
    assert not told.names(uuid4())


async def test_a_service_whose_log_was_not_checked_yet_says_nothing(run: Run) -> None:
    decision = run.embedded.services["decision"]
    neighbours = run.embedded.services["intake"].neighbours
    owner = HttpOwner(neighbours.client("decision"), neighbours.auth("decision", NOTES_PURPOSE))
    unknown = UUID(int=7)
    assert not (await owner.standing(unknown)).handled
    decision.writer.close()
    with pytest.raises(OwnerAway, match="503"):
        await owner.standing(unknown)
