"""What a parameter file must hold, and what one is told that cannot hold."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from shared.policy import Kind, Policy, PolicyError

FUJIAN = "350924100000"
STORY = date(2020, 4, 1)

HEAD = """
authority = "test"
[documents.d]
title = "A test's notice"
valid_from = 2020-01-01
valid_to = 2025-12-31
by_article = false
[documents.law]
title = "A test's law"
valid_from = 2020-01-01
[documents.silence]
title = "What nobody settled"
valid_from = 2020-01-01
open = true
[values.dibao]
"""
HEATING = """
[units.fen]
"fen a winter" = "元/冬"
[parameters.heating_fen]
kind = "fen"
unit = "fen a winter"
zh = "取暖补贴"
en = "heating"
"""


def folder(path: Path, text: str, head: str = HEAD) -> list[Path]:
    (path / "test.toml").write_text(head + text, "utf-8")
    return [path]


def test_a_deployments_series_replaces_the_built_in_one_whole(tmp_path: Path):
    decided = '[{ value = "county", scope = "35", document = "d" }]'
    policy = Policy.load(folder(tmp_path, f"procedure_decided_by = {decided}"))
    assert policy.at(FUJIAN, "dibao", STORY).code("procedure_decided_by") == "county"
    assert len([e for e in policy.entries("procedure_decided_by") if e.scope == "35"]) == 1
    assert policy.at(FUJIAN, "dibao", STORY).codes("income_deductions")


def test_a_deployment_defines_parameters_of_its_own(tmp_path: Path):
    heating = 'heating_fen = [{ value = 5000, scope = "15", document = "law", article = "3" }]'
    policy = Policy.load(folder(tmp_path, heating + HEATING))
    assert policy.at("150102000000", "dibao", STORY).fen("heating_fen") == 5000
    definition = policy.definition("heating_fen")
    assert (definition.kind, definition.unit_zh) == (Kind.FEN, "元/冬")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            """publicity_days = [
              { value = 7, document = "d", valid_to = 2020-06-30 },
              { value = 5, document = "d", valid_from = 2020-06-30 },
            ]""",
            r"test.toml: dibao.publicity_days, value 1 \(everywhere 2020-01-01 to 2020-06-30\) and "
            r"test.toml: dibao.publicity_days, value 2 .* overlap",
        ),
        (
            """publicity_days = [
              { value = 7, document = "d", valid_to = 2020-06-29 },
              { value = 5, document = "d", valid_from = 2020-07-01 },
            ]""",
            "leave a gap",
        ),
        ('publicity_days = [{ value = 7, document = "e" }]', "no document 'e'"),
        ("publicity_days = [{ value = 7 }]", "document: Field required"),
        ('publicty_days = [{ value = 7, document = "d" }]', "no parameter 'publicty_days'"),
        ('publicity_days = [{ value = -7, document = "d" }]', "-7 is no whole"),
        ('publicity_days = [{ value = true, document = "d" }]', "True is no whole"),
        ('publicity_days = [{ value = "none", document = "d" }]', "must have a value"),
        ('edge_income_factor = [{ value = 1.5, document = "d" }]', "1.5 is a float"),
        ('edge_income_factor = [{ value = "1/0", document = "d" }]', "is no ratio, such as"),
        ('edge_income_factor = [{ value = "-1", document = "d" }]', "zero or more, not -1"),
        ('screening_due = [{ value = "2020-04-15", document = "d" }]', "is no date"),
        ('screening_due = [{ value = 2020-04-15T08:00:00, document = "d" }]', "is no date"),
        ('benefit_method = [{ value = "lot", document = "d" }]', "'lot' is no code, one of gap"),
        ('income_excluded = [{ value = ["luck"], document = "d" }]', "is no codes, one of"),
        ('publicity_days = [{ value = 7, scope = "3", document = "d" }]', "scope: String should"),
        (
            'publicity_days = [{ value = 7, document = "d", valid_from = 2019-12-31 }]',
            "before its document",
        ),
        (
            'publicity_days = [{ value = 7, document = "d", valid_to = 2026-01-01 }]',
            "longer than its document",
        ),
        (
            'publicity_days = [{ value = 7, document = "d", valid_to = 2019-01-01 }]',
            "before it begins",
        ),
        ("[values.lottery]", "no programme 'lottery', but all, child_allowance, dibao"),
        ("publicity_days = [", "test.toml: "),
        (
            '[parameters.publicity_days]\nkind="whole"\nunit="day"\nzh="x"\nen="x"',
            "defines publicity_days a second time",
        ),
        ('[parameters.x]\nkind="code"\nunit="x"\nzh="x"\nen="x"', "only codes, have choices"),
        (
            '[parameters.x]\nkind="code"\nunit="rule"\nzh="x"\nen="x"\nchoices=["a", "a"]',
            "a choice stands there twice",
        ),
        (
            '[parameters.x]\nkind="whole"\nunit="moon"\nzh="x"\nen="x"',
            "test.toml: x: 'moon' is no unit of a whole, but .*'calendar day', ",
        ),
        (
            '[parameters.x]\nkind="ratio"\nunit="working day"\nzh="x"\nen="x"',
            "'working day' is no unit of a ratio",
        ),
        (
            '[parameters.wait_working_days]\nkind="whole"\nunit="calendar day"\nzh="x"\nen="x"',
            "ends in _working_days, but is a whole in the unit 'calendar day'",
        ),
        (
            '[parameters.wait_fen]\nkind="whole"\nunit="day"\nzh="x"\nen="x"',
            "ends in _fen, but is a whole",
        ),
        (
            '[parameters.help]\nkind="fen"\nunit="fen a month"\nzh="x"\nen="x"',
            "its name ends in _fen",
        ),
        ('[labels.benefit_method]\nlot = "x"', "labels of benefit_method that are none of its"),
        ('[labels.nothing]\nlot = "x"', "labels of nothing that are none of its"),
        (
            'publicity_days = [{ value = 7, document = "law" }]',
            "dibao.publicity_days, value 1: no article of law is named as its source",
        ),
        ('publicity_days = [{ value = 7, document = "d", article = "3" }]', "not read by article"),
        ('publicity_days = [{ value = 7, document = "silence" }]', "a note must give the reason"),
        (
            'publicity_days = [{ value = 7, document = "silence", note = " " }]',
            "a note must give the reason",
        ),
        (
            'publicity_days = [{ value = 7, document = "silence", note = "why", article = "3" }]',
            "it has no article",
        ),
        (
            'publicity_days = [{ value = 7, document = "law", article = "3", quote = "seven" }]',
            "quote: String should match",
        ),
        (
            f'publicity_days = [{{ value = 7, document = "d", quote = "{"公示" * 101}" }}]',
            "quote: String should have at most 200 characters",
        ),
        (
            '[documents.mca-2021-57]\ntitle="x"\nvalid_from=2021-07-01',
            "two files describe the document mca-2021-57",
        ),
        (
            '[documents.e]\ntitle="x"\nnumber="民发〔2021〕57号"\nvalid_from=2021-07-01',
            "mca-2021-57 and e are both called 民发〔2021〕57号",
        ),
    ],
)
def test_a_file_that_cannot_hold_is_refused_at_load(tmp_path: Path, text: str, said: str):
    with pytest.raises(PolicyError, match=said):
        Policy.load(folder(tmp_path, text))


def test_a_file_sets_values_only_within_its_own_scope(tmp_path: Path):
    text = 'publicity_days = [{ value = 7, scope = "36", document = "d" }]'
    with pytest.raises(PolicyError, match="'36' lies outside the file's '35'"):
        Policy.load(folder(tmp_path, text, HEAD.replace('"test"', '"test"\nscope = "35"')))


def test_values_without_an_authority_are_refused(tmp_path: Path):
    text = 'publicity_days = [{ value = 7, document = "d" }]'
    with pytest.raises(PolicyError, match="names no authority"):
        Policy.load(folder(tmp_path, text, HEAD.replace('authority = "test"', "")))


def test_a_folder_without_parameters_is_a_mistake(tmp_path: Path):
    with pytest.raises(PolicyError, match="holds no parameter file"):
        Policy.load([tmp_path])


def test_what_the_regime_leaves_out_needs_no_article(tmp_path: Path):
    text = 'total_working_days = [{ value = "none", document = "law" }]'
    policy = Policy.load(folder(tmp_path, text))
    assert policy.at(FUJIAN, "dibao", STORY).whole_or_none("total_working_days") is None


def test_a_deployment_settles_what_was_left_open(tmp_path: Path):
    text = 'phase_out_amount_rule = [{ value = "halve", document = "law", article = "9" }]'
    policy = Policy.load(folder(tmp_path, text))
    value = policy.value("phase_out_amount_rule", FUJIAN, "dibao", STORY)
    assert (value.figure, value.open, value.source) == ("halve", False, "A test's law art. 9")
