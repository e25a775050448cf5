"""Every event has a name for officials."""

from __future__ import annotations

import pytest

from shared.contracts.labels import label_of
from shared.contracts.publish import published


@pytest.mark.parametrize("event_type", sorted(published()))
def test_an_event_is_called_something_in_both_languages(event_type: str) -> None:
    label = label_of(event_type)
    assert label.zh != event_type
    assert any("\u4e00" <= character <= "\u9fff" for character in label.zh)
    assert label.en.isascii()


def test_an_unknown_one_is_called_by_its_type() -> None:
    assert label_of("doudi.intake.never-heard-of.v9").zh == "doudi.intake.never-heard-of.v9"
