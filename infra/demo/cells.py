"""The cells in which the demo's stories are lived: each a whole deployment for one province."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from infra.demo.dayao import Dayao
from infra.demo.emergency import (
    FUJIAN_EMERGENCY,
    LARGER_EMERGENCY,
    SHAANXI_EMERGENCY,
    Emergency,
)
from infra.demo.figures import Figure
from infra.demo.office import DAYAO_TOWN, FUJIAN_TOWN, SHAANXI_TOWN, House, Town
from infra.demo.phase_out import PhaseOut
from infra.demo.story import Clock, Story, Tell
from infra.demo.tekun import Tekun
from infra.demo.telling import figures_of
from shared.money import format_yuan


@dataclass(frozen=True)
class Lived:
    """One life that was lived: its title, its case and its figures.

    ``in_print``: its determination is shown as an official hands it out.
    """

    title: str
    case_id: UUID
    figures: list[Figure]
    in_print: bool = False


Lives = Callable[[House, Clock, Tell], Awaitable[list[Lived]]]


@dataclass(frozen=True)
class Cell:
    """A province's deployment: its name, its town, when its hand clock begins, and who lives."""

    name: str
    title: str
    town: Town
    begins_on: date
    live: Lives

    @property
    def settings(self) -> Mapping[str, str]:
        """What its processes are told, by setting without prefix."""
        return {
            "CELL": self.name,
            "HOME_DIVISION": self.town.province,
            "HOME_LEVEL": "province",
            "HAND_CLOCK_START": self.begins_on.isoformat(),
        }


async def _fujian(house: House, clock: Clock, tell: Tell) -> list[Lived]:
    tell("— 急难救助（福建，2020）/ an emergency")
    emergency = Emergency(house, clock, tell, FUJIAN_EMERGENCY)
    await emergency.fund()
    await emergency.apply()
    await emergency.grant()
    await emergency.explain()
    aid = Lived("急难救助 / an emergency", UUID(emergency.case_id), await emergency.figures())
    tell("— 低保家庭（福建，2020–2021）/ a household on dibao")
    story = Story(house, clock, tell)
    case_id = await story.until_confirmed()
    await story.pay()
    begun = figures_of(await story.figures(case_id))
    later = await PhaseOut(house, clock, tell, case_id).live()
    household = [*begun, *later, await _credited(house, 14, "3200.00")]
    return [aid, Lived("低保家庭 / a household on dibao", case_id, household)]


async def _credited(house: House, count: int, in_all: str) -> Figure:
    """The bank's whole ledger: nobody was paid twice, and nobody else."""
    ledger = await house.bank_ledger()
    total = format_yuan(sum(credit["amount_fen"] for credit in ledger))
    title = "银行全部入账 / all that the bank credited"
    return Figure(title, f"{len(ledger)}: {total}", f"{count}: {in_all}")


async def _shaanxi(house: House, clock: Clock, tell: Tell) -> list[Lived]:
    tell("— 特困人员（陕西，2022–2023）/ a person in extreme difficulty")
    tekun = Tekun(house, clock, tell)
    await tekun.until_february()
    tell("— 急难发生地救助（陕西，2023）/ emergencies away from home")
    small = Emergency(house, clock, tell, SHAANXI_EMERGENCY)
    await small.fund()
    await small.apply()
    await small.assess()
    await small.grant()
    large = Emergency(house, clock, tell, LARGER_EMERGENCY)
    await large.apply()
    await large.assess()
    referred = await large.grant()
    await large.grant_by_county()
    paid = await large.payment()
    await small.explain()
    await large.explain()
    beyond = [
        Figure("1,200 元报县级 / referred to the county", str(referred), "True"),
        Figure("县级审批后入账 / then paid", format_yuan(paid["amount_fen"]), "1200.00"),
    ]
    aid = Lived(
        "急难发生地救助 / an emergency away from home",
        UUID(small.case_id),
        [*await small.figures(), *beyond],
    )
    tell("— 特困人员，续 / the person in extreme difficulty, continued")
    figures = [*await tekun.live_on(), await _credited(house, 3, "3000.00")]
    return [aid, Lived("特困人员 / a tekun person", UUID(tekun.case_id), figures)]


async def _yunnan(house: House, clock: Clock, tell: Tell) -> list[Lived]:
    tell("— 建档立卡户（云南大姚，2020）/ registered poor households")
    dayao = Dayao(house, clock, tell)
    await dayao.live()
    refusals = [
        *dayao.figures_of_screening(),
        *dayao.figures_of_refusals(),
        Figure(
            "逐月发放 / paid month by month",
            await dayao.paid(dayao.idle),
            "600.00, 600.00, 500.00, 600.00, 400.00, 400.00, 400.00",
        ),
    ]
    rises = [
        *dayao.figures_of_rises(),
        Figure(
            "逐月发放 / paid month by month",
            await dayao.paid(dayao.rising),
            "600.00, 600.00, 600.00, 75.00, 75.00, 75.00",
        ),
    ]
    return [
        Lived("拒不参加扶贫项目 / refused projects", UUID(dayao.idle.case_id), refusals),
        Lived(
            "脱贫不脱保与渐退 / staying, and leaving",
            UUID(dayao.rising.case_id),
            rises,
            in_print=True,
        ),
    ]


FUJIAN: Final = Cell("fj", "福建 / Fujian", FUJIAN_TOWN, date(2020, 3, 31), _fujian)
SHAANXI: Final = Cell("sx", "陕西 / Shaanxi", SHAANXI_TOWN, date(2022, 12, 1), _shaanxi)
YUNNAN: Final = Cell("yn", "云南 / Yunnan", DAYAO_TOWN, date(2020, 3, 2), _yunnan)
CELLS: Final = (FUJIAN, YUNNAN, SHAANXI)
