"""Where operators' orders for a view lie, and the reports of its rebuild: the service's database.

Orders are events in the service's own log, in the operator's name. A report is only for looking
at, and lies beside the log; it is written over.
"""

from __future__ import annotations

import asyncio
from typing import Final
from uuid import uuid5

from shared.contracts.kernel import ViewRebuilt
from shared.kernel.rebuilding import Rebuilding, finish, rebuilding_stream
from shared.kernel.store import AnnexRow
from shared.kernel.submission import NATIONWIDE, SYSTEM_ACTOR, SYSTEM_ROLE, Submission
from shared.runtime.service import Service
from shared.views.port import ViewSpec
from shared.views.rebuild import Order, Report

_KIND: Final = "view-rebuild"


class ViewOrders:
    """The orders for one version of a view of a service; see ``shared.views.rebuild.Orders``."""

    def __init__(self, service: Service, spec: ViewSpec) -> None:
        self._service = service
        self._spec = spec
        self._key = f"{spec.name}/{spec.version}"
        self.stream = rebuilding_stream(spec.name, spec.version)

    async def state(self) -> Rebuilding:
        """What operators want of the view, folded from the log."""
        state: Rebuilding = (await self._service.read(self.stream)).state
        return state

    async def wanted(self) -> Order | None:
        """See ``Orders``."""
        state = await self.state()
        return None if state.rebuild_id is None else Order(state.rebuild_id, state.accepted)

    async def report(self, report: Report) -> None:
        """See ``Orders``."""
        row = AnnexRow(_KIND, self._key, report.model_dump_json().encode())
        await asyncio.to_thread(self._service.store.annex_put, [row])

    async def reported(self) -> Report | None:
        """See ``Orders``."""
        rows = await asyncio.to_thread(self._service.store.annex_get, _KIND, [self._key])
        row = rows.get(self._key)
        return None if row is None else Report.model_validate_json(row.body)

    async def finished(self, report: Report) -> None:
        """See ``Orders``. Raises ``ValueError`` for a report without a comparison."""
        found = report.found
        if found is None:
            raise ValueError("a view is switched once it was compared")
        command_id = uuid5(report.rebuild, "rebuilt")
        rebuilt = ViewRebuilt(
            view=self._spec.name,
            view_version=self._spec.version,
            rebuild_id=report.rebuild,
            position=found.position,
            differing=found.differing,
            digest=found.digest,
        )
        outcome = await self._service.writer.execute(
            Submission(
                command_id=command_id,
                command=rebuilt,
                reads=(self.stream,),
                decide=finish,
                actor=SYSTEM_ACTOR,
                role=SYSTEM_ROLE,
                region=NATIONWIDE,
                causation_id=report.rebuild,
            )
        )
        outcome.or_raise()
        await self.report(report)
