"""One long life: a household of Shouning from April 2020 to August 2026, over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from infra.demo.office import FUJIAN_TOWN, Official, StoryFailed
from infra.demo.people import HOUSEHOLD, PLANTED, told
from infra.demo.road import BY_220_DELEGATED, Family, Road
from shared.access.roles import Role
from tests.house import Run, running

pytestmark = pytest.mark.asyncio(loop_scope="session")

FAMILY: Final = Family(HOUSEHOLD, wages_fen={1: 2_200_00})
"""Four persons on one wage: 200 yuan below four standards of 600."""
PENSION_FEN: Final = 130_00
"""What the mother gets of the basic pension from autumn 2020 on."""


class _Life:
    """The household's dealings after its confirmation."""

    def __init__(self, run: Run, road: Road) -> None:
        self._run = run
        self._road = road

    async def reports(self, on: date, wage_fen: int, **more: Any) -> str:
        """The whole account anew, with the pension; the change's path."""
        await self._run.advance(on)
        pension = {"kind": "transfer", "item": "basic_pension", "amount_fen": PENSION_FEN}
        body = {
            "income": [
                *self._road.income({1: wage_fen}),
                pension | {"person_id": self._road.person_ids[3]},
            ],
            "explanation": told("家庭收入变化"),
        }
        reported = await self._run.house.do(
            self._road.clerk, "decision", f"{self._road.here}/changes", body | more
        )
        return f"{self._road.here}/changes/{reported['change_id']}"

    async def after(self, change: str, by: Official, **chosen: Any) -> dict[str, Any]:
        """The determination after somebody's decision on a change."""
        seen = f"{self._road.here}/determination"
        decision = f"{change}/decision"
        await self._run.house.do(by, "decision", decision, chosen, at=seen)
        now: dict[str, Any] = await self._road.determination()
        return now

    async def printed(self) -> str:
        path = f"{self._road.here}/determination/printed"
        answer = await self._run.house.call(self._road.clerk, "GET", "decision", path)
        assert answer.status_code == 200, answer.text
        return answer.text


def sections(printed: str) -> Mapping[str, str]:
    """What is printed of each decision, by its day and English name; the latest of a day."""
    found = {}
    for section in printed.split("─" * 72 + "\n")[1:]:
        head, _, rest = section.partition("\n")
        on, _, name = head.partition(". ")[2].partition("  ")
        found[f"{on} {name.partition(' / ')[2]}"] = rest
    return found


async def test_one_long_life_through_every_regime(tmp_path: Path) -> None:
    """The regime of each step is that of the day its procedure opens.

    2012's measures count the pension in 2020; those of 2021 do not; the notice of late 2022 leaves
    six months of phase-out; the law of 2026 wants the household heard before it gets less.
    """
    async with running(tmp_path, hand_clock_start=date(2020, 4, 7)) as run:
        road = Road(run.house, run.advance, FUJIAN_TOWN, FAMILY, BY_220_DELEGATED)
        await road.to_confirmation(date(2020, 4, 7))
        assert (await road.determination())["amount_fen"] == 200_00
        life = _Life(run, road)
        township, county = road.decider, FUJIAN_TOWN.of_county("approver", Role.COUNTY_APPROVER)

        pension_counts = await life.reports(date(2020, 9, 14), 2_200_00)
        assert (await life.after(pension_counts, township))["amount_fen"] == 200_00 - PENSION_FEN

        pension_is_left_out = await life.reports(date(2021, 8, 9), 2_200_00)
        assert (await life.after(pension_is_left_out, township))["amount_fen"] == 200_00

        above = await life.reports(date(2022, 11, 14), 2_600_00)
        leaving = await life.after(above, township, phase_out_months=6)
        assert leaving["stage"] == "phasing_out"
        months = (leaving["leaving"]["first_month"], leaving["leaving"]["last_month"])
        assert months == ("2022-12", "2023-05")

        # Fujian delegated while the epidemic lasted: the county decides from now on.
        below_again = await life.reports(date(2023, 3, 13), 2_000_00)
        assert (await life.after(below_again, county))["amount_fen"] == 400_00

        more = await life.reports(date(2026, 8, 3), 2_300_00, basic_pension="excluded")
        with pytest.raises(StoryFailed, match="hearing-missing"):
            await life.after(more, county)
        statement = {"statement": told("没有意见")}
        await run.house.do(road.clerk, "decision", f"{more}/hearing", statement)
        assert (await life.after(more, county))["amount_fen"] == 100_00

        printed = await life.printed()
        assert not any(mark in printed for mark in PLANTED)
        said = sections(printed)
        regimes = {
            "2020-09-14 amount changed": "the trial measures of 2012",
            "2021-08-09 amount changed": "the measures of 2021）",
            "2022-11-14 phase-out started": "the measures of 2021 with the notice of 2022",
            "2023-03-13 amount changed": "the measures of 2021 with the notice of 2022",
            "2026-08-03 amount changed": "the Social Assistance Law",
        }
        assert {step: regime in said[step] for step, regime in regimes.items()} == dict.fromkeys(
            regimes, True
        ), printed
