"""Synthetic people with valid check characters, and the officials who deal with them."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from shared.access.caller import Caller
from shared.access.persons import NewPerson
from shared.access.roles import Role
from shared.regions import Division, Jurisdiction, Level, Regions

MINHOU = "350121000000"
"""A county of Fuzhou, and its neighbour."""
LIANJIANG = "350122000000"
VILLAGE = "350121101201"
MERGED = "350121102000"
"""A township until the day on which the tests begin."""
FUJIAN = Jurisdiction("350000000000", Level.PROVINCE)
REGIONS = Regions(
    [
        Division(FUJIAN.code, "福建省", Level.PROVINCE, None),
        Division("350100000000", "福州市", Level.PREFECTURE, FUJIAN.code),
        Division(MINHOU, "闽侯县", Level.COUNTY, "350100000000"),
        Division(LIANJIANG, "连江县", Level.COUNTY, "350100000000"),
        Division("350121101000", "甘蔗街道", Level.TOWNSHIP, MINHOU),
        Division(MERGED, "旧镇", Level.TOWNSHIP, MINHOU, valid_to=date(2020, 4, 1)),
        Division(VILLAGE, "滨江村", Level.VILLAGE, "350121101000"),
    ]
)
"""The divisions that exist here."""

NAME, PHONE, ADDRESS = "林阿秀", "13905910001", "甘蔗街道滨江村7号"
ACCOUNT = "6217001820012345678"
NUMBER = "350121195203141226"
PLANTED = (NAME, PHONE, ADDRESS, ACCOUNT, NUMBER, NUMBER[:17])


def id_number(seventeen: str) -> str:
    """A number with its check character (ISO 7064, MOD 11-2)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(seventeen, weights, strict=True))
    return seventeen + "10X98765432"[total % 11]


def somebody(
    number: str = NUMBER, *, region: str = VILLAGE, name: str = NAME, phone: str | None = PHONE
) -> NewPerson:
    """Somebody to register."""
    return NewPerson(
        region=region,
        id_number=number,
        name=name,
        phone=phone,
        address=ADDRESS,
        account=ACCOUNT,
    )


def official(role: Role = Role.TOWNSHIP_CLERK, county: str = MINHOU) -> Caller:
    """An official of a county, another one each time."""
    return Caller(uuid4(), role, Jurisdiction(county, Level.COUNTY))


def service(name: str, purpose: str) -> Caller:
    """A service with a token for a purpose."""
    actor = UUID(int=sum(name.encode()) << 64)
    return Caller(actor, Role.SERVICE, FUJIAN, purpose=purpose, service=name)
