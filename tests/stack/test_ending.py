"""Whatever ends ``doudi stack``, nothing of it is left."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from infra.stack import Stack, StackFailed
from shared.settings import SERVICES, SettingsError
from tests.cli.conftest import COMMAND, doudi, environment
from tests.engines.probes import processes_in
from tests.waiting import eventually


def test_the_command_starts_everything_and_killed_leaves_nothing(tmp_path: Path):
    folder = tmp_path / "stack"
    with subprocess.Popen(
        [*COMMAND, "stack", "--folder", str(folder), "--hand-clock"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as stack:
        assert stack.stdout is not None
        said = ""
        for line in stack.stdout:
            said += line
            if "doudi --env-file" in line:
                break
        try:
            assert "payment-worker-1" in said
            assert "Apache Kafka" in said
            status = doudi("--env-file", "stack/doudi.env", "status", cwd=tmp_path)
            assert status.returncode == 0, status.stderr
            topics = doudi("--env-file", "stack/doudi.env", "topics", cwd=tmp_path)
            assert topics.stdout.count("as it must be") == len(SERVICES)
            with pytest.raises(StackFailed, match="another stack runs"), Stack(folder):
                pytest.fail("a second stack came up in the same folder")
            assert len(processes_in(folder)) >= 13
        finally:
            stack.send_signal(signal.SIGKILL)
    assert eventually(lambda: not processes_in(folder))


def test_what_does_not_start_takes_the_rest_down(tmp_path: Path):
    rules = tmp_path / "rules"
    rules.mkdir()
    rules.joinpath("broken.toml").write_text("[[nothing]]\n")
    folder = tmp_path / "stack"
    with (
        pytest.raises(StackFailed, match=r"ended while starting[^$]*doudi: .*broken\.toml"),
        Stack(folder, settings={"POLICY_DIRS": str(rules)}),
    ):
        pytest.fail("a stack with broken parameters came up")
    assert not processes_in(folder)


def test_settings_that_cannot_be_are_told_before_anything_starts(tmp_path: Path):
    with (
        pytest.raises(SettingsError, match="DOUDI_POLL_MS"),
        Stack(tmp_path, settings={"POLL_MS": "0"}),
    ):
        pytest.fail("a stack with a wrong setting came up")
    assert not (tmp_path / "engines").exists()
