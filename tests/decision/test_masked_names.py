"""A name as it hangs in public: never whole."""

from __future__ import annotations

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from services.decision.rules.postings import masked_name

pytestmark = pytest.mark.mechanism("S4-18")


class TestAName:
    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("张三", "张*"),
            ("叶秀珍", "叶**"),
            ("欧阳娜娜", "欧阳**"),
            ("欧阳", "欧*"),
            ("林桂兰芝", "林***"),
            ("阿卜杜拉·买买提", "阿***·***"),
            ("司马义·艾买提", "司**·***"),
            ("Anna Li", "A*** **"),
            ("张 三", "张 *"),
            ("阿", "*"),
        ],
    )
    def test_is_masked_behind_the_family_name(self, name: str, shown: str) -> None:
        assert masked_name(name) == shown

    @examples(st.text(st.characters(categories=["Lo", "Lu", "Ll"]), min_size=1, max_size=30))
    def test_never_hangs_there_whole(self, name: str) -> None:
        shown = masked_name(name)
        assert (len(shown), shown != name) == (len(name), True)
        assert sum(character != "*" for character in shown) <= 2
