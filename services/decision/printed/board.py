"""The board in a village: what hangs there in public, in its fixed form.

Chinese first. A name is masked; of a household only what the regime lists is told, and never an
identity number, an address, an account, a state of health, or a disability.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby
from types import MappingProxyType
from typing import Final
from uuid import UUID

from services.decision.printed.words import pair, yuan
from services.decision.rules import postings as rules
from services.decision.rules.postings import PostingKind
from services.decision.views import PostingRow
from shared.access.offices import county, township
from shared.contracts.fields import DivisionCode, Programme
from shared.policy import Parameters, Policy
from shared.policy.wording import article_zh, titled
from shared.regions import Regions

Words = tuple[str, str]
"""Chinese and English."""

_STYLE: Final = """
body{font:16px/1.7 "Noto Serif CJK SC","Songti SC",SimSun,serif;max-width:52rem;margin:1.5rem auto;
padding:0 1rem;color:#111}
h1{text-align:center;font-size:1.5rem;margin-bottom:0}
h2{text-align:center;font-size:1.2rem;margin:2rem 0 .5rem}
.en{display:block;font-size:.75em;font-weight:400;color:#444}
table{border-collapse:collapse;width:100%}
td,th{border:1px solid #333;padding:.25rem .5rem;text-align:left}
.right{text-align:right}
nav a{display:inline-block;margin-right:2rem}
@media print{section{break-inside:avoid}nav{display:none}}
"""


@dataclass(frozen=True, slots=True)
class Posting:
    """What hangs of one case. ``told`` is what the regime lists, by its codes, in words.

    ``until_on`` is its last day; ``None`` where it hangs as long as it is received. ``basis``
    names document and article, and is absent where no document settles it. ``places`` is where it
    hangs, ``office`` takes objections in, ``issuer`` signs it.
    """

    kind: PostingKind
    number: str | None
    programme: Programme
    division: DivisionCode
    name: str
    from_on: date
    until_on: date | None
    told: Mapping[str, Words]
    basis: Words | None
    places: Words
    office: str
    issuer: str


def running(
    row: PostingRow, names: Mapping[UUID, str], policy: Policy, regions: Regions, on: date
) -> Posting | None:
    """The publicity of a case that runs on a day; ``None`` where none does, or nobody is named."""
    if row.kind is None or row.from_on is None or row.until_on is None:
        return None
    if not row.from_on <= on <= row.until_on:
        return None
    day = row.from_on if row.kind is PostingKind.TERMINATION else row.accepted_on
    return _posting(row, row.kind, (row.from_on, row.until_on, day), names, policy, regions)


def received(
    row: PostingRow, names: Mapping[UUID, str], policy: Policy, regions: Regions, on: date
) -> Posting | None:
    """Who receives, as it is published on a day under the rules of that day."""
    if not row.receives or row.receives_since is None:
        return None
    regime = policy.at(row.division, row.programme, on)
    if not rules.is_public(PostingKind.RECIPIENT, regime):
        return None
    until_on = rules.published_until(row.receives_since, regime)
    if until_on is not None and on > until_on:
        return None
    days = (row.receives_since, until_on, on)
    return _posting(row, PostingKind.RECIPIENT, days, names, policy, regions)


def _posting(
    row: PostingRow,
    kind: PostingKind,
    days: tuple[date, date | None, date],
    names: Mapping[UUID, str],
    policy: Policy,
    regions: Regions,
) -> Posting | None:
    from_on, until_on, regime_of = days
    regime = policy.at(row.division, row.programme, regime_of)
    name = names.get(row.named)
    if name is None or not rules.is_public(kind, regime):
        return None
    grounds = rules.grounds(kind, regime)
    document = policy.document(grounds.document)
    basis = (
        f"{titled(document)}{article_zh(grounds.article) if grounds.article else ''}",
        grounds.source,
    )
    return Posting(
        kind=kind,
        number=None if kind is PostingKind.RECIPIENT else row.number,
        programme=row.programme,
        division=row.division,
        name=rules.masked_name(name),
        from_on=from_on,
        until_on=until_on,
        told={code: _told(row, code) for code in rules.contents(kind, regime)},
        basis=None if document.open else basis,
        places=_joined([pair("place", one) for one in rules.places(kind, regime)]),
        office=township(row.division, regions, from_on),
        issuer=_issuer(row.division, kind, regime, regions, from_on),
    )


def _issuer(
    division: str, kind: PostingKind, regime: Parameters, regions: Regions, on: date
) -> str:
    """Whose publicity it is: the township's, or the county's where that decides.

    Source: 民发〔2012〕220号, arts. 25, 29, 34; 民发〔2021〕57号, arts. 19, 24.
    """
    if kind is PostingKind.FIRST or regime.code("procedure_decided_by") == "township":
        return township(division, regions, on)
    return county(division, regions, on)


def _told(row: PostingRow, code: str) -> Words:
    match code:
        case "household_members":
            counted = Counter(member.relation for member in row.members)
            return _joined([_several(pair("relation", one), n) for one, n in counted.items()])
        case "persons":
            return (str(len(row.members)),) * 2
        case "amount":
            return (yuan(row.amount_fen or 0),) * 2
        case "opinion":
            return ("拟给予保障", "to be granted")
        case "survey":
            return ("已入户调查", "done")
        case _:
            agreed = {True: "agreed", False: "not_agreed", None: "not_held"}
            return pair("review_agreed", agreed[row.review_agreed])


def _several(words: Words, count: int) -> Words:
    zh, en = words
    return (zh, en) if count == 1 else (f"{zh}{count}人", f"{en} × {count}")


def _joined(parts: Sequence[Words]) -> Words:
    return "、".join(zh for zh, _ in parts), ", ".join(en for _, en in parts)


def objections(posting: Posting) -> Words:
    """Until when somebody may object, and where."""
    office = posting.office
    if posting.until_on is None or posting.kind is PostingKind.RECIPIENT:
        return (
            f"对公布内容有意见的，可随时向{office}或者县级人民政府民政部门反映。",
            f"Who doubts it may say so at any time: to {office} or the county's civil affairs.",
        )
    last = posting.until_on
    return (
        f"有异议的，请于{day_zh(last)}前（含当日）向{office}提出。",
        f"Objections are taken in until {last} (included) by {office}.",
    )


def lines(posting: Posting) -> Iterator[str]:
    """A posting line by line, as it is read out."""
    zh, en = pair("posting", posting.kind)
    programme_zh, programme_en = pair("programme", posting.programme)
    yield f"{programme_zh}{zh} / {programme_en}: {en}"
    if posting.basis is not None:
        yield f"依据 / By: {posting.basis[0]} / {posting.basis[1]}"
    yield f"张贴地点 / Hangs at: {' / '.join(posting.places)}"
    if posting.number is not None:
        yield f"公示编号 / Number: {posting.number}"
    yield f"申请人 / Applicant: {posting.name}"
    for code, (value_zh, value_en) in posting.told.items():
        label_zh, label_en = _label(posting, code)
        value = value_zh if value_zh == value_en else f"{value_zh} / {value_en}"
        yield f"{label_zh} / {label_en}: {value}"
    if posting.until_on is None:
        yield f"自 / Since: {posting.from_on}"
    else:
        yield f"公示期 / From and to: {posting.from_on} – {posting.until_on}"
    yield " / ".join(objections(posting))


def _label(posting: Posting, code: str) -> Words:
    zh, en = pair("told", code)
    if code == "amount" and posting.kind is not PostingKind.RECIPIENT:
        return f"拟{zh}", f"Proposed: {en}"
    return zh, en


def day_zh(day: date) -> str:
    """A day as official texts write it."""
    return f"{day.year}年{day.month}月{day.day}日"


Links = Mapping[Words, str]
"""Where else to read, by what the link is called; they are not printed."""


def sheet(
    postings: Sequence[Posting], place: str, on: date, links: Links = MappingProxyType({})
) -> str:
    """The postings of a place as a page to hang: a table for those that have all else in common."""
    title = f"{place}社会救助公示栏"
    body = [f"<h1>{escape(title)}{_en(f'Board of social assistance, {on}')}</h1>"]
    for _, alike in groupby(sorted(postings, key=_alike), key=_alike):
        body.append(_section(tuple(alike)))
    if not postings:
        body.append(f"<p>今日没有公示内容。{_en('Nothing is posted today.')}</p>")
    hidden = "为保护个人隐私，姓名以星号隐去部分文字；不公布与救助无关的信息。"
    body.append(f"<p>{hidden}{_en('Names are masked; nothing else of anybody is told.')}</p>")
    led = (f'<a href="{escape(to)}">{zh}{_en(en)}</a>' for (zh, en), to in links.items())
    body.append(f"<nav>{' '.join(led)}</nav>" if links else "")
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="robots" content="noindex,noarchive">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body>{''.join(body)}</body></html>"
    )


def _alike(posting: Posting) -> tuple[str, ...]:
    """What the rows of one table have in common."""
    days = ("",) if posting.kind is PostingKind.RECIPIENT else _days(posting)
    basis = posting.basis or ("", "")
    return (
        posting.kind,
        posting.programme,
        *days,
        *basis,
        *posting.places,
        *posting.told,
        posting.office,
        posting.issuer,
    )


def _days(posting: Posting) -> tuple[str, str]:
    return posting.from_on.isoformat(), str(posting.until_on)


def _section(postings: Sequence[Posting]) -> str:
    first = postings[0]
    kind, programme = pair("posting", first.kind), pair("programme", first.programme)
    by = f"根据{first.basis[0]}的规定，" if first.basis else ""
    said = f"{by}现将以下申请予以公示，接受监督。"
    if first.kind is PostingKind.RECIPIENT:
        said = f"{by}现将保障对象予以公布，接受监督。"
    elif first.until_on is not None:
        said += f"公示期自{day_zh(first.from_on)}至{day_zh(first.until_on)}。"
    said += f"张贴于：{first.places[0]}。"
    zh, en = objections(first)
    signed = escape(first.issuer)
    if first.kind is not PostingKind.RECIPIENT:
        signed += f"<br>{day_zh(first.from_on)}"
    return (
        f"<section><h2>{programme[0]}{kind[0]}{_en(f'{programme[1]}: {kind[1]}')}</h2>"
        f"<p>{escape(said)}</p><table>{_table(postings)}</table>"
        f'<p>{escape(zh)}{_en(en)}</p><p class="right">{signed}</p></section>'
    )


def _table(postings: Sequence[Posting]) -> str:
    numbered = postings[0].number is not None
    heads = [("公示编号", "Number")] if numbered else []
    heads += [("申请人", "Applicant"), *(_label(postings[0], code) for code in postings[0].told)]
    rows = ["".join(f"<th>{zh}{_en(en)}</th>" for zh, en in heads)]
    for one in postings:
        cells = [one.number or ""] if numbered else []
        cells += [one.name, *(zh for zh, _en_ in one.told.values())]
        rows.append("".join(f"<td>{escape(cell)}</td>" for cell in cells))
    return "".join(f"<tr>{row}</tr>" for row in rows)


def _en(text: str) -> str:
    return f'<span class="en" lang="en">{escape(text)}</span>'
