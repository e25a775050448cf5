"""The guide's lines, typed as they stand, against a system that is served."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from tests.cli.conftest import ROOT, Served, environment


def lines_of(section: str) -> str:
    """All that a section of the guide says to type."""
    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    text = guide.split(f"\n## {section}\n")[1].split("\n## ")[0]
    return "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))


def test_a_case_by_hand_over_http(served: Served, tmp_path: Path):
    script = tmp_path / "lines.sh"
    script.write_text(lines_of("By hand, over HTTP"), encoding="utf-8")
    port = str(urlsplit(served.address).port)
    done = subprocess.run(
        ["bash", "-e", str(script)],
        cwd=ROOT,
        env=environment(PORT=port, DOUDI_DATA_DIR=str(served.folder / "data")),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert '"status":"accepted"' in done.stdout
    assert '"status":"open"' in done.stdout
    assert "urn:doudi:problem" not in done.stdout
