from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from shared.policy import Authority, Document
from tests.law.citing import Citation, Citations, CitingError
from tests.law.functions import carried
from tests.law.page import PAGE, LawError, Sources, page
from tests.law.series import number_of

MINISTRY = Authority("mca", "民政部", "Ministry of Civil Affairs")


def document(name: str, title: str, number: str = "", *short: str) -> Document:
    return Document(name, MINISTRY, title, number, date(2020, 1, 1), None, short)


CITATIONS = Citations(
    [
        document("measures", "最低生活保障审核确认办法", "民发〔2021〕57号"),
        document("law", "中华人民共和国社会救助法", "", "社会救助法"),
        document("plan", "实施方案", "闽民救〔2020〕21号"),
    ]
)


def cited(text: str) -> list[tuple[str, str]]:
    return [(one.document, one.article) for one in CITATIONS.in_docstring(text)]


@pytest.fixture(scope="module")
def sources() -> Sources:
    return Sources.of_today()


def test_the_page_tells_the_law_of_today() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make it anew: make law"


def test_every_mechanism_names_its_article_where_its_document_has_any(sources: Sources) -> None:
    for mechanism in sources.mechanisms:
        assert bool(mechanism.article) == (mechanism.document != "S0"), mechanism.id


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Says nothing of where it comes from (民发〔2021〕57号, art. 23).", []),
        ("Source: 民发〔2021〕57号, art. 23.", [("measures", "23")]),
        ("What it is. Source: 社会救助法.", [("law", "")]),
        ("Source: 民发〔2021〕57号 arts. 14, 23.", [("measures", "14"), ("measures", "23")]),
        ("Source: 民发〔2021〕57号, arts. 4–6.", [("measures", n) for n in "456"]),
        ("Source: 民发〔2021〕57号, arts. 4 to 6.", [("measures", n) for n in "456"]),
        (
            "Source: 闽民救〔2020〕21号, 2(2).1 (12 months; or so); 社会救助法, art. 48 (the end).",
            [("plan", "2(2).1"), ("law", "48")],
        ),
        ("Source: 民发〔2021〕\n57号, arts. 14,\n23.", [("measures", "14"), ("measures", "23")]),
        ("Source: 民发〔2021〕57号, art. 9: income below\nthe standard.", [("measures", "9")]),
        ("Source: 社会救助法, art. 33, which says no more than 就业.", [("law", "33")]),
        ("Source: delegation: 闽民救〔2020〕21号, 2(2).1.", [("plan", "2(2).1")]),
        (
            "Source: 社会救助法.\n\nMore.\n\nSource: 民发〔2021〕57号.",
            [("law", ""), ("measures", "")],
        ),
    ],
)
def test_a_source_is_read(text: str, found: list[tuple[str, str]]) -> None:
    assert cited(text) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Source: 民发〔2099〕1号, art. 1.", "begins with no document that a parameter file"),
        ("Source: 社会救助法; and what else there is.", "begins with no document"),
        ("Source: 社会救助法, art. 3. Raises ``ValueError``.", "no remark in parentheses"),
        ("Source: 社会救助法 art. three.", "no remark in parentheses"),
    ],
)
def test_a_source_that_says_something_else_is_an_error(text: str, said: str) -> None:
    with pytest.raises(CitingError, match=said):
        cited(text)


def module(root: Path, text: str) -> Path:
    (root / "services").mkdir()
    (root / "shared").mkdir()
    (root / "services" / "rules.py").write_text(text, encoding="utf-8")
    return root


def test_functions_carry_what_their_docstrings_and_their_refusals_cite(tmp_path: Path) -> None:
    text = '''
HANDS_SOURCE = "社会救助法 art. 2"

def gap() -> int:
    """What is paid. More of it.

    Source: 民发〔2021〕57号, art. 23.
    """

class Rules:
    def require(self) -> None:
        """Who may."""
        raise Refusal("a", source=HANDS_SOURCE)

def other() -> None:
    raise Refusal("b", source="社会救助法 art. 3")
'''
    found = carried(module(tmp_path, text), CITATIONS, set()).articles
    names = {one: [carrier.name for carrier in found[one]] for one in found}
    assert names == {
        Citation("measures", "23"): ["services/rules.py::gap"],
        Citation("law", "2"): ["services/rules.py::Rules::require"],
        Citation("law", "3"): ["services/rules.py::other"],
    }
    assert found[Citation("measures", "23")][0].says == "What is paid."


def test_functions_read_parameters_by_name_by_constant_and_by_part_of_a_name(
    tmp_path: Path,
) -> None:
    text = """
KEPT = "kept_years"
def plain(r): return r.whole("publicity_days")
def constant(r): return r.whole(KEPT)
def part(r, kind): return r.whole(f"grade_{kind}")
def whole(r, a, b): return r.whole(f"{a}_{b}")
def last(r, kind): return r.whole(f"{kind}_reply_days")
TABLE = {1: "first_step_days", 2: "second_step_days"}
def table(r, step): return r.whole(TABLE[step])
"""
    names = {"publicity_days", "kept_years", "grade_visual", "grade_mental", "court_reply_days"}
    names |= {"first_step_days", "second_step_days"}
    found = carried(module(tmp_path, text), CITATIONS, names).parameters
    read = {name: [one.name.partition("::")[2] for one in found[name]] for name in found}
    assert read == {
        "publicity_days": ["plain"],
        "kept_years": ["constant"],
        "grade_visual": ["part"],
        "grade_mental": ["part"],
        "court_reply_days": ["last"],
        "first_step_days": ["table"],
        "second_step_days": ["table"],
    }


def test_a_constant_is_known_where_it_is_imported_and_what_prints_reads_nothing(
    tmp_path: Path,
) -> None:
    root = module(tmp_path, 'KEPT = "kept_years"\n')
    (root / "services" / "other.py").write_text(
        "from services.rules import KEPT\nfrom services import rules\n"
        "def by_name(r): return r.whole(KEPT)\n"
        "def by_module(r): return r.whole(rules.KEPT)\n",
        encoding="utf-8",
    )
    (root / "services" / "printed").mkdir()
    (root / "services" / "printed" / "page.py").write_text(
        'def shown(r): return r.whole("kept_years")\n', encoding="utf-8"
    )
    found = carried(root, CITATIONS, {"kept_years"}).parameters["kept_years"]
    assert [one.name for one in found] == [
        "services/other.py::by_name",
        "services/other.py::by_module",
    ]


def test_a_bad_source_is_named_by_its_file(tmp_path: Path) -> None:
    text = '\ndef gap() -> int:\n    """Source: 民发〔2099〕1号."""\n'
    with pytest.raises(CitingError, match=r"^services/rules\.py:2: '民发〔2099〕1号'"):
        carried(module(tmp_path, text), CITATIONS, set())


@pytest.mark.parametrize(
    ("not_carried", "said"),
    [
        ({"mca-2099": {"1": "Why."}}, "no file describes mca-2099"),
        ({"mca-2021-57": {"23": "Why."}}, "mca-2021-57 23 is carried"),
        ({"mca-2021-57": {"34": "Why."}}, "mca-2021-57 34 is carried"),
        ({"elsewhere": [{"title": "特困人员认定办法", "why": "Why."}]}, "mca-2021-43 is 特困人员"),
        (
            {"elsewhere": [{"title": "x", "number": "民发〔2021〕43号", "why": "Why."}]},
            "mca-2021-43 is 民发〔2021〕43号",
        ),
    ],
)
def test_what_is_carried_is_not_said_not_to_be(
    sources: Sources, not_carried: dict[str, object], said: str
) -> None:
    with pytest.raises(LawError, match=said):
        page(replace(sources, not_carried=not_carried))


def test_reasons_are_sentences(sources: Sources) -> None:
    reasons = [
        reason
        for name, articles in sources.not_carried.items()
        if name != "elsewhere"
        for reason in articles.values()
    ]
    for reason in (*reasons, *(one["why"] for one in sources.not_carried["elsewhere"])):
        assert reason.endswith("."), reason
        assert "\n" not in reason


def test_an_article_is_told_with_words_value_readers_rules_and_proofs(sources: Sources) -> None:
    article = page(sources).partition("### 二（二）1 (art. 2(2).1)")[2].partition("\n### ")[0]
    for part in (
        "“给予12个月渐退期”",
        "渐退期上限 `phase_out_maximum_months`：**12 个月 (month)**（最低生活保障，福建省 35，"
        "2020-03-31 至 to 2022-10-19）",
        "读取 read by：`services/decision/rules/change.py::phase_out_months`",
        "**规则 rule** `services/decision/rules/change.py::is_above_standard`",
        "**机制 mechanism** S1-14 “12个月渐退期”",
        "证明 proven by `tests/",
    ):
        assert part in article


def test_a_test_that_is_gone_proves_nothing(sources: Sources) -> None:
    gone = page(replace(sources, tests=frozenset()))
    assert "proven by：" not in gone
    assert "proven by `" not in gone


class TestSeries:
    def test_a_value_that_another_document_takes_over_says_so(self, sources: Sources) -> None:
        of_57 = page(sources).partition("## 民发〔2021〕57号")[2].partition("\n## ")[0]
        publicity = of_57.partition("`publicity_days`")[2].partition("- **")[0]
        assert "民发〔2022〕83号" in publicity
        assert "四（二）接续，不变 taken over unchanged" in publicity
        of_220 = page(sources).partition("## 民发〔2012〕220号")[2].partition("\n## ")[0]
        second = of_220.partition("`second_publicity_days`")[2].partition("- **")[0]
        assert "第二十四条改为 changed to **0 个自然日" in second

    def test_where_a_places_own_rule_ends_the_wider_ones_holds(self, sources: Sources) -> None:
        fujian = page(sources).partition("## 闽民救〔2020〕21号")[2].partition("\n## ")[0]
        months = fujian.partition("`phase_out_maximum_months`")[2].partition("- **")[0]
        assert "民发〔2022〕83号" in months
        assert "改为 changed to **6 个月 (month)**" in months

    def test_a_choice_stands_by_the_article_that_it_completes(self, sources: Sources) -> None:
        of_57 = page(sources).partition("## 民发〔2021〕57号")[2].partition("\n## ")[0]
        article = of_57.partition("### 第二十四条 (art. 24)")[2].partition("\n### ")[0]
        assert "补充择定 choice that completes it** 确认后公布的天数" in article

    def test_ages_stand_by_their_articles(self, sources: Sources) -> None:
        of_43 = page(sources).partition("## 民发〔2021〕43号")[2].partition("\n## ")[0]
        fifth = of_43.partition("### 第五条 (art. 5)")[2].partition("\n### ")[0]
        assert "60周岁以上的老年人 age_sixty_or_over；未满16周岁的未成年人 under_sixteen" in fifth
        eighth = of_43.partition("### 第八条 (art. 8)")[2].partition("\n### ")[0]
        assert "60周岁以上的最低生活保障对象 dibao_and_sixty；70周岁以上" in eighth

    @pytest.mark.parametrize(
        ("article", "number"),
        [
            ("第五条", "5"),
            ("第十条", "10"),
            ("第二十四条", "24"),
            ("第一百〇五条", "105"),
            ("四（二）", "4(2)"),
            ("二（二）1", "2(2).1"),
        ],
    )
    def test_articles_are_counted_as_documents_do(self, article: str, number: str) -> None:
        assert number_of(article) == number
