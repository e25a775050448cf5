"""Divisions by code and date, and what a jurisdiction covers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.regions import (
    Division,
    Jurisdiction,
    Level,
    Regions,
    RegionTableError,
    UnknownDivision,
    covers,
    load_regions,
)

SPRING_2020 = date(2020, 4, 1)
CHONGQING, SICHUAN = "500000000000", "510000000000"
SHOUNING, ZHOUNING = "350924000000", "350925000000"
AOYANG = "350924100000"


@pytest.fixture(scope="module")
def regions() -> Regions:
    return load_regions()


def test_the_demos_counties_are_known_down_to_the_village(regions: Regions):
    village = regions.division("350924100206", SPRING_2020)
    assert (village.name, village.level) == ("安宁村委会", Level.VILLAGE)
    names = [d.name for d in regions.ancestors("350924100206", SPRING_2020)]
    assert names == ["安宁村委会", "鳌阳镇", "寿宁县", "宁德市", "福建省"]
    assert regions.division("532326000000", SPRING_2020).name == "大姚县"
    assert regions.division("611022000000", SPRING_2020).name == "丹凤县"


def test_a_countys_townships_are_its_children(regions: Regions):
    townships = regions.children(ZHOUNING, SPRING_2020)
    assert len(townships) == 9
    assert {d.level for d in townships} == {Level.TOWNSHIP}
    assert regions.at_level("350924100206", Level.COUNTY, SPRING_2020).code == SHOUNING
    with pytest.raises(ValueError, match="lies in no village"):
        regions.at_level(SHOUNING, Level.VILLAGE, SPRING_2020)


def test_a_division_is_known_under_the_code_and_name_of_its_day(regions: Regions):
    assert regions.division("350427000000", date(2020, 4, 1)).name == "沙县"
    assert regions.division("350405000000", date(2022, 4, 1)).name == "沙县区"
    with pytest.raises(UnknownDivision):
        regions.division("350427000000", date(2022, 4, 1))
    with pytest.raises(UnknownDivision):
        regions.division("350405000000", date(2020, 4, 1))
    assert regions.division("532326204001", date(2022, 1, 1)).name == "昙华社区"
    assert regions.division("532326204001", date(2023, 1, 1)).name == "昙华社区居民委员会"


def test_an_unknown_division_says_what_is_near(regions: Regions):
    with pytest.raises(UnknownDivision) as caught:
        regions.division("350924999000", SPRING_2020)
    assert caught.value.code == "350924999000"
    assert caught.value.nearest is not None
    assert caught.value.nearest.name == "寿宁县"
    assert AOYANG in caught.value.allowed
    assert AOYANG in str(caught.value)


@pytest.mark.parametrize("typed", ["", "3509", "350924", "35092410000X", "35092419900101001X"])
def test_what_is_no_code_is_unknown_and_never_repeated(regions: Regions, typed: str):
    with pytest.raises(UnknownDivision) as caught:
        regions.division(typed, SPRING_2020)
    assert caught.value.code == ""
    assert not typed or f" {typed} " not in str(caught.value)
    assert caught.value.allowed[0] == "110000000000"


def test_a_provinces_prefix_has_two_digits_by_its_level():
    """500000 stripped of its zeros would cover Sichuan, Guizhou, Yunnan and Tibet."""
    chongqing = Jurisdiction(CHONGQING, Level.PROVINCE)
    assert chongqing.prefix == "50"
    assert chongqing.covers("500101000000")
    assert not chongqing.covers(SICHUAN)
    assert not chongqing.covers("510104000000")


@pytest.mark.parametrize(
    ("code", "level", "prefix"),
    [
        ("350000000000", Level.PROVINCE, "35"),
        ("350900000000", Level.PREFECTURE, "3509"),
        (SHOUNING, Level.COUNTY, "350924"),
        (AOYANG, Level.TOWNSHIP, "350924100"),
        ("350924100206", Level.VILLAGE, "350924100206"),
    ],
)
def test_a_prefix_has_2_4_6_9_or_12_digits(code: str, level: Level, prefix: str):
    assert Jurisdiction(code, level).prefix == prefix
    assert covers(code, level, "350924100206")
    assert covers(code, level, code)


def test_a_jurisdiction_covers_neither_its_neighbour_nor_what_is_wider():
    county = Jurisdiction(SHOUNING, Level.COUNTY)
    assert not county.covers(ZHOUNING)
    assert not county.covers("350925100000")
    assert not county.covers("350900000000")
    assert not Jurisdiction(AOYANG, Level.TOWNSHIP).covers(SHOUNING)


@pytest.mark.parametrize("handled_by", ["", "350924", "3509241002067", "350924１00206"])
def test_what_is_no_code_is_covered_by_nobody(handled_by: str):
    assert not covers("350924000000", Level.COUNTY, handled_by)


@pytest.mark.parametrize(
    ("code", "level"),
    [
        (SHOUNING, Level.PROVINCE),
        (AOYANG, Level.COUNTY),
        ("35", Level.PROVINCE),
        ("", Level.COUNTY),
    ],
)
def test_a_code_with_digits_beyond_its_level_is_no_jurisdiction(code: str, level: Level):
    with pytest.raises(ValueError, match=r"twelve digits|only zeros may follow"):
        Jurisdiction(code, level)


def test_a_jurisdiction_takes_its_level_from_the_table(regions: Regions):
    assert regions.jurisdiction(CHONGQING, SPRING_2020).prefix == "50"
    assert regions.jurisdiction(AOYANG, SPRING_2020).level is Level.TOWNSHIP


@given(st.data())
def test_every_division_is_covered_by_all_its_ancestors_and_by_no_other(data: st.DataObject):
    regions = load_regions()
    codes = [d.code for d in regions.children(SHOUNING, SPRING_2020)]
    codes += [d.code for d in regions.children("350900000000", SPRING_2020)]
    mine = regions.ancestors(data.draw(st.sampled_from(codes)), SPRING_2020)
    other = regions.jurisdiction(data.draw(st.sampled_from(codes)), SPRING_2020)
    assert all(Jurisdiction(a.code, a.level).covers(mine[0].code) for a in mine)
    assert other.covers(mine[0].code) == (other.code in {a.code for a in mine})


def table(folder: Path, *rows: str) -> tuple[Path]:
    text = "\n".join(["# source: a test", "code,name,level,parent,valid_from,valid_to", *rows])
    (folder / "more.csv").write_text(text + "\n", "utf-8")
    return (folder,)


def test_a_deployment_adds_divisions_of_its_own(tmp_path: Path):
    more = load_regions(table(tmp_path, "510100000000,成都市,prefecture,510000000000,,"))
    assert more.ancestors("510100000000", SPRING_2020)[1].name == "四川省"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["510100000000,成都市,province,,,"], "more.csv:3: 510100000000 is no province"),
        (["510100000000,成都市,prefecture,,,"], "every division but a province has a parent"),
        (["510100000000,成都市,prefecture,990000000000,,"], "parent 990000000000 is not known"),
        (["510100000000,成都市,prefecture,500000000000,,"], "is no part of 500000000000"),
        (["510100000000,成都市,city,510000000000,,"], "more.csv:3: 'city' is not a valid Level"),
        (["510100000000,成都市,prefecture"], "more.csv:3: not enough values"),
        (["510100000000,成都市,prefecture,510000000000,2020-13-01,"], "more.csv:3"),
        (
            [
                "510100000000,成都市,prefecture,510000000000,,2020-12-31",
                "510100000000,成都,prefecture,510000000000,2020-12-31,",
            ],
            "510100000000 has two names on 2020-12-31",
        ),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(tmp_path: Path, rows: list[str], said: str):
    with pytest.raises(RegionTableError, match=said):
        load_regions(table(tmp_path, *rows))


def test_a_file_without_the_columns_is_refused(tmp_path: Path):
    (tmp_path / "more.csv").write_text("code;name\n", "utf-8")
    with pytest.raises(RegionTableError, match="must name code, name, level"):
        load_regions((tmp_path,))


def test_a_division_knows_its_first_and_its_last_day():
    year = Division("1", "", Level.PROVINCE, None, date(2020, 1, 1), date(2020, 12, 31))
    assert year.valid_on(date(2020, 1, 1))
    assert year.valid_on(date(2020, 12, 31))
    assert not year.valid_on(date(2019, 12, 31))
    assert not year.valid_on(date(2021, 1, 1))
