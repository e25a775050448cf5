"""docs/law.md: document by document, article by article: what carries the law, what proves it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from shared.policy import Document, Entry, Policy
from shared.policy.wording import article_zh, span, titled, worded
from shared.regions import Regions, load_regions
from tests.coverage.marks import proofs
from tests.coverage.page import Mechanism, mechanisms
from tests.law.citing import Citation, Citations, in_order
from tests.law.functions import Carried, Carrier, carried
from tests.law.names import tests_of
from tests.law.series import completing, successor
from tests.mutate.results import Place, noticing, place_of, read

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "law.md"
NOT_CARRIED: Final = ROOT / "docs" / "not-carried.toml"
WHOLE: Final = "whole"

FOUNDING: Final = {
    "S0": "mca-2020-action",
    "S1": "fujian-2020-21",
    "S2": "mca-2021-guidance",
    "S3": "dayao-2020-2",
    "S4": "shaanxi-2022-23",
}
"""The five documents whose mechanisms are listed."""

_HEAD: Final = """\
# 法规条款 The law, article by article

本系统依据的每一份文件，逐条列出：原文、由此规定的数值（适用的救助、地域和期间）、执行该条的规则、证明它的测试，\
以及尚未落实的内容。只列有数值、规则、机制或者理由引用的条款；未列出的条款不表示没有规定。\
供不读程序的法律工作者核对。数值和依据也可用 `doudi policy show` 查询。

Every document that this system goes by, article by article: its words, the values that it sets \
with their place and time, the rules that carry it, the tests that prove it, and what is not \
carried. Only articles that a value, a rule, a mechanism or a reason names are listed: one that is \
not may well say something. For lawyers who read no program.

- **原文 words** are quoted from the document, where the file of the values or the list of \
mechanisms quotes them.
- **数值 value**: set by the article. *证明 proven by* names tests that fail when this figure is \
changed ([mutation.md](mutation.md)); without one, none does.
- **其后 then**: by which article the value goes on, or is another, on the day after its last.
- **补充择定 choice that completes it**: what this system has chosen where the article leaves \
something open, with its reason; a deployment replaces it.
- **规则 rule**: a function that names the article as its source.
- **机制 mechanism**: of the founding documents ([coverage.md](coverage.md)), with the tests that \
drive it.
- **未落实 not carried**: why nothing carries it yet ([not-carried.toml](not-carried.toml)).

`make law` writes this page; a test fails while it is stale.
"""


class LawError(Exception):
    """What is said not to be carried contradicts what is, or is of no known document."""


@dataclass(frozen=True, slots=True)
class Sources:
    """All that the page is made of."""

    policy: Policy
    regions: Regions
    carried: Carried
    mechanisms: Sequence[Mechanism]
    proven: Mapping[str, Sequence[str]]
    noticed: Mapping[Place, Sequence[str]]
    tests: frozenset[str]
    not_carried: Mapping[str, Any]

    @classmethod
    def of_today(cls) -> Sources:
        """As they stand. Raises ``CitingError``, ``PolicyError``, ``MarkError``."""
        policy = Policy.load()
        names = {definition.name for definition in policy.definitions()}
        return cls(
            policy=policy,
            regions=load_regions(),
            carried=carried(ROOT, Citations(policy.documents()), names),
            mechanisms=mechanisms(),
            proven=proofs(ROOT / "tests", ROOT),
            noticed=noticing(read()),
            tests=tests_of(ROOT / "tests", ROOT),
            not_carried=tomllib.loads(NOT_CARRIED.read_text(encoding="utf-8")),
        )


def page(sources: Sources | None = None) -> str:
    """The page as it has to be today. Raises ``LawError``."""
    law = _Law(sources or Sources.of_today())
    law.check()
    return "\n".join(law.parts())


class _Law:
    """The documents, each with its articles."""

    def __init__(self, sources: Sources) -> None:
        self._from = sources
        found = sources.policy.documents()
        self._documents = sorted(found, key=lambda d: (d.open, d.valid_from, d.id))
        self._entries: dict[Citation, list[Entry]] = {}
        for definition in sources.policy.definitions():
            for entry in sources.policy.entries(definition.name):
                key = Citation(entry.document.id, entry.article)
                self._entries.setdefault(key, []).append(entry)
        self._completing = completing(self._entries, found)
        self._mechanisms: dict[Citation, list[Mechanism]] = {}
        for mechanism in sources.mechanisms:
            key = Citation(FOUNDING[mechanism.document], mechanism.article)
            self._mechanisms.setdefault(key, []).append(mechanism)
        self._reasons = {
            Citation(document, "" if article == WHOLE else article): reason
            for document, reasons in sources.not_carried.items()
            if document != "elsewhere"
            for article, reason in reasons.items()
        }
        self._elsewhere = sources.not_carried.get("elsewhere", [])

    def check(self) -> None:
        """Raise ``LawError`` where reasons and what is carried contradict each other."""
        known = {document.id for document in self._documents}
        named = {
            name: document.id
            for document in self._documents
            for name in (document.number, document.title, *document.short)
        }
        for cited in self._reasons:
            if cited.document not in known:
                raise LawError(f"not-carried.toml: no file describes {cited.document}")
            if cited.article and (cited in self._from.carried.articles or cited in self._entries):
                raise LawError(f"not-carried.toml: {cited.document} {cited.article} is carried")
        for one in self._elsewhere:
            for name in (one["title"], one.get("number", "")):
                if name and name in named:
                    raise LawError(f"not-carried.toml: {named[name]} is {name}, which is described")

    def parts(self) -> Iterator[str]:
        """The page's parts."""
        yield _HEAD
        yield self._totals()
        for document in self._documents:
            yield self._document(document)
        rows = "".join(
            f"- {one.get('number', '')}《{one['title']}》：{one['why']}\n"
            for one in self._elsewhere
        )
        yield f"## 尚未录入的文件 Documents of which nothing is carried yet\n\n{rows}"

    def _totals(self) -> str:
        head = (
            "文件 document",
            "条款 articles",
            "数值 values",
            "…无规则读取 read by no rule",
            "规则 rules",
            "机制 mechanisms",
            "…无测试 without a test",
            "未落实 not carried",
        )
        rows = [head, ("---",) * len(head), *map(self._counts, self._documents)]
        return "".join(f"| {' | '.join(map(str, row))} |\n" for row in rows)

    def _counts(self, document: Document) -> tuple[str | int, ...]:
        cited = [Citation(document.id, article) for article in self._articles(document)]
        entries = [entry for one in cited for entry in self._entries.get(one, ())]
        mechanisms = [each for one in cited for each in self._mechanisms.get(one, ())]
        return (
            titled(document),
            len(cited),
            len(entries),
            sum(entry.name not in self._from.carried.parameters for entry in entries),
            sum(len(self._from.carried.articles.get(one, ())) for one in cited),
            len(mechanisms),
            sum(not self._from.proven.get(each.id) for each in mechanisms),
            sum(one in self._reasons for one in cited),
        )

    def _articles(self, document: Document) -> list[str]:
        found = {
            cited.article
            for cited in (
                *self._entries,
                *self._completing,
                *self._from.carried.articles,
                *self._mechanisms,
                *self._reasons,
            )
            if cited.document == document.id
        }
        return sorted(found, key=in_order)

    def _document(self, document: Document) -> str:
        authority = document.authority
        head = (
            f"## {titled(document)}\n\n{authority.zh} {authority.en}，"
            f"{span(document.valid_from, document.valid_to)}。{document.note}\n"
        )
        articles = (self._article(document, article) for article in self._articles(document))
        return "\n".join((head, *articles))

    def _article(self, document: Document, article: str) -> str:
        cited = Citation(document.id, article)
        entries = self._entries.get(cited, [])
        title = f"{article_zh(article)} (art. {article})" if article else _untitled(document)
        lines = [f"### {title}\n"]
        quotes = list(dict.fromkeys(entry.quote for entry in entries if entry.quote))
        if quotes:
            lines.append("> " + "<br>".join(f"“{quote}”" for quote in quotes) + "\n")
        lines += [self._value(entry) for entry in entries]
        lines += [self._choice(entry) for entry in self._completing.get(cited, [])]
        lines += [_rule(carrier) for carrier in self._from.carried.articles.get(cited, [])]
        lines += [self._mechanism(each) for each in self._mechanisms.get(cited, [])]
        if reason := self._reasons.get(cited):
            lines.append(f"- **未落实 not carried**：{reason}")
        return "\n".join(lines) + "\n"

    def _value(self, entry: Entry) -> str:
        policy = self._from.policy
        definition = policy.definition(entry.name)
        programme = policy.programmes.get(entry.programme, entry.programme)
        where = self._place(entry)
        held = f"{programme}，{where}，{span(entry.valid_from, entry.valid_to)}"
        lines = [
            f"- **数值 value** {definition.zh} `{entry.name}`："
            f"**{worded(definition, entry.figure)}**（{held}）"
        ]
        if entry.note:
            lines.append(
                f"  - {'理由 reason' if entry.document.open else '说明 note'}：{entry.note}"
            )
        if entry.valid_to is not None:
            lines.append(f"  - 其后 then：{self._then(entry, entry.valid_to)}")
        readers = self._from.carried.parameters.get(entry.name, [])
        named = "、".join(f"`{carrier.name}`" for carrier in readers)
        lines.append(f"  - 读取 read by：{named or '尚无规则读取 no rule yet'}")
        if tests := self._known(self._from.noticed.get(place_of(entry), [])):
            lines.append(f"  - 证明 proven by：{tests}")
        return "\n".join(lines)

    def _then(self, entry: Entry, valid_to: date) -> str:
        """What holds there on the day after: by another document, or of a wider place."""
        series = self._from.policy.entries(entry.name)
        found = successor(entry, valid_to + timedelta(days=1), series)
        if found is None:
            return "无规定 nothing"
        by = article_zh(found.article) if found.article else ""
        by = f"{titled(found.document)}{by}"
        if found.figure == entry.figure:
            return f"由{by}接续，不变 taken over unchanged"
        figure = worded(self._from.policy.definition(entry.name), found.figure)
        return f"由{by}改为 changed to **{figure}**"

    def _choice(self, entry: Entry) -> str:
        """A choice where the article leaves something open."""
        policy = self._from.policy
        definition = policy.definition(entry.name)
        programme = policy.programmes.get(entry.programme, entry.programme)
        held = f"{programme}，{span(entry.valid_from, entry.valid_to)}"
        return (
            f"- **补充择定 choice that completes it** {definition.zh} `{entry.name}`："
            f"**{worded(definition, entry.figure)}**（{held}）：{entry.note}"
        )

    def _place(self, entry: Entry) -> str:
        if not entry.scope:
            return "全国 everywhere"
        code = entry.scope.ljust(12, "0")
        return f"{self._from.regions.division(code, entry.valid_from).name} {entry.scope}"

    def _mechanism(self, mechanism: Mechanism) -> str:
        tests = self._known(self._from.proven.get(mechanism.id, []))
        proven = f"证明 proven by {tests}" if tests else "尚无测试 nothing yet"
        return (
            f"- **机制 mechanism** {mechanism.id} “{mechanism.quote}” {mechanism.gloss}：{proven}"
        )

    def _known(self, tests: Iterable[str]) -> str:
        """Tests that there are, without their parameters."""
        bare = dict.fromkeys(test.partition("[")[0] for test in tests)
        return "、".join(f"`{test}`" for test in bare if test in self._from.tests)


def _untitled(document: Document) -> str:
    if document.open:
        return "各项择定 each choice"
    return "全文 as a whole" if document.by_article else "未分条款 read without articles"


def _rule(carrier: Carrier) -> str:
    told = f"- **规则 rule** `{carrier.name}`"
    return f"{told}：{carrier.says}" if carrier.says else told
