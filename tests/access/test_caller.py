from typing import Any

import pytest

from shared.access.caller import InvalidCaller, caller_of_claims
from shared.access.roles import Role

CLAIMS: dict[str, Any] = {
    "sub": "6f1a1a2e-5a0e-5c0b-9f0e-d0d1d0d1d0d1",
    "role": "township_clerk",
    "division": "350102001000",
    "level": "township",
}


def test_claims_make_a_caller() -> None:
    caller = caller_of_claims(CLAIMS)
    assert str(caller.id) == CLAIMS["sub"]
    assert caller.role is Role.TOWNSHIP_CLERK
    assert caller.division == "350102001000"
    assert caller.purpose is None


@pytest.mark.parametrize(
    "change",
    [
        {"sub": "张三"},
        {"sub": None},
        {"role": "mayor"},
        {"role": None},
        {"role": "service"},  # a service names itself and its purpose
        {"level": "planet"},
        {"level": 6},
        {"division": 350102001000},
        {"division": "110101199003078"},
        {"division": "３５０１０２００１０００"},
        {"division": "350102001000\n"},
        {"level": "county"},  # it is a township's code
        {"level": "province"},  # would cover all of Fujian
        {"purpose": "means-check"},
        {"service": "intake", "purpose": "means-check"},  # a clerk is no service
        {"role": "service", "service": "intake"},
        {"role": "service", "service": "intake", "purpose": "13800000000"},
        {"role": "service", "service": "intake", "purpose": "a" * 41},
    ],
)
def test_claims_that_contradict_each_other_make_none(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidCaller) as refused:
        caller_of_claims(CLAIMS | change)
    for value in change.values():
        assert str(value) not in str(refused.value) or value in (None, "service")


def test_every_role_has_labels_in_both_languages_and_a_name_that_events_accept() -> None:
    for role in Role:
        assert any("\u4e00" <= letter <= "\u9fff" for letter in role.zh)
        assert role.en.isascii()
        assert role.label == f"{role.zh} / {role.en}"
        assert all(part.isalpha() and part.islower() for part in role.value.split("_"))
