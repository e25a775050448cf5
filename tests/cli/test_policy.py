"""``doudi policy`` as an official or a lawyer types it, with nothing running."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import doudi

SHOUNING, DAYAO = "350924100000", "532326101000"
COUNTY = """
authority = "shouning"
name = { zh = "寿宁县民政局", en = "Shouning: Civil Affairs Bureau" }
scope = "350924"

[documents.notice]
title = "A notice of the county"
number = "寿民〔2020〕1号"
valid_from = 2020-03-01
by_article = false

[values.dibao]
standard_monthly_fen = [
  { value = 65000, document = "notice", valid_to = 2020-12-31 },
  { value = 70000, document = "notice", valid_from = 2021-01-01, note = "每年调整。" },
]
phase_out_amount_rule = [{ value = "halve", document = "notice" }]
"""

A_FEN_IN_DAYS = '[parameters.x]\nkind = "fen"\nunit = "day"\nzh = "x"\nen = "x"\n'


@pytest.fixture
def county(tmp_path: Path) -> dict[str, str]:
    """The settings of a deployment with a county's own figures."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "county.toml").write_text(COUNTY, encoding="utf-8")
    return {"DOUDI_POLICY_DIRS": "rules"}


def typed(
    cwd: Path, *arguments: str, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return doudi("policy", *arguments, cwd=cwd, env=env)


def rows(told: subprocess.CompletedProcess[str], word: str) -> list[list[str]]:
    """The cells of the lines of tables in which a word stands."""
    assert told.returncode == 0, told.stderr
    return [
        [cell.strip() for cell in line.strip("│").split("│")]
        for line in told.stdout.splitlines()
        if "│" in line and word in line
    ]


def test_a_value_is_shown_with_its_source_and_what_it_goes_before(tmp_path: Path) -> None:
    asked = ("--region", SHOUNING, "--on", "2020-05-18", "--programme", "dibao")
    told = typed(tmp_path, "show", "phase_out_maximum_months", *asked)
    assert told.returncode == 0, told.stderr
    for part in (
        "渐退期上限 longest phase-out",
        "12 个月 (month)",
        "闽民救〔2020〕21号《2020年社会救助兜底脱贫行动实施方案》 二（二）1 (art. 2(2).1)",
        "“给予12个月渐退期”",
        "福建省 35，2020-03-31 至 to 2022-10-19",
        "不设 none — 全国 everywhere，民发〔2012〕220号",
    ):
        assert part in told.stdout
    marked = [row for row in rows(told, "个月") if row[0] == "→"]
    assert [(row[1], row[2]) for row in marked] == [("2020-03-31 至 to 2022-10-19", "福建省 35")]
    (later,) = rows(told, "2022-10-20")
    assert later[3] == "6 个月 (month)"
    assert not (tmp_path / "data").exists()


def test_the_values_are_those_of_the_deployment(tmp_path: Path, county: dict[str, str]) -> None:
    def standard(on: str) -> str:
        asked = ("--region", SHOUNING, "--on", on)
        return typed(tmp_path, "show", "standard_monthly_fen", *asked, env=county).stdout

    assert "650.00 元/人·月 yuan (a person and month)" in standard("2020-12-31")
    first_day = standard("2021-01-01")
    assert "每年调整。" in first_day
    assert "寿民〔2020〕1号《A notice of the county》" in first_day
    assert "寿宁县 350924" in first_day


def test_an_open_choice_is_told_with_its_reason_until_somebody_settles_it(
    tmp_path: Path, county: dict[str, str]
) -> None:
    asked = ("show", "phase_out_amount_rule", "--region", SHOUNING, "--on", "2020-05-18")
    left_open = typed(tmp_path, *asked).stdout
    assert "法规未作规定，由本系统择定 no regulation settles it" in left_open
    assert "理由 reason" in left_open
    settled = typed(tmp_path, *asked, env=county).stdout
    assert "减半 halve" in settled
    assert "no regulation settles it" not in settled


@pytest.mark.parametrize("key", ["second publicity", "二次公示", "second_publicity"])
def test_several_parameters_are_listed(tmp_path: Path, key: str) -> None:
    told = typed(tmp_path, "show", key, "--region", SHOUNING, "--on", "2020-05-18")
    listed = [row for row in rows(told, "second_publicity") if " " in row[2]]  # a long one wraps
    found = {(row[0], row[2].split()[1]): row[3] for row in listed}
    decide, objection = (
        f"second_publicity_{what}_within_working_days" for what in ("decide", "objection")
    )
    assert found[decide, "dibao"] == "3 个工作日 (working day)"
    assert found[decide, "temporary_assistance"] == "不设 none"
    assert found[objection, "dibao"] == "20 个工作日 (working day)"


def test_what_has_no_value_names_the_nearest(tmp_path: Path) -> None:
    asked = ("--region", SHOUNING, "--on", "2012-12-11")
    told = typed(tmp_path, "show", "publicity_days", "--programme", "dibao", *asked)
    assert told.returncode == 1
    assert "无值 no value" in told.stderr
    assert "nearest: everywhere from 2012-12-12 to 2021-06-30 (民发〔2012〕220号)" in told.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "publicty_days"), "is 'publicity_days' meant"),
        (("show", "nothing at all"), "no parameter is called 'nothing at all'"),
        (("show", "publicity_days", "--region", "3509241"), "2, 4, 6, 9 or 12 digits"),
        (("show", "publicity_days", "--programme", "lottery"), "there is no programme lottery"),
        (("diff", "--region", "35"), "name another date"),
        (("diff", "--against", "35", "--programme", "lottery"), "there is no programme lottery"),
    ],
)
def test_what_cannot_be_answered_is_said(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    told = typed(tmp_path, *arguments)
    assert told.returncode != 0
    assert told.stdout == ""
    assert said in " ".join(told.stderr.replace("│", " ").split())


def test_two_dates_are_compared(tmp_path: Path) -> None:
    told = typed(tmp_path, "diff", "--region", "61", "--on", "2022-10-19", "--and", "2022-10-20")
    (months,) = rows(told, "6 个月")
    assert months[2:] == ["不设 none", "6 个月 (month)"]
    assert rows(told, "publicity_days") == []
    assert "数值相同、依据不同" in told.stdout
    every = typed(
        tmp_path, "diff", "--region", "61", "--on", "2022-10-19", "--and", "2022-10-20", "--all"
    )
    assert rows(every, "publicity_days")
    assert "数值相同、依据不同" not in every.stdout


def test_two_places_are_compared(tmp_path: Path) -> None:
    places = ("--region", SHOUNING, "--against", DAYAO, "--on", "2020-05-18")
    told = typed(tmp_path, "diff", "phase_out", *places)
    (least,) = rows(told, "个月 (month)")
    assert least[2:] == ["12 个月 (month)", "6 个月 (month)"]
    (granted,) = rows(told, "应当给予")
    assert granted[2:] == ["应当给予 shall", "可以给予 may"]


def test_the_same_compared_with_itself_differs_in_nothing(tmp_path: Path) -> None:
    told = typed(tmp_path, "diff", "--region", "35", "--against", "35", "--on", "2020-05-18")
    assert told.stdout == "没有不同 Nothing differs.\n"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        pytest.param(
            ("valid_from = 2021-01-01", "valid_from = 2021-01-02"),
            "standard_monthly_fen, value 1 (350924 2020-03-01 to 2020-12-31) and county.toml: "
            "dibao.standard_monthly_fen, value 2 (350924 2021-01-02 to now) leave a gap",
            id="gap",
        ),
        pytest.param(
            ("valid_from = 2021-01-01", "valid_from = 2020-12-31"), "overlap", id="overlap"
        ),
        pytest.param(
            ("by_article = false", ""),
            "county.toml: dibao.standard_monthly_fen, value 1: no article of notice is named",
            id="no source",
        ),
        pytest.param(
            ("by_article = false", "open = true"),
            "value 1: notice is an open choice: a note must give the reason",
            id="no reason",
        ),
        pytest.param(
            ("[values.dibao]", f"{A_FEN_IN_DAYS}[values.dibao]"),
            "county.toml: x: 'day' is no unit of a fen",
            id="unit",
        ),
    ],
)
def test_a_wrong_file_stops_the_start_and_is_named(
    tmp_path: Path, county: dict[str, str], wrong: tuple[str, str], said: str
) -> None:
    file = tmp_path / "rules" / "county.toml"
    file.write_text(COUNTY.replace(*wrong), encoding="utf-8")
    told = doudi("serve", cwd=tmp_path, env={**county, "PORT": "0"})
    assert told.returncode == 1
    assert said in told.stderr
