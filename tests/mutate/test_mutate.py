"""The changing of figures proves itself: what a case shows is noticed, and nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shared.policy import Entry, Policy
from tests.law.functions import Carried, carried
from tests.mutate.mutants import Mutant, mutants
from tests.mutate.page import UNNOTICED, page
from tests.mutate.results import ROOT, Result, Verdict, noticing, read, write

OUTCOME = """
from datetime import date
from services.care.rules import level_of
from shared.contracts.care import CareIndicator
from shared.policy import Policy

def test_it():
    regime = Policy.load().at("350924100000", "tekun", date(2023, 1, 1))
    {}
"""
ASSERTS_AN_OUTCOME = """level = level_of(list(CareIndicator)[:{0}], regime)
    assert level == "{1}" """
REPEATS_THE_FILE = 'assert regime.whole("self_care_full_from_failed") == 4'


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.load()


def changes(policy: Policy, name: str, **of: str) -> list[str]:
    return [
        mutant.change
        for mutant in mutants(policy, [name])
        if all(getattr(mutant.entry, key) == value for key, value in of.items())
    ]


def tried(folder: Path, test: str, name: str = "self_care_full_from_failed") -> str:
    (folder / "test_planted.py").write_text(OUTCOME.format(test), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "tests.mutate", name, "--tests", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout + done.stderr


def test_each_kind_of_figure_is_changed_in_each_way(policy: Policy) -> None:
    assert changes(policy, "self_care_full_from_failed") == ["+1", "-1", "begins a day later"]
    assert changes(policy, "materials_asked_once", programme="tekun") == [
        "false",
        "begins a day later",
    ]
    assert changes(policy, "benefit_rounding") == ["down", "up", "begins a day later"]
    assert changes(policy, "care_contacts_each_month", scope="61")[:3] == ["none", "+1", "-1"]
    assert changes(policy, "care_contacts_each_month", scope="")[:1] == ["1"]
    assert changes(policy, "screening_due", scope="532326")[:3] == ["none", "+1 day", "-1 day"]
    assert changes(policy, "screening_due", scope="")[:1] == ["9999-12-31"]
    share = changes(policy, "democratic_review_representative_share", programme="dibao")
    assert share == [
        "none",
        "+1/10",
        "-1/10",
        "begins a day later",
        "1/2",
        "begins a day later",
        "begins a day earlier",
    ]
    assert changes(policy, "aid_places", scope="61")[:3] == [
        "without household_registration",
        "without residence_permit",
        "without place_of_emergency",
    ]


def of(policy: Policy, name: str, scope: str, change: str) -> Mutant:
    (found,) = (
        mutant
        for mutant in mutants(policy, [name])
        if mutant.entry.scope == scope and mutant.change == change
    )
    return found


def test_a_day_is_moved_with_its_neighbour(policy: Policy) -> None:
    later = [
        mutant.series
        for mutant in mutants(policy, ["phase_out_maximum_months"])
        if mutant.change == "begins a day later" and mutant.entry.valid_from == date(2022, 10, 20)
    ]
    ((*_, before, moved),) = later
    assert (before.valid_to, moved.valid_from) == (date(2022, 10, 20), date(2022, 10, 21))
    end = of(policy, "phase_out_maximum_months", "35", "ends a day earlier")
    assert [entry.valid_to for entry in end.series] == [date(2022, 10, 18)]


def test_a_day_that_changes_nothing_is_not_moved(policy: Policy) -> None:
    firsts = [
        mutant.entry.valid_from
        for mutant in mutants(policy, ["publicity_days"])
        if mutant.entry.programme == "dibao" and "begins" in mutant.change
    ]
    assert firsts == [date(2012, 12, 12)]


def test_a_test_of_an_outcome_notices(tmp_path: Path) -> None:
    told = tried(tmp_path, ASSERTS_AN_OUTCOME.format(4, "full_care"))
    found = dict(re.findall(r"^self_care_full_from_failed .*: (.+): (\w+)", told, re.MULTILINE))
    # Four failed are full care, whether it begins with four or, wrongly, with three.
    assert found == {"+1": "noticed", "-1": "survived", "begins a day later": "untried"}, told
    assert re.search(r"\+1: noticed \S*test_planted\.py::test_it", told)


def test_a_test_that_repeats_the_file_notices_nothing(tmp_path: Path) -> None:
    told = tried(tmp_path, REPEATS_THE_FILE)
    assert "noticed: 0\nsurvived: 0\nuntried: 3" in told


def test_nothing_is_tried_where_a_test_fails_anyway(tmp_path: Path) -> None:
    told = tried(tmp_path, "assert not regime")
    assert re.search(r"without any mutant, this fails .*: \S*test_planted\.py::test_it", told)
    assert "noticed" not in told


def test_what_hangs_is_noticed(policy: Policy) -> None:
    from tests.mutate.trial import Trial

    mutant = of(policy, "self_care_full_from_failed", "", "+1")
    hung = Result.of(Trial(mutant, None, met=1, hung=True))
    assert (hung.verdict, hung.test) == (Verdict.NOTICED, "a test that did not end")


def test_results_are_kept_and_name_the_tests_of_an_entry(policy: Policy, tmp_path: Path) -> None:
    path = tmp_path / "mutation.csv"
    results = [
        Result("a_days", "dibao", "", "2020-01-01", "+1", Verdict.NOTICED, "t.py::test_a"),
        Result("a_days", "dibao", "", "2020-01-01", "-1", Verdict.NOTICED, "t.py::test_b"),
        Result("b_days", "dibao", "", "2020-01-01", "+1", Verdict.SURVIVED, ""),
    ]
    write(reversed(results), path)
    assert read(path) == results
    assert noticing(results) == {
        ("a_days", "dibao", "", "2020-01-01"): ["t.py::test_a", "t.py::test_b"]
    }
    assert read(tmp_path / "none.csv") == []


def result_of(entry: Entry, change: str, verdict: Verdict, test: str = "") -> Result:
    return Result(
        entry.name,
        entry.programme,
        entry.scope,
        entry.valid_from.isoformat(),
        change,
        verdict,
        test,
    )


def test_the_page_lists_first_what_nobody_noticed(policy: Policy) -> None:
    (entry,) = policy.entries("self_care_full_from_failed")
    found = [
        result_of(entry, "+1", Verdict.NOTICED, "t.py::test_a"),
        result_of(entry, "-1", Verdict.SURVIVED),
    ]
    told = page(policy, found)
    first = told.partition("## 未被发现 Not noticed")[2].partition("\n## ")[0]
    assert "noticed: +1<br>**SURVIVED: -1**" in first
    assert "`t.py::test_a`" in told
    all_noticed = page(policy, [replace(one, verdict=Verdict.NOTICED) for one in found])
    assert "无。Nothing." in all_noticed


def test_what_no_rule_reads_is_said_to_have_none(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(*given: Any) -> Carried:
        found = carried(*given)
        read = {n: by for n, by in found.parameters.items() if n != "self_care_full_from_failed"}
        return replace(found, parameters=read)

    monkeypatch.setattr("tests.mutate.page.carried", without)
    rows = [row for row in page(policy, []).splitlines() if "no rule yet |" in row]
    assert any("`self_care_full_from_failed`" in row for row in rows)
    assert not any("`self_care_partial_from_failed`" in row for row in rows)


def test_reasons_are_sentences_about_what_was_not_noticed(policy: Policy) -> None:
    unnoticed = {one.parameter for one in read() if one.verdict is not Verdict.NOTICED}
    for name, reason in tomllib.loads(UNNOTICED.read_text(encoding="utf-8")).items():
        assert policy.definition(name)
        assert name in unnoticed
        assert reason.endswith(".")
        assert "|" not in reason
