"""What a text cites: documents by number or title, with their articles.

A citation is written ``Source: 民发〔2021〕57号, art. 14 (words); 闽民救〔2020〕21号, 2(2).1.``
at the end of a docstring's paragraph, or without ``Source:`` as the source of a refusal. Every
document is one that a parameter file describes. After the articles only a remark may follow: in
parentheses, after a colon, or after a comma.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from shared.policy import Document

_ARTICLE: Final = r"\d{1,3}(?:\(\d{1,2}\))?(?:\.\d{1,2})?"
_JOINT: Final = r"\s*(?:,|–|\bto\b|\band\b)\s*"
ARTICLES: Final = rf"{_ARTICLE}(?:{_JOINT}{_ARTICLE})*"
"""Articles as a source lists them."""
_ARTICLES: Final = re.compile(rf"(?:arts?\.\s*)?({ARTICLES})")
_REMARK: Final = re.compile(r"[(（:：].*|,\s*[a-z一-鿿].*", re.DOTALL)
_SOURCE: Final = re.compile(r"\bSource:\s*(.*)", re.DOTALL)
_WIDE: Final = r"[一-鿿〔〕（）《》“”、，；]"


class CitingError(ValueError):
    """A source that names no known document, or says more than a source does."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A document's id, and one of its articles; empty for the document as a whole."""

    document: str
    article: str


class Citations:
    """Reads citations of the documents that are known."""

    def __init__(self, documents: Iterable[Document]) -> None:
        names: dict[str, str] = {}
        for document in documents:
            for name in (document.number, document.title, *document.short):
                if name:
                    names[name] = document.id
        # The longest first: 社会救助法 begins no other title, but a title may.
        self._names: Mapping[str, str] = dict(
            sorted(names.items(), key=lambda item: len(item[0]), reverse=True)
        )

    def in_docstring(self, text: str) -> list[Citation]:
        """What the ``Source:`` of each paragraph cites. Raises ``CitingError``."""
        paragraphs = (re.split(r"\n\s*\n", text)) if text else []
        found = [_SOURCE.search(paragraph) for paragraph in paragraphs]
        return [cited for match in found if match for cited in self.in_source(match.group(1))]

    def in_source(self, text: str) -> list[Citation]:
        """What a source cites: documents divided by semicolons. Raises ``CitingError``."""
        cited = [
            citation
            for clause in _clauses(_on_one_line(text).removesuffix("."))
            for citation in self._clause(clause)
        ]
        return list(dict.fromkeys(cited))

    def _clause(self, clause: str) -> Iterator[Citation]:
        labelled = re.sub(r"^[a-z ]+:\s*", "", clause)
        name = next((known for known in self._names if labelled.startswith(known)), None)
        if name is None:
            raise CitingError(f"{clause!r} begins with no document that a parameter file describes")
        document = self._names[name]
        rest = labelled.removeprefix(name).lstrip(" ,")
        match = _ARTICLES.match(rest)
        remark = rest[match.end() :].lstrip() if match else rest
        if remark and not _REMARK.fullmatch(remark):
            raise CitingError(
                f"{clause!r}: after the articles comes no remark in parentheses, but {remark!r}"
            )
        for article in articles_of(match.group(1)) if match else ("",):
            yield Citation(document, article)


def _on_one_line(text: str) -> str:
    """Without line breaks: between Chinese characters nothing takes their place, else a blank."""
    joined = re.sub(rf"(?<={_WIDE})\s*\n\s*|\s*\n\s*(?={_WIDE})", "", text.strip())
    return re.sub(r"\s+", " ", joined)


def _clauses(text: str) -> list[str]:
    """What stands between semicolons, unless they are within parentheses."""
    found, depth = [""], 0
    for sign in text:
        depth += (sign in "(（") - (sign in ")）")
        if sign in ";；" and depth == 0:
            found.append("")
        else:
            found[-1] += sign
    return [clause.strip() for clause in found]


def articles_of(text: str) -> list[str]:
    """``4, 8`` and ``4–8`` and ``20 to 23``, each article by itself."""
    found: list[str] = []
    parts = re.split(f"({_JOINT})", text)
    for joint, article in zip(["", *parts[1::2]], parts[::2], strict=True):
        if joint.strip() in ("–", "to"):
            first = int(found[-1])
            found += [str(n) for n in range(first + 1, int(article) + 1)]
        else:
            found.append(article)
    return found


def in_order(article: str) -> tuple[int, ...]:
    """Sorts articles as a document counts them."""
    return tuple(int(number) for number in re.findall(r"\d+", article))
