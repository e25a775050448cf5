"""Rebuilding a view as an operator types it."""

from __future__ import annotations

import re
import sqlite3

from tests.cli.conftest import Served


def put_a_stray_document(served: Served) -> None:
    """Damage the view behind the system's back: a document that no event led to."""
    with sqlite3.connect(served.folder / "data" / "intake-views.db") as connection:
        version, generation = connection.execute(
            "SELECT version, generation FROM view_progress WHERE view = 'applications'"
        ).fetchone()
        connection.execute(
            f"INSERT INTO view__applications__v{version}__g{generation} VALUES ('stray', 0, '{{}}')"
        )
    connection.close()


def test_views_are_listed_with_how_far_they_are(served: Served) -> None:
    told = served.doudi("views", "list")
    assert told.returncode == 0, told.stderr
    for view in ("applications", "checks", "determinations", "payments"):
        assert view in told.stdout
    one = served.doudi("views", "list", "intake")
    assert "applications" in one.stdout
    assert "checks" not in one.stdout


def test_a_view_that_is_right_is_rebuilt_at_a_word(served: Served) -> None:
    told = served.doudi("views", "rebuild", "verification", "checks")
    assert told.returncode == 0, told.stderr
    assert "已切换 switched" in told.stdout
    assert re.search(r"checks\s*│\s*\d+ │\s*2 │", served.doudi("views", "list").stdout)


def test_what_differs_is_shown_and_accepted_by_its_digest(served: Served) -> None:
    put_a_stray_document(served)
    told = served.doudi("views", "rebuild", "intake", "applications")
    assert told.returncode == 0, told.stderr
    assert "待认可 waits for acceptance" in told.stdout
    assert re.search(r"stray\s*│ 仅见于现视图", told.stdout)
    assert served.doudi("views", "show", "intake", "applications").stdout == told.stdout
    another = served.doudi("views", "rebuild", "intake", "applications")
    assert another.returncode == 1
    assert "该视图正在重建" in another.stderr
    other = served.doudi("views", "accept", "intake", "applications", "0" * 12)
    assert other.returncode == 1
    assert "other differences" in other.stderr
    found = re.search(r"doudi views accept intake applications ([0-9a-f]{12})", told.stdout)
    assert found
    done = served.doudi("views", "accept", "intake", "applications", found[1])
    assert done.returncode == 0, done.stderr
    assert "已切换 switched" in done.stdout


def test_a_rebuild_is_given_up(served: Served) -> None:
    put_a_stray_document(served)
    served.doudi("views", "rebuild", "intake", "applications")
    done = served.doudi("views", "abandon", "intake", "applications")
    assert done.returncode == 0, done.stderr
    assert "没有重建" in served.doudi("views", "show", "intake", "applications").stdout
    again = served.doudi("views", "abandon", "intake", "applications")
    assert again.returncode == 1
    assert "该视图未在重建" in again.stderr
