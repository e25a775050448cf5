"""Figures, articles, places and times in the words of people: Chinese first, English beside."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Final

from shared.money import format_yuan
from shared.policy.figures import Definition, Document, Figure, Kind

_DIGITS: Final = "〇一二三四五六七八九"


def worded(definition: Definition, figure: Figure) -> str:
    """A value as people write it: yuan for fen, its unit in both languages, choices by name."""
    match figure:
        case None:
            return "不设 none"
        case bool():
            return "是 yes" if figure else "否 no"
        case int() if definition.kind is Kind.FEN:
            unit = definition.unit.removeprefix("fen").strip()
            return f"{format_yuan(figure)} {definition.unit_zh} yuan ({unit})"
        case int():
            return f"{figure} {definition.unit_zh} ({definition.unit})"
        case Fraction():
            return f"{ratio(figure)} {definition.unit_zh} ({definition.unit})"
        case date():
            return figure.isoformat()
        case str():
            return choice(definition, figure)
        case ():
            return "无 none of them"
        case _:
            return "；".join(choice(definition, code) for code in figure)


def choice(definition: Definition, code: str) -> str:
    """One of a parameter's choices, by its Chinese name and its code."""
    label = definition.labels.get(code)
    return f"{label} {code}" if label else code


def ratio(figure: Fraction) -> str:
    """A ratio as the files write it: ``1.5`` where that is exact, else ``2/3``."""
    hundredths = figure * 100
    if hundredths.denominator != 1:
        return str(figure)
    whole, rest = divmod(hundredths.numerator, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".")


def article_zh(article: str) -> str:
    """An article as the document counts it: ``20`` is 第二十条, ``2(2).1`` is 二（二）1."""
    if article.isdecimal():
        return f"第{chinese(int(article))}条"
    section, _, rest = article.partition("(")
    inner, _, point = rest.partition(")")
    return f"{chinese(int(section))}（{chinese(int(inner))}）{point.removeprefix('.')}"


def chinese(number: int) -> str:
    """A whole number under a thousand as Chinese counts: 20 is 二十, 105 is 一百〇五."""
    if not 0 < number < 1000:
        raise ValueError(f"articles are counted from 1 to 999, not {number}")
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    told = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        told += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        told += "〇"
    return told + (_DIGITS[ones] if ones else "")


def titled(document: Document) -> str:
    """A document by number and title."""
    return document.title if document.open else f"{document.number}《{document.title}》"


def source(document: Document, article: str) -> str:
    """A document by number and title, with the article in both counts.

    Where it is one that was read by article and none is named, it says nothing of the matter.
    """
    title = titled(document)
    if article:
        return f"{title} {article_zh(article)} (art. {article})"
    return f"{title}（未作规定 silent）" if document.by_article else title


def span(valid_from: date, valid_to: date | None) -> str:
    """From when to when; both days are included."""
    return f"{valid_from} 至 to {valid_to}" if valid_to else f"{valid_from} 起 on"
