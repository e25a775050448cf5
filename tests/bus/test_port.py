"""What a topic must be set to, by how many replicas it has."""

from __future__ import annotations

import pytest

from shared.bus.port import MIN_IN_SYNC, TopicSpec, TopicWrong, require_settings, topic_settings

SPEC = TopicSpec("doudi.fj.intake", 6)


@pytest.mark.parametrize(
    ("replication", "wanted"), [(-1, "1"), (1, "1"), (2, "1"), (3, "2"), (5, "2")]
)
def test_from_three_replicas_on_two_must_have_a_record(replication: int, wanted: str) -> None:
    settings = topic_settings(replication)
    assert settings[MIN_IN_SYNC] == wanted
    assert settings["unclean.leader.election.enable"] == "false"
    require_settings(SPEC, 6, settings, replication)


@pytest.mark.parametrize("seen", ["1", "not set", "0"])
def test_a_topic_whose_records_one_broker_could_lose_is_refused(seen: str) -> None:
    settings = topic_settings(3) | {MIN_IN_SYNC: seen}
    with pytest.raises(TopicWrong, match=f"min.insync.replicas is {seen}, must be 2"):
        require_settings(SPEC, 6, settings, 3)


def test_a_stricter_topic_passes() -> None:
    require_settings(SPEC, 6, topic_settings(3) | {MIN_IN_SYNC: "3"}, 3)
