"""docs/mutation.md: of every figure, which test fails when it is changed."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from shared.policy import Document, Entry, Policy
from shared.policy.wording import span, titled, worded
from tests.law.citing import Citations, in_order
from tests.law.functions import carried
from tests.mutate.results import ROOT, Place, Result, Verdict, place_of

UNNOTICED: Final = ROOT / "docs" / "unnoticed.toml"

_HEAD: Final = """\
# 数值变异 Changed figures

每一项数值、每一个起止日期依次改错，再运行受理、核查、审核、发放、照料各项规则的测试，直到有一项失败。\
测试自己读取的参数保持原样，只有被测代码遇到错误的数值，所以失败的测试断言的是个案的结果，不是文件的内容。

Every figure of `shared/policy/data` and every day on which one begins or ends is changed in \
turn: a number by one, a ratio by a tenth, a flag flipped, a code replaced by each other one, a \
code of a list dropped and each missing one added, a value where the regime sets none and none \
where it sets one, a date by a day. Then the tests of the rules that meet it are run until one \
fails. What a test itself reads stays as it is; only the code under test meets the change. So what \
fails asserts what becomes of a case, never the file's content. Tests through a whole running \
system are not among them. A day is not moved where the place has the same value without it, nor \
a parameter's very first day to an earlier one: before it nothing is decided by it. `make mutate` \
writes this page (it takes minutes, so no test demands that it is of today).

- **noticed**: the test named fails.
- **survived**: tests meet the changed value, and none fails.
- **untried**: a rule reads the parameter, but no test does so there and then.
- *why*: why no outcome depends on it ([unnoticed.toml](unnoticed.toml)); what is merely untested \
has no reason.
- **no rule yet**: nothing in the services reads the parameter: its rule is not built.
"""


def page(policy: Policy, results: Iterable[Result]) -> str:
    """The page for these results."""
    by_place: dict[Place, list[Result]] = defaultdict(list)
    for result in results:
        by_place[result.place].append(result)
    names = {definition.name for definition in policy.definitions()}
    read = carried(ROOT, Citations(policy.documents()), names).parameters
    reasons = tomllib.loads(UNNOTICED.read_text(encoding="utf-8"))
    entries = [e for d in policy.definitions() for e in policy.entries(d.name)]
    figures = [_Figure(policy, e, by_place[place_of(e)], e.name in read) for e in entries]
    parts = [_HEAD, _totals(figures), *_left(figures, reasons)]
    for document in policy.documents():
        of_it = [figure for figure in figures if figure.entry.document.id == document.id]
        if of_it:
            parts.append(_table(document, of_it))
    return "\n".join(parts)


class _Figure:
    """An entry with what became of its changes."""

    def __init__(
        self, policy: Policy, entry: Entry, results: Sequence[Result], is_read: bool
    ) -> None:
        self.entry = entry
        self.results = results
        self.is_read = is_read
        self._policy = policy

    def changes(self, verdict: Verdict) -> list[str]:
        """The changes of a verdict."""
        return [result.change for result in self.results if result.verdict is verdict]

    @property
    def tests(self) -> list[str]:
        """The tests that failed."""
        return list(dict.fromkeys(result.test for result in self.results if result.test))

    @property
    def told(self) -> str:
        """Parameter, value, place and time."""
        entry = self.entry
        definition = self._policy.definition(entry.name)
        programme = self._policy.programmes.get(entry.programme, entry.programme)
        where = entry.scope or "全国"
        return (
            f"`{entry.name}` {definition.zh}：{worded(definition, entry.figure)} | "
            f"{programme}，{where}，{span(entry.valid_from, entry.valid_to)}"
        )

    @property
    def verdict(self) -> str:
        """What became of its changes, in a table's cell."""
        if not self.is_read:
            return "no rule yet"
        told = []
        if noticed := self.changes(Verdict.NOTICED):
            told.append(f"noticed: {', '.join(noticed)}")
        if survived := self.changes(Verdict.SURVIVED):
            told.append(f"**SURVIVED: {', '.join(survived)}**")
        if untried := self.changes(Verdict.UNTRIED):
            told.append(f"**UNTRIED: {', '.join(untried)}**")
        return "<br>".join(told)


def _totals(figures: Sequence[_Figure]) -> str:
    """How many figures and changes, by what became of them."""
    read = [figure for figure in figures if figure.is_read]

    def changes(verdict: Verdict) -> int:
        return sum(len(figure.changes(verdict)) for figure in read)

    def all_of(verdicts: set[Verdict]) -> int:
        return sum({r.verdict for r in figure.results} <= verdicts for figure in read)

    rows = [
        ("figures 数值", len(figures)),
        ("of a parameter that no rule reads yet 尚无规则读取", len(figures) - len(read)),
        ("read by a rule 已有规则读取", len(read)),
        ("…of these with every change noticed 每项变更均被发现", all_of({Verdict.NOTICED})),
        ("changes tried of what rules read 变更", sum(len(figure.results) for figure in read)),
        ("…noticed 被发现", changes(Verdict.NOTICED)),
        ("…survived 未被发现", changes(Verdict.SURVIVED)),
        ("…untried: met by no test 无测试遇到", changes(Verdict.UNTRIED)),
    ]
    return "| | |\n|---|---|\n" + "".join(f"| {name} | {number} |\n" for name, number in rows)


def _left(figures: Sequence[_Figure], reasons: Mapping[str, str]) -> list[str]:
    """What nobody noticed, and what no rule reads, before everything else."""
    open_ = [figure for figure in figures if figure.is_read and _has_open(figure)]
    rows = "".join(
        f"| {figure.told} | {figure.verdict} | {reasons.get(figure.entry.name, '')} |\n"
        for figure in open_
    )
    parts = [f"## 未被发现 Not noticed\n\n{_COLUMNS}{rows}" if rows else _NONE_LEFT]
    unread = dict.fromkeys(figure.entry.name for figure in figures if not figure.is_read)
    if unread:
        names = ", ".join(f"`{name}`" for name in unread)
        parts.append(f"## 尚无规则读取 No rule yet\n\n{names}.\n")
    return parts


def _has_open(figure: _Figure) -> bool:
    return any(result.verdict is not Verdict.NOTICED for result in figure.results)


_COLUMNS: Final = "| 数值 figure | 适用 holds | 变更 changes | *why* |\n|---|---|---|---|\n"
_NONE_LEFT: Final = "## 未被发现 Not noticed\n\n无。Nothing.\n"
_TESTS: Final = (
    "| 条款 article | 数值 figure | 适用 holds | 变更 changes | 失败的测试 tests that fail |\n"
    "|---|---|---|---|---|\n"
)


def _table(document: Document, figures: Sequence[_Figure]) -> str:
    ordered = sorted(figures, key=lambda figure: in_order(figure.entry.article))
    rows = "".join(
        f"| {figure.entry.article or '—'} | {figure.told} | {figure.verdict} | "
        f"{'<br>'.join(f'`{test}`' for test in figure.tests)} |\n"
        for figure in ordered
    )
    return f"## {titled(document)}\n\n{_TESTS}{rows}"
