"""A key store from an older copy is told by the log's list whom it forgot. On both engines."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from services.intake.registry.erasure.model import THE_LIST
from services.intake.registry.id_number import parse_id_number
from services.intake.registry.keys import case_key
from services.intake.registry.registry import digest_of
from shared.access.persons import (
    NewNote,
    Standing,
)
from shared.kernel.decider import Refusal
from tests.registry.conftest import CELL, House, Instance, asks
from tests.registry.offices import HUSBAND_NUMBER, SIX_YEARS, Offices
from tests.registry.people import (
    MINHOU,
    NUMBER,
    somebody,
)


@pytest.fixture
def offices(intake: Instance) -> Offices:
    return Offices(intake)


class TestRestored:
    """A key store from an older copy, as the log's list tells it what it forgot."""

    async def test_the_person_stays_erased(
        self, house: House, offices: Offices, caplog: pytest.LogCaptureFixture
    ) -> None:
        intake = offices.intake
        wife, husband = await offices.person(), await offices.person(HUSBAND_NUMBER, "陈大力")
        case_id = await offices.case(wife)
        minutes = await offices.note("评议记录", case_id=case_id)
        digest = digest_of(house.ring, parse_id_number(NUMBER, date(2020, 4, 1)))
        copy = house.copy_of_keys()
        offices.intake.later(SIX_YEARS)
        await offices.erase(wife)
        house.put_back(copy)
        with caplog.at_level(logging.WARNING):
            restarted = house.instance()
            assert (await offices.see(wife, restarted))["standing"] is Standing.ERASED
        assert "2 keys that were erased" in caplog.text
        assert (await offices.see(husband, restarted))["name"] == "陈大力"
        assert restarted.keys.destroyed(case_key(case_id)) is not None
        assert restarted.keys.identity(digest) is None
        assert restarted.keys.listed() == 1
        found = restarted.vault.notes([minutes])[minutes]
        assert not isinstance(found.text, bytes)
        assert intake.names().count("erasure-listed") == 1

    async def test_the_first_who_asks_for_any_key_is_told(
        self, house: House, offices: Offices
    ) -> None:
        person_id = await offices.person()
        copy = house.copy_of_keys()
        await offices.erase(person_id)
        note = NewNote(region=MINHOU, text="x", person_id=person_id)
        for attempt in range(2):
            house.put_back(copy)
            restarted = house.instance()
            if attempt == 0:
                with pytest.raises(Refusal, match="person-erased"):
                    await restarted.registry.put_notes(uuid4(), "decision", [note])
            else:
                again = await restarted.registry.register(somebody(), asks(offices.clerk))
                assert again.person_id != person_id

    async def test_a_list_that_lost_its_end_is_replayed_from_its_start(
        self, house: House, offices: Offices
    ) -> None:
        """Of the log, too, an older copy may have been put back, and went on otherwise."""
        person_id = await offices.person()
        copy = house.copy_of_keys()
        await offices.erase(person_id)
        house.put_back(copy)
        restarted = house.instance()
        restarted.keys.replay((), listed=7)
        assert (await offices.see(person_id, restarted))["standing"] is Standing.ERASED
        assert restarted.keys.listed() == 1

    async def test_what_is_known_is_not_replayed_again(
        self, offices: Offices, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        person_id = await offices.person()
        await offices.erase(person_id)
        await offices.see(person_id)
        replayed: list[Any] = []
        inner = offices.intake.keys._keys
        monkeypatch.setattr(inner, "replay", lambda *given: replayed.append(given))
        await offices.see(person_id)
        assert replayed == []
        stream = THE_LIST.id(CELL, "intake")
        assert len(offices.intake.store.read_stream(stream)) == 1
