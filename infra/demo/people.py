"""The demo's people: invented, with ID numbers whose check digits hold and that belong to nobody.

Into every text of the story the same marks are planted, a name, a telephone and an ID number, so
that the search for personal data outside the vault has something to find.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stdnum.cn import ric

PLANTED_NAME: Final = "林桂兰芝"
PLANTED_PHONE: Final = "13900015973"
_PLANTED_STEM: Final = "35092419551103002"


def numbered(stem: str) -> str:
    """An ID number from its first 17 digits: area, birth date, sequence; with its check digit."""
    return stem + ric.calc_check_digit(stem + "0")


PLANTED_ID: Final = numbered(_PLANTED_STEM)

PLANTED: Final = (PLANTED_NAME, PLANTED_PHONE, PLANTED_ID)
"""What must be found nowhere but, decrypted, in the vault."""


def told(text: str) -> str:
    """A text as an official might write it, with the planted marks in it."""
    return f"{text}（联系人{PLANTED_NAME}，电话{PLANTED_PHONE}，身份证{PLANTED_ID}）"


@dataclass(frozen=True)
class Person:
    """Somebody of the story, as the registry asks for them."""

    name: str
    stem: str
    phone: str
    account: str

    @property
    def id_number(self) -> str:
        """The ID number."""
        return numbered(self.stem)

    def registration(self, region: str) -> dict[str, str]:
        """The body of their registration by a division."""
        return {
            "region": region,
            "id_number": self.id_number,
            "name": self.name,
            "phone": self.phone,
            "address": told("福建省宁德市寿宁县鳌阳镇安宁村九号"),
            "account": self.account,
        }


APPLICANT: Final = Person("叶秀珍娘", "35092419740918112", "13900015974", "6222021409000001111")
HUSBAND: Final = Person("缪长根生", "35092419720305213", "13900015975", "6222021409000002222")
DAUGHTER: Final = Person("缪小荷花", "35092420040612314", "13900015976", "6222021409000003333")
MOTHER: Final = Person(PLANTED_NAME, _PLANTED_STEM, PLANTED_PHONE, "6222021409000004444")

CAREGIVER: Final = Person("贺来福顺", "61102219680214315", "13900015977", "6222021409000005555")
SECOND_CAREGIVER: Final = Person(
    "贺秋月兰", "61102219710905324", "13900015978", "6222021409000006666"
)
TEKUN_PERSON: Final = Person("贺守田根", "61102219480330419", "13900015979", "6222021409000007777")
TRAVELLER: Final = Person("韦阿旺福", "45102519880717511", "13900015980", "6222021409000008881")
SECOND_TRAVELLER: Final = Person(
    "韦小妹香", "45102519900118526", "13900015981", "6222021409000008882"
)
PATIENT: Final = Person("连细妹银", "35092419660823122", "13900015982", "6222021409000008883")

Household = tuple[tuple[Person, str], ...]
"""Persons with their relation to the applicant, who comes first and the spouse second."""

HOUSEHOLD: Final[Household] = (
    (APPLICANT, "applicant"),
    (HUSBAND, "spouse"),
    (DAUGHTER, "child"),
    (MOTHER, "parent"),
)

IDLE_HOUSEHOLD: Final[Household] = (
    (Person("普阿秀英", "53232619690318214", "13900015983", "6222021409000008884"), "applicant"),
    (Person("普石生宝", "53232619950724313", "13900015984", "6222021409000008885"), "child"),
    (Person("普老有福", "53232619420506415", "13900015985", "6222021409000008886"), "parent"),
)
"""A household in Dayao whose son is able to work and has none."""

RISING_HOUSEHOLD: Final[Household] = (
    (Person("起发昌明", "53232619720911511", "13900015986", "6222021409000008887"), "applicant"),
    (Person("起春花美", "53232619740128622", "13900015987", "6222021409000008888"), "spouse"),
    (Person("起自有才", "53232619530303713", "13900015988", "6222021409000008889"), "parent"),
)
"""A household in Dayao whose income rises."""

SCREENED: Final = Person("罗文林秀", "53232619660415222", "13900015989", "6222021409000008890")
"""Somebody in Dayao who is on three rosters."""
