"""The resident identity card number (公民身份号码), by GB 11643: 18 characters.

``stdnum.cn.ric`` checks length, characters, check digit and birth date, which we use, and the
county, which we do not. It demands that the county's code existed in the year of birth. But a
number is given at registration, which for all born before 1984 came after the codes: somebody
born in 1950 and numbered in 1985 in Changping (110221, a code of 1982 to 1999) has a true number
that it refuses. It refuses the codes of counties younger than its own list likewise, and fails
with ``KeyError`` on a county that it does not know. A citizen must not be turned away for that,
and the check digit already catches every single wrong digit and every swap of two neighbours. So
of the division only the province is checked, whatever became of the county.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

from stdnum import numdb
from stdnum.cn import ric
from stdnum.exceptions import InvalidComponent

from shared.kernel.decider import Refusal

SOURCE = "GB 11643-1999"
_EARLIEST = date(1890, 1, 1)
_PERMITS = frozenset({"81", "82", "83"})
"""Residence permits of people from Hong Kong, Macau and Taiwan: numbers of the same form."""

_IGNORED = dict.fromkeys(map(ord, " -\t"))


@dataclass(frozen=True, slots=True, repr=False)
class IdNumber:
    """A valid number, normalised: 17 digits and a check character 0-9 or X."""

    number: str

    @property
    def birth_date(self) -> date:
        """The birth date that the number states (a late registration's may be another)."""
        return ric.get_birth_date(self.number)


def parse_id_number(text: str, today: date) -> IdNumber:
    """Read an ID number as people write it: spaces, hyphens, full-width digits, a small x.

    ``today`` is the legal date; nobody is born after it. Raises a ``Refusal`` (422) that names
    the rule broken and never the number.
    """
    number = unicodedata.normalize("NFKC", text).translate(_IGNORED).upper()
    if len(number) == 15 and number.isascii() and number.isdigit():
        raise _refusal("id-number-first-generation", allowed_characters=18)
    if len(number) != 18:
        raise _refusal("id-number-length", allowed_characters=18)
    digits, last = number[:17], number[17]
    if not (number.isascii() and digits.isdigit() and (last.isdigit() or last == "X")):
        raise _refusal("id-number-characters", allowed_characters=18)
    if last != ric.calc_check_digit(number):
        raise _refusal("id-number-check-digit")
    if number[:2] not in _PERMITS and not _is_province(number[:2]):
        raise _refusal("id-number-province")
    try:
        born = ric.get_birth_date(number)
    except InvalidComponent:
        raise _refusal("id-number-birth-date") from None
    if not _EARLIEST <= born <= today:
        raise _refusal("id-number-birth-date")
    return IdNumber(number)


def _is_province(code: str) -> bool:
    parts = numdb.get("cn/loc").info(code)
    return bool(parts) and "province" in parts[0][1]


def _refusal(code: str, **facts: int) -> Refusal:
    return Refusal(code, facts=facts, source=SOURCE, status=422)
