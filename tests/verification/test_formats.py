"""What verification reads of a department's bytes, in each form that was agreed on."""

from __future__ import annotations

import json
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.sandbox.departments import Income, Reply, Stated
from services.verification.gateways import Unreadable, read_reply, recorded
from shared.accounts import may_be_named
from shared.contracts.circumstances import Disability, DisabilityKind
from shared.contracts.departments import Department, RegisterKind
from shared.contracts.fields import IncomeItem, IncomeKind, LineSource

ONE, OTHER = uuid4(), uuid4()
JSON, LINES = "application/json", "text/csv; charset=gb18030"
HEADER = "reference,field,code,item,value"

REPLIES = st.builds(
    Reply,
    persons=st.just(ONE)
    .flatmap(
        lambda reference: st.builds(
            Stated,
            reference=st.just(reference),
            income=st.lists(
                st.builds(
                    Income,
                    kind=st.sampled_from(IncomeKind),
                    amount_fen=st.integers(0, 10**9),
                    item=st.none() | st.sampled_from(IncomeItem),
                ).filter(lambda income: may_be_named(income.kind, income.item)),
                max_size=3,
            ),
            deposits_fen=st.integers(0, 10**9),
            houses=st.integers(0, 9),
            vehicles=st.integers(0, 9),
            entries=st.lists(st.sampled_from(RegisterKind), unique=True),
            disability=st.none()
            | st.builds(Disability, kind=st.sampled_from(DisabilityKind), grade=st.integers(1, 4)),
        )
    )
    .map(lambda stated: (stated,)),
    as_of=st.none() | st.dates(date(2012, 12, 12), date(2030, 1, 1)),
)


@given(REPLIES)
def test_both_forms_say_the_same(reply: Reply) -> None:
    assert read_reply(LINES, reply.lines()) == read_reply(JSON, reply.model_dump_json().encode())


def lines(*rows: str, header: str = HEADER) -> bytes:
    return "\r\n".join((header, *rows, "")).encode()


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        pytest.param(JSON, b'{"persons": "none"}', id="another-shape"),
        pytest.param(JSON, b"\xff\xfe", id="no-text"),
        pytest.param(
            JSON,
            json.dumps(
                {
                    "persons": [
                        {
                            "reference": str(ONE),
                            "income": [{"kind": "wage", "amount_fen": 1, "item": "scholarship"}],
                        }
                    ]
                }
            ).encode(),
            id="a-wage-that-is-a-scholarship",
        ),
        pytest.param(JSON, b"", id="nothing"),
        pytest.param("text/html", b"<p>system upgrade</p>", id="a-page"),
        pytest.param("; charset=utf-8", b'{"persons": []}', id="a-charset-of-no-type"),
        pytest.param("text/csv; charset=utf-7", lines(), id="another-charset"),
        pytest.param("text/csv", "户主".encode("gb18030"), id="gb18030-that-claims-utf-8"),
        pytest.param("text/csv", lines(header="id,amount"), id="other-columns"),
        pytest.param("text/csv", lines(f"{ONE},houses,,"), id="a-short-line"),
        pytest.param("text/csv", lines(f"{ONE},houses,,,1,2"), id="a-long-line"),
        pytest.param("text/csv", lines(f"{ONE},houses,,,many"), id="no-number"),
        pytest.param("text/csv", lines(f"{ONE},houses,,,1", f"{ONE},houses,,,2"), id="told-twice"),
        pytest.param("text/csv", lines(f"{ONE},yachts,,,1"), id="unheard-of"),
        pytest.param("text/csv", lines(f"{ONE},income,luck,,1"), id="no-kind-of-income"),
        pytest.param("text/csv", lines(f"{ONE},income,wage,,-1"), id="less-than-nothing"),
        pytest.param("text/csv", lines("nobody,known,,,"), id="no-reference"),
        pytest.param("text/csv", lines(f"{ONE},disability,physical,,5"), id="no-such-grade"),
    ],
)
def test_what_is_of_no_agreed_form_is_unreadable(media_type: str, body: bytes) -> None:
    with pytest.raises(Unreadable):
        read_reply(media_type, body)


def test_lines_name_who_has_nothing() -> None:
    reply = read_reply("text/csv", lines(f"{ONE},known,,,", f"{OTHER},vehicles,,,1"))
    command = recorded(Department.VEHICLES, [OTHER, ONE], [reply])
    assert command.vehicles == 1


@pytest.mark.parametrize("asked", [[ONE], [ONE, OTHER, uuid4()], [uuid4(), uuid4()]], ids=len)
def test_other_persons_than_were_asked_about_are_no_answer(asked: list[object]) -> None:
    reply = read_reply("text/csv", lines(f"{ONE},known,,,", f"{OTHER},known,,,"))
    with pytest.raises(Unreadable):
        recorded(Department.VEHICLES, asked, [reply])  # type: ignore[arg-type]


def test_answers_about_one_person_each_are_put_together() -> None:
    replies = [
        read_reply("text/csv", lines(f"{ONE},houses,,,1", ",as_of,2021-08-02,,")),
        read_reply("text/csv", lines(f"{OTHER},houses,,,2", ",as_of,2021-08-01,,")),
    ]
    command = recorded(Department.HOUSING, [ONE, OTHER], replies)
    assert (command.houses, command.as_of) == (3, date(2021, 8, 1))


def test_income_is_believed_of_those_only_whose_lines_an_account_can_name() -> None:
    body = json.dumps(
        {"persons": [{"reference": str(ONE), "income": [{"kind": "wage", "amount_fen": 1}]}]}
    ).encode()
    command = recorded(Department.BANKS, [ONE], [read_reply(JSON, body)])
    assert [line.source for line in command.income] == [LineSource.BANKS]
    with pytest.raises(Unreadable):
        recorded(Department.EDUCATION, [ONE], [read_reply(JSON, body)])


def test_certificates_are_believed_of_the_federation_that_keeps_them() -> None:
    reply = read_reply("text/csv", lines(f"{ONE},disability,physical,,2"))
    command = recorded(Department.DISABILITY_FEDERATION, [ONE], [reply])
    assert [(c.person_id, c.disability.grade) for c in command.certificates] == [(ONE, 2)]
    with pytest.raises(Unreadable):
        recorded(Department.PUBLIC_SECURITY, [ONE], [reply])
