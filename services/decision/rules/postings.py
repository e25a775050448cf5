"""What hangs in public (公示、公布): of whom, how named, what it tells, and for how long."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

from services.decision.rules.publicity import publicity_days
from shared.calendar import add_calendar_days
from shared.contracts.publicity import PublicityRound
from shared.kernel.decider import HOUSE
from shared.policy import Parameters, Value

_COMPOUND: Final = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠"
    "公孙慕容仲孙钟离长孙宇文司徒鲜于司空令狐百里呼延东郭南门羊舌微生拓跋轩辕第五梁丘西门闾丘"
    "左丘东门段干纳兰"
)
COMPOUND_SURNAMES: Final = frozenset(_COMPOUND[i : i + 2] for i in range(0, len(_COMPOUND), 2))
_PARTS: Final = frozenset("·•・‧∙⋅. ．'’-")
_MASK: Final = "*"
_NUMBER_DIGITS: Final = 10


class PostingKind(StrEnum):
    """Which publicity: of the proposal, before the decision, of an end, of who receives."""

    FIRST = "first"
    SECOND = "second"
    TERMINATION = "termination"
    RECIPIENT = "recipient"


_ROUND: Final = {
    PostingKind.FIRST: PublicityRound.FIRST,
    PostingKind.SECOND: PublicityRound.SECOND,
}
_CONTENTS: Final = {
    PostingKind.FIRST: "publicity_contents",
    PostingKind.SECOND: "second_publicity_contents",
    PostingKind.RECIPIENT: "publication_contents",
}
_PLACES: Final = {
    PostingKind.FIRST: "publicity_places",
    PostingKind.SECOND: "second_publicity_places",
    PostingKind.TERMINATION: "termination_publicity_places",
    PostingKind.RECIPIENT: "publication_places",
}
_GROUNDED_ON: Final = {
    PostingKind.FIRST: "publicity_days",
    PostingKind.SECOND: "second_publicity_days",
    PostingKind.TERMINATION: "termination_publicity_days",
    PostingKind.RECIPIENT: "publication_after_decision",
}


def masked_name(name: str) -> str:
    """A name as it hangs in public: the family name, and a star for every further character.

    张三 is 张*, 欧阳娜娜 is 欧阳**. Of a name in parts (set apart by · or a space) only the first
    character stays, and where the parts are set apart: 阿卜杜拉·买买提 is 阿***·***. A name of one
    character, which would stand there whole, is a star.
    Source: 民发〔2012〕220号, art. 34; 民发〔2021〕57号, art. 24 (依法保护个人隐私).
    """
    name = name.strip()
    in_parts = any(character in _PARTS for character in name)
    surname = 2 if not in_parts and len(name) > 2 and name[:2] in COMPOUND_SURNAMES else 1
    shown = surname if len(name) > surname else 0
    hidden = (c if c in _PARTS else _MASK for c in name[shown:])
    return name[:shown] + "".join(hidden)


def posting_number(case_id: UUID, kind: PostingKind, from_on: date) -> str:
    """By which number officials find the case again, and nobody else does."""
    found = uuid5(HOUSE, f"posting/{case_id}/{kind}/{from_on}")
    return found.hex[:_NUMBER_DIGITS].upper()


def is_public(kind: PostingKind, regime: Parameters) -> bool:
    """Whether the regime has such a publicity at all.

    Of children's allowances and of the subsidies for disabled people it has none.
    Source: 民发〔2019〕62号, 2(2); 民发〔2012〕220号, arts. 25, 29, 34; 民发〔2021〕57号, arts. 19,
    24; 民发〔2021〕43号, arts. 15, 17, 26; 社会救助法, art. 45.
    """
    if kind is PostingKind.RECIPIENT:
        return regime.flag("publication_after_decision")
    if kind is PostingKind.TERMINATION:
        return regime.whole("termination_publicity_days") > 0
    return publicity_days(_ROUND[kind], regime) > 0


def contents(kind: PostingKind, regime: Parameters) -> tuple[str, ...]:
    """What a posting tells beside the name and the kind of assistance; of an end nothing more.

    Source: 民发〔2012〕220号, arts. 25, 29; 民发〔2021〕57号, arts. 19, 24; 民发〔2022〕83号, 4(2).
    """
    name = _CONTENTS.get(kind)
    return () if name is None else regime.codes(name)


def places(kind: PostingKind, regime: Parameters) -> tuple[str, ...]:
    """Where it hangs, besides here.

    Source: 民发〔2012〕220号, arts. 25, 29; 民发〔2021〕57号, arts. 19, 24; 民发〔2022〕83号, 4(2);
    民发〔2021〕43号, arts. 15, 17, 26; 社会救助法, art. 45.
    """
    return regime.codes(_PLACES[kind])


def grounds(kind: PostingKind, regime: Parameters) -> Value:
    """What has it made public: document and article."""
    return regime.value(_GROUNDED_ON[kind])


def published_until(since: date, regime: Parameters) -> date | None:
    """The last day on which it stands who receives; ``None``: as long as they do.

    Source: 民发〔2012〕220号, art. 34 (长期公示).
    """
    days = regime.whole_or_none("publication_days")
    return None if days is None else add_calendar_days(since, days)
