"""How values hang together: what comes after one, and which articles a choice completes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from shared.policy import ALL, Document, Entry
from tests.law.citing import ARTICLES, Citation, articles_of

_DIGITS: Final = "〇一二三四五六七八九"
_COUNT: Final = "[〇一二三四五六七八九十百]+"
_ONE: Final = rf"第{_COUNT}条|{_COUNT}（{_COUNT}）\d{{0,2}}"
_JOINT: Final = "[、和]"


def successor(entry: Entry, on: date, series: Sequence[Entry]) -> Entry | None:
    """The value that holds on a day where an earlier one held: the nearest place's, if any."""
    holding = [
        other
        for other in series
        if other.valid_from <= on
        and (other.valid_to is None or on <= other.valid_to)
        and entry.scope.startswith(other.scope)
        and other.programme in (entry.programme, ALL)
    ]
    return max(holding, key=lambda one: (len(one.scope), one.programme != ALL), default=None)


def completing(
    entries: Mapping[Citation, Iterable[Entry]], documents: Iterable[Document]
) -> dict[Citation, list[Entry]]:
    """By article, the open choices whose reason names it.

    As 民发〔2021〕57号第二十四条, or with ", art. 24" after it; without an article, the document as
    a whole, unless the same reason names one of its articles.
    """
    names = {
        name: document.id
        for document in documents
        if not document.open
        for name in (document.number, document.title, *document.short)
        if name
    }
    either = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    counted = f"(?:{_ONE})(?:{_JOINT}(?:{_ONE}))*"
    named = re.compile(f"({either})(?:《[^》]*》)?》?(?:({counted})|, arts?. ({ARTICLES}))?")
    found: dict[Citation, list[Entry]] = {}
    for entry in (one for of in entries.values() for one in of if one.document.open):
        cited = {
            Citation(names[match.group(1)], article)
            for match in named.finditer(entry.note)
            for article in _articles(match)
        }
        by_article = {one.document for one in cited if one.article}
        for one in cited:
            if one.article or one.document not in by_article:
                found.setdefault(one, []).append(entry)
    return found


def _articles(match: re.Match[str]) -> Sequence[str]:
    if match.group(2):
        return [number_of(one) for one in re.findall(_ONE, match.group(2))]
    return articles_of(match.group(3)) if match.group(3) else ("",)


def number_of(article: str) -> str:
    """An article as values count it: 第二十条 is ``20``, 二（二）1 is ``2(2).1``."""
    outer, *rest = re.findall(_COUNT, article)
    if article.startswith("第"):
        return str(_counted(outer))
    point = re.sub(r".*）", "", article)
    return f"{_counted(outer)}({_counted(rest[0])})" + (f".{point}" if point else "")


def _counted(text: str) -> int:
    """A number under a thousand as Chinese counts: 二十 is 20, 一百〇五 is 105."""
    hundreds, _, rest = text.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    value = 100 * _digit(hundreds) if hundreds else 0
    if ten:
        value += 10 * (_digit(tens) if tens else 1)
    return value + _digit(ones)


def _digit(text: str) -> int:
    digit = text.strip("〇")
    return _DIGITS.index(digit) if digit else 0
