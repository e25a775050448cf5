"""The worked cases by their numbers, lived in their own cells."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from infra.demo.cells import FUJIAN, SHAANXI, YUNNAN, Cell, Lived
from infra.demo.figures import wrong
from infra.demo.office import Official
from shared.access.roles import Role
from tests.house import Run, running
from tests.lived import Listening
from tests.privacy.places import looked_at, marks_of, scan_embedded
from tests.privacy.scan import Scan

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass
class Cellar:
    """A cell whose stories were lived; ``house`` still answers."""

    cell: Cell
    house: Listening
    lives: list[Lived]
    run: Run

    def figures(self, life: int) -> dict[str, str]:
        """What a life has come to, by the English half of each title."""
        return {f.title.partition(" / ")[2]: f.seen for f in self.lives[life].figures}

    async def events(self, life: int) -> list[dict[str, Any]]:
        """A life's timeline, as oversight tells it to the province's auditor."""
        path = f"/cases/{self.lives[life].case_id}/timeline?limit=1000"
        auditor = self.cell.town.auditor
        found: list[dict[str, Any]] = (await self.house.see(auditor, "oversight", path))["entries"]
        return found


@asynccontextmanager
async def lived_in(cell: Cell, folder: Path) -> AsyncIterator[Cellar]:
    """The cell's embedded system once its stories were lived; ``make stack-demo`` lives them on
    real engines, which would take a test run a minute for each cell.
    """
    settings = {name.lower(): value for name, value in cell.settings.items()}
    async with running(folder, **settings) as run:
        house = Listening(run.house.system, run.house.sandboxes, run.house.client)
        yield Cellar(cell, house, await cell.live(house, run.advance, _mute), run)


def _mute(_step: str) -> None:
    """Nobody listens."""


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def fujian(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Cellar]:
    async with lived_in(FUJIAN, tmp_path_factory.mktemp("fj")) as cellar:
        yield cellar


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def shaanxi(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Cellar]:
    async with lived_in(SHAANXI, tmp_path_factory.mktemp("sx")) as cellar:
        yield cellar


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def yunnan(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Cellar]:
    async with lived_in(YUNNAN, tmp_path_factory.mktemp("yn")) as cellar:
        yield cellar


async def test_everything_in_yunnan_comes_out_as_it_must(yunnan: Cellar) -> None:
    assert [sentence for life in yunnan.lives for sentence in wrong(life.figures)] == []


async def test_everything_in_fujian_comes_out_as_it_must(fujian: Cellar) -> None:
    assert [sentence for life in fujian.lives for sentence in wrong(life.figures)] == []


async def test_everything_in_shaanxi_comes_out_as_it_must(shaanxi: Cellar) -> None:
    assert [sentence for life in shaanxi.lives for sentence in wrong(life.figures)] == []


async def test_worked_case_1_deductions(fujian: Cellar) -> None:
    """2,900 less 700 is 2,200; 600 × 4 − 2,200 = 200."""
    figures = fujian.figures(1)
    assert (figures["counted income"], figures["monthly amount"]) == ("2200.00", "200.00")
    (proposed,) = [e for e in await fujian.events(1) if e["en"] == "benefit proposed"]
    assert proposed["arithmetic"] == "600.00 × 4 − 2200.00 = 200.00"
    assert {rule["name"] for rule in proposed["rules"]} >= {"standard_monthly_fen"}


@pytest.mark.mechanism("S0-13", "S2-5")
async def test_worked_case_2_phase_out(fujian: Cellar) -> None:
    """650 a head is above 600: twelve payments of 200 from June 2020 to May 2021, none after."""
    figures = fujian.figures(1)
    assert (figures["first month"], figures["last month"]) == ("2020-06", "2021-05")
    assert (figures["payments"], figures["in all"]) == ("12", "2400.00")
    events = await fujian.events(1)
    (started,) = [e for e in events if e["en"] == "phase-out started"]
    assert (started["effective_on"], started["data"]["amount_fen"]) == ("2020-05-18", 200_00)
    assert any(
        rule["source"] and rule["source"].startswith("闽民救〔2020〕21号")
        for rule in started["rules"]
    )
    (ended,) = [e for e in events if e["en"] == "case ended"]
    assert ended["effective_on"] == "2021-06-01"
    assert ended["because"]["entry"] == started["number"]


async def test_worked_case_4_emergency(fujian: Cellar) -> None:
    """Accepted on 31 March 2020: five working days over Qingming end on 8 April."""
    figures = fujian.figures(0)
    assert (figures["due by"], figures["overdue"]) == ("2020-04-08", "False")
    assert "due by" in figures


async def test_worked_case_16_monthly_contact(shaanxi: Cellar) -> None:
    figures = shaanxi.figures(1)
    assert figures["months missed"] == "2023-03"
    events = await shaanxi.events(1)
    (missed,) = [e for e in events if e["en"] == "monthly contact missed"]
    assert missed["effective_on"] == "2023-04-01"
    signed = [e["data"] for e in events if e["en"] == "care agreement signed"]
    (ended,) = [e["data"] for e in events if e["en"] == "care agreement ended"]
    assert signed[0]["agreement_id"] == ended["agreement_id"]
    assert signed[0]["agreement_id"] != signed[1]["agreement_id"]
    assert ended["reason"] == "caregiver_replaced"


async def test_worked_case_18_aid_where_it_happens(shaanxi: Cellar) -> None:
    """800 from the fund of 10,000 at once; 1,200 are the county's, and leave the fund alone."""
    figures = shaanxi.figures(0)
    assert (figures["amount"], figures["fund"]) == ("800.00", "9200.00")
    assert figures["referred to the county"] == "True"
    (granted,) = [e for e in await shaanxi.events(0) if e["en"] == "aid granted"]
    assert granted["data"]["tier"] == "township"
    assert granted["data"]["explanation_due"]["on"] > granted["effective_on"]


class TestATimeline:
    async def test_every_entry_comes_after_its_cause(self, fujian: Cellar) -> None:
        for life in range(len(fujian.lives)):
            entries = await fujian.events(life)
            assert [e["number"] for e in entries] == list(range(1, len(entries) + 1))
            for entry in entries:
                cause = entry["because"] and entry["because"]["entry"]
                assert cause is None or cause < entry["number"]
                assert all(entry["number"] < following for following in entry["followed"])

    async def test_another_county_is_shown_nothing(self, fujian: Cellar) -> None:
        stranger = Official("other auditor", Role.AUDITOR, "350102000000", "county")
        path = f"/cases/{fujian.lives[0].case_id}/timeline"
        answer = await fujian.house.call(stranger, "GET", "oversight", path)
        assert (answer.status_code, answer.json()["code"]) == (403, "division-not-covered")

    async def test_it_is_read_in_pages(self, fujian: Cellar) -> None:
        whole = await fujian.events(1)
        path = f"/cases/{fujian.lives[1].case_id}/timeline"
        first = await fujian.house.see(fujian.cell.town.auditor, "oversight", f"{path}?limit=10")
        after = first["next"]
        rest = await fujian.house.see(
            fujian.cell.town.auditor, "oversight", f"{path}?after={after}&limit=1000"
        )
        assert after == 10
        assert [*first["entries"], *rest["entries"]] == whole


async def test_a_moment_that_has_not_come_is_refused(fujian: Cellar) -> None:
    path = f"/cases/{fujian.lives[0].case_id}/history?known_at=2031-01-01T00:00:00Z"
    answer = await fujian.house.call(fujian.cell.town.auditor, "GET", "oversight", path)
    assert (answer.status_code, answer.json()["code"]) == (422, "moment-ahead")
    assert "latest" in answer.json()


async def test_nothing_personal_of_anybody_in_care_is_outside_the_vault(shaanxi: Cellar) -> None:
    """The same search as after the household's story, where care and reserve funds have rows."""
    scan = Scan(marks_of(shaanxi.house.sent))
    assert any("拒不整改" in mark for mark in scan.marks)
    await asyncio.to_thread(scan_embedded, shaanxi.run, scan)
    assert scan.findings == []
    for service, part in (
        ("care", "stored_events"),
        ("care", "care_files"),
        ("care", "missed_contacts"),
        ("decision", "aids"),
        ("payment", "funds"),
        ("oversight", "copies"),
    ):
        assert looked_at(scan, service, part), f"{service} {part}"


async def test_worked_case_8_above_the_poverty_line_it_stays(yunnan: Cellar) -> None:
    """4,200 a head and year, above 4,000 and below 4,500: 300 × 3 / 12 = 75 a month."""
    assert yunnan.figures(1)["stays"] == "75.00"
    changed = [e for e in await yunnan.events(1) if e["en"] == "amount changed"]
    assert changed[-1]["arithmetic"] == "375.00 × 3 − 1050.00 = 75.00"
    assert changed[-1]["data"]["above_poverty_line"] is True


async def test_worked_case_9_phase_out_bounds(yunnan: Cellar) -> None:
    """4,800: five and thirteen months are rejected, six accepted; 4,500: people look into it."""
    figures = yunnan.figures(1)
    assert figures["five months"] == figures["thirteen"] == "phase-out-months-outside"
    assert figures["six months"] == "2020-09 – 2021-02: 75.00"
    assert figures["exactly at the standard"] == "manual review"


async def test_worked_case_11_refused_projects(yunnan: Cellar) -> None:
    """Gap 600, own share 200: 600 after two refusals, 500 cut by half, 400 stopped."""
    figures = yunnan.figures(0)
    assert figures["after two refusals"] == "600.00"
    assert figures["the third, by half"] == "500.00"
    assert figures["restored by taking part"] == "600.00"
    assert figures["three again: stopped"] == "400.00"


async def test_worked_case_13_rosters(yunnan: Cellar) -> None:
    """Three rosters are one task with three tags; enrolled is skipped; exclusion has a code."""
    figures = yunnan.figures(0)
    assert figures["one task, with tags"].count(",") == 2
    assert figures["in a case already"] == "in_dibao_case"
    assert figures["without a coded reason"] == "422"
    assert figures["after a second check"] == "income_not_below_standard"
