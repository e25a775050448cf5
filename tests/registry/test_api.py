"""The registry over HTTP, as services and officials use it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.intake.registry.api import LOOK_UPS_PATH, PERSONS_PATH, router
from services.intake.registry.keys import person_key
from services.intake.registry.problems import PROBLEMS
from shared.access.credentials import CredentialsRefused, MintedAuth
from shared.access.issuer import Issuer
from shared.access.persons import RULES, NewNote, Standing
from shared.access.registry import (
    CONSULTATIONS_PATH,
    NOTES_PATH,
    READINGS_PATH,
    RegistryAway,
    RegistryClient,
    RegistryRefused,
)
from shared.access.roles import Role
from shared.access.tokens import Verifier, audience_of
from shared.contracts.persons import ConsultationPurpose, PersonField
from shared.kernel.event import read
from shared.regions import Jurisdiction, Level
from shared.web.app import Application, create_app
from tests.registry.conftest import START, House, Instance
from tests.registry.people import (
    ACCOUNT,
    FUJIAN,
    LIANJIANG,
    MINHOU,
    NAME,
    NUMBER,
    PLANTED,
    VILLAGE,
    id_number,
    somebody,
)

SERVICES = ("intake", "verification", "decision", "payment")
MEANS_CHECK, PAYMENT = ConsultationPurpose.MEANS_CHECK, ConsultationPurpose.PAYMENT


class Web:
    """Intake's application with the registry's routes, and an issuer of its own."""

    def __init__(self, house: House, intake: Instance) -> None:
        self.intake = intake
        self.issuer = Issuer(
            "http://127.0.0.1:8080/issuer", house.ring, services=SERVICES, home=FUJIAN
        )
        self.app: Application = create_app(
            "受理 / intake",
            "intake",
            verifier=Verifier(
                self.issuer.keys(), issuer=self.issuer.url, audience=audience_of("intake")
            ),
            keys=house.ring,
            routers=[router(intake.registry, intake.readings)],
            problems=PROBLEMS,
            rules=RULES,
        )
        transport = httpx.ASGITransport(self.app)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://intake")

    def client(self, service: str) -> RegistryClient:
        return RegistryClient(self.http, lambda purpose: self.auth(service, purpose))

    def auth(self, service: str, purpose: str) -> httpx.Auth:
        return MintedAuth(lambda: (self.issuer.mint_service(service, "intake", purpose), 60))

    async def post(
        self,
        path: str,
        body: Any,
        role: Role = Role.TOWNSHIP_CLERK,
        county: str = MINHOU,
        key: UUID | None = None,
    ) -> httpx.Response:
        token = self.issuer.mint(uuid4(), role, Jurisdiction(county, Level.COUNTY), "intake")
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(key or uuid4())}
        return await self.http.post(path, json=body, headers=headers)

    async def register(self, number: str = NUMBER) -> UUID:
        answer = await self.post(PERSONS_PATH, wire(number))
        assert answer.status_code == 201, answer.text
        return UUID(answer.json()["person_id"])


def wire(number: str = NUMBER, **changes: Any) -> dict[str, Any]:
    return somebody(number).model_dump(mode="json", exclude_none=True) | changes


@pytest.fixture
async def web(house: House, intake: Instance) -> AsyncIterator[Web]:
    made = Web(house, intake)
    yield made
    await made.http.aclose()


def without_personal_data(answer: httpx.Response) -> dict[str, Any]:
    assert not [text for text in PLANTED if text in answer.text]
    problem: dict[str, Any] = answer.json()
    return problem


async def test_a_person_is_registered_found_and_read(web: Web) -> None:
    person_id = await web.register()
    look_up = {"id_number": NUMBER, "purpose": "application"}
    found = await web.post(LOOK_UPS_PATH, look_up)
    assert found.json() == {"person_id": str(person_id)}
    assert found.headers["Cache-Control"] == "no-store"
    body = {
        "person_ids": [str(person_id), str(uuid4())],
        "purpose": "application",
        "fields": ["name"],
    }
    read = await web.post(CONSULTATIONS_PATH, body)
    assert read.headers["Cache-Control"] == "no-store"
    assert read.json()["persons"] == [
        {"person_id": str(person_id), "standing": "known", "name": NAME},
        {"person_id": body["person_ids"][1], "standing": "unknown"},
    ]


async def test_registering_again_with_the_same_key_is_the_same_answer(web: Web) -> None:
    key = uuid4()
    token = web.issuer.mint(
        uuid4(), Role.COUNTY_OFFICER, Jurisdiction(MINHOU, Level.COUNTY), "intake"
    )
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(key)}
    first, second = [
        await web.http.post(PERSONS_PATH, json=wire(), headers=headers) for _ in range(2)
    ]
    assert (first.status_code, first.json()["repeated"]) == (201, False)
    assert (second.status_code, second.json()) == (201, first.json() | {"repeated": True})
    assert web.intake.names() == ["person-registered"]
    other = await web.http.post(PERSONS_PATH, json=wire(name="陈大力"), headers=headers)
    assert (other.status_code, without_personal_data(other)["code"]) == (
        422,
        "idempotency-key-reused",
    )


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"id_number": NUMBER[:17] + "5"}, 422, "id-number-check-digit"),
        ({"id_number": NUMBER[:17]}, 422, "id-number-length"),
        ({"id_number": id_number("35012120300314122")}, 422, "id-number-birth-date"),
        ({"birth_date": "2031-01-01"}, 422, "birth-date-impossible"),
        ({"phone": "1390591"}, 422, "invalid-fields"),
        ({"account": ACCOUNT + "x"}, 422, "invalid-fields"),
        ({"name": ""}, 422, "invalid-fields"),
        ({"name": NAME + "\u0000"}, 422, "invalid-fields"),
        ({"name": NAME * 40}, 422, "invalid-fields"),
        ({NAME: PLANTED[1]}, 422, "invalid-fields"),
        ({"region": NUMBER}, 422, "invalid-fields"),
        ({"region": LIANJIANG}, 403, "division-not-covered"),
        ({"region": "350121999000"}, 422, "division-unknown"),
    ],
)
async def test_what_is_wrong_is_told_without_the_value(
    web: Web, change: dict[str, Any], status: int, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = await web.post(PERSONS_PATH, wire() | change)
    assert (answer.status_code, without_personal_data(answer)["code"]) == (status, code)
    assert not [text for text in PLANTED if text in caplog.text]
    assert web.intake.names() == []


@pytest.mark.parametrize(
    ("role", "path", "body"),
    [
        (Role.AUDITOR, PERSONS_PATH, wire()),
        (Role.PAYMENT_PREPARER, LOOK_UPS_PATH, {"id_number": NUMBER, "purpose": "application"}),
        (Role.TOWNSHIP_CLERK, LOOK_UPS_PATH, {"id_number": NUMBER, "purpose": "payment"}),
        (Role.TOWNSHIP_CLERK, NOTES_PATH, {"command_id": str(uuid4()), "notes": []}),
        (Role.AUDITOR, READINGS_PATH, {"note_ids": [str(uuid4())], "purpose": "notice"}),
        (
            Role.TOWNSHIP_SURVEYOR,
            CONSULTATIONS_PATH,
            {"person_ids": [str(uuid4())], "purpose": "application", "fields": ["name"]},
        ),
        (
            Role.TOWNSHIP_SURVEYOR,
            CONSULTATIONS_PATH,
            {"person_ids": [str(uuid4())], "purpose": "home-visit", "fields": ["account"]},
        ),
    ],
)
async def test_a_role_reads_for_its_own_purposes_only(
    web: Web, role: Role, path: str, body: dict[str, Any]
) -> None:
    answer = await web.post(path, body, role)
    assert answer.status_code == 403
    without_personal_data(answer)
    assert web.intake.names() == []


async def test_services_read_what_their_purpose_needs(web: Web) -> None:
    person_id = await web.register()
    id_of = [PersonField.ID_NUMBER]
    (checked,) = await web.client("verification").consult([person_id], MEANS_CHECK, id_of)
    assert (checked.id_number, checked.account) == (NUMBER, None)
    (paid,) = await web.client("payment").consult([person_id], PAYMENT, [PersonField.ACCOUNT])
    assert (paid.account, paid.standing) == (ACCOUNT, Standing.KNOWN)


async def test_services_are_refused_what_is_not_theirs(web: Web) -> None:
    person_id = await web.register()
    name, account = [PersonField.NAME], [PersonField.ACCOUNT]
    for service, purpose, fields in (
        ("decision", MEANS_CHECK, name),
        ("verification", PAYMENT, name),
        ("verification", MEANS_CHECK, account),
    ):
        with pytest.raises(RegistryRefused) as raised:
            await web.client(service).consult([person_id], purpose, fields)
        assert raised.value.status == 403
    # A token for one purpose is no token for another.
    crossed = RegistryClient(web.http, lambda _: web.auth("payment", "payment"))
    with pytest.raises(RegistryRefused, match="purpose-not-allowed"):
        await crossed.consult([person_id], ConsultationPurpose.NOTICE, name)
    with pytest.raises(RegistryRefused, match="purpose-not-allowed"):
        await crossed.put_notes(uuid4(), [NewNote(region=MINHOU, text="x", case_id=uuid4())])
    assert web.intake.names() == ["person-registered"]


async def test_a_service_puts_notes_and_officials_of_the_case_read_them(web: Web) -> None:
    person_id = await web.register()
    client = web.client("decision")
    command_id = uuid4()
    notes = [
        NewNote(region=VILLAGE, text=f"{NAME}家庭困难", person_id=person_id),
        NewNote(region=VILLAGE, text="评议会议记录", case_id=uuid4()),
    ]
    receipts = await client.put_notes(command_id, notes)
    assert receipts == await client.put_notes(command_id, notes)
    assert receipts[0].expires_at > START
    assert receipts[0].as_note().note_id == receipts[0].as_ref().note_id == receipts[0].note_id
    assert await client.put_notes(command_id, []) == []
    ids = [str(receipt.note_id) for receipt in receipts]
    body = {"note_ids": ids, "purpose": "application"}
    told = (await web.post(READINGS_PATH, body)).json()["notes"]
    assert [note["text"] for note in told] == [note.text for note in notes]
    assert [note["digest"] for note in told] == [receipt.digest for receipt in receipts]
    assert (told[0]["person_id"], told[1]["case_id"]) == (str(person_id), str(notes[1].case_id))
    hidden = await web.post(READINGS_PATH, body, county=LIANJIANG)
    assert {note["standing"] for note in without_personal_data(hidden)["notes"]} == {"unknown"}
    (read, _) = await client.read_notes([r.note_id for r in receipts], ConsultationPurpose.NOTICE)
    assert read.text == notes[0].text


async def test_an_erased_person_is_told_as_erased(web: Web) -> None:
    person_id = await web.register()
    web.intake.keys.destroy(person_key(person_id), START)
    client = web.client("payment")
    (erased,) = await client.consult([person_id], PAYMENT, [PersonField.ACCOUNT])
    assert (erased.standing, erased.erased_at, erased.account) == (Standing.ERASED, START, None)
    note = NewNote(region=MINHOU, text="x", person_id=person_id)
    with pytest.raises(RegistryRefused, match="410 person-erased"):
        await web.client("decision").put_notes(uuid4(), [note])


async def test_searching_is_slowed_down(web: Web) -> None:
    token = web.issuer.mint(
        uuid4(), Role.TOWNSHIP_CLERK, Jurisdiction(MINHOU, Level.COUNTY), "intake"
    )
    headers = {"Authorization": f"Bearer {token}"}
    body = {"id_number": NUMBER, "purpose": "application"}
    answers = [await web.http.post(LOOK_UPS_PATH, json=body, headers=headers) for _ in range(40)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert int(refused[0].headers["Retry-After"]) >= 1
    without_personal_data(refused[0])


async def test_contact_data_and_account_are_amended_and_the_event_names_the_fields(
    web: Web,
) -> None:
    person_id = await web.register()
    path = f"{PERSONS_PATH}/{person_id}/amendments"
    key = uuid4()
    body = {"region": VILLAGE, "phone": "13905919999", "account": "6222021409000007777"}
    token = web.issuer.mint(
        uuid4(), Role.TOWNSHIP_CLERK, Jurisdiction(MINHOU, Level.COUNTY), "intake"
    )
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(key)}
    first, again = [await web.http.post(path, json=body, headers=headers) for _ in range(2)]
    assert (first.status_code, first.json()["repeated"]) == (201, False)
    assert (again.status_code, again.json()) == (201, first.json() | {"repeated": True})
    later = await web.post(path, {"region": VILLAGE, "phone": "13905918888"})
    assert later.status_code == 201
    # The first, sent once more by a client that never got its answer, undoes nothing.
    await web.http.post(path, json=body, headers=headers)
    (paid,) = await web.client("payment").consult(
        [person_id], PAYMENT, [PersonField.ACCOUNT, PersonField.NAME]
    )
    assert (paid.account, paid.name) == (body["account"], NAME)
    wanted = {"person_ids": [str(person_id)], "purpose": "application", "fields": ["phone"]}
    told = (await web.post(CONSULTATIONS_PATH, wanted)).json()["persons"]
    assert told[0]["phone"] == "13905918888"
    events = [e for e in web.intake.events() if e.type == "doudi.intake.person-amended.v1"]
    assert [e.data.fields for e in events] == [("account", "phone"), ("phone",)]
    assert {e.data.person_id for e in events} == {person_id}


async def test_nobody_is_amended_from_elsewhere_or_with_nothing(web: Web) -> None:
    person_id = await web.register()
    path = f"{PERSONS_PATH}/{person_id}/amendments"
    for body, county, status, code in (
        ({"region": VILLAGE, "phone": "13905919999"}, LIANJIANG, 403, "division-not-covered"),
        ({"region": LIANJIANG, "phone": "13905919999"}, LIANJIANG, 422, "person-unknown"),
        ({"region": VILLAGE}, MINHOU, 422, "invalid-fields"),
        ({"region": VILLAGE, "name": "陈大力"}, MINHOU, 422, "invalid-fields"),
    ):
        answer = await web.post(path, body, county=county)
        assert (answer.status_code, without_personal_data(answer)["code"]) == (status, code)
    web.intake.keys.destroy(person_key(person_id), START)
    answer = await web.post(path, {"region": VILLAGE, "phone": "13905919999"})
    assert (answer.status_code, without_personal_data(answer)["code"]) == (410, "person-erased")
    assert web.intake.names() == ["person-registered"]


async def test_services_are_not_slowed_down_and_officials_are(web: Web) -> None:
    person_id = await web.register()
    token = web.issuer.mint_service("payment", "intake", "payment")
    clerk = web.issuer.mint(
        uuid4(), Role.TOWNSHIP_CLERK, Jurisdiction(MINHOU, Level.COUNTY), "intake"
    )
    statuses: dict[str, set[int]] = {}
    for bearer, purpose in ((token, "payment"), (clerk, "application")):
        body = {"person_ids": [str(person_id)], "purpose": purpose, "fields": ["name"]}
        answers = await asyncio.gather(
            *(
                web.http.post(
                    CONSULTATIONS_PATH, json=body, headers={"Authorization": f"Bearer {bearer}"}
                )
                for _ in range(300)
            )
        )
        statuses[purpose] = {answer.status_code for answer in answers}
    assert statuses == {"payment": {200}, "application": {200, 429}}


async def test_registering_is_slowed_down(web: Web) -> None:
    await web.register()
    token = web.issuer.mint(
        uuid4(), Role.TOWNSHIP_CLERK, Jurisdiction(MINHOU, Level.COUNTY), "intake"
    )
    answers = []
    for _ in range(70):
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
        answer = await web.http.post(PERSONS_PATH, json=wire(name="陈大力"), headers=headers)
        answers.append(answer)
    assert {answer.status_code for answer in answers} == {409, 429}
    assert without_personal_data(answers[0])["code"] == "person-name-mismatch"
    assert web.intake.names().count("person-name-mismatched") < 70


async def test_the_registry_away_is_one_clear_error(web: Web) -> None:
    person_id = await web.register()
    client = web.client("payment")
    name = [PersonField.NAME]
    web.intake.writer.suspend("the log is being checked")
    with pytest.raises(RegistryAway, match="status 503") as raised:
        await client.consult([person_id], PAYMENT, name)
    assert raised.value.retry_after_seconds == 5
    web.intake.writer.open()
    web.intake.keys.close()
    with pytest.raises(RegistryAway, match="status 503"):
        await client.consult([person_id], PAYMENT, name)


async def test_a_registry_that_cannot_be_reached_is_away() -> None:
    async with httpx.AsyncClient(base_url="http://127.0.0.1:9") as http:
        client = RegistryClient(http, lambda _: httpx.BasicAuth("a", "b"))
        with pytest.raises(RegistryAway, match="ConnectError"):
            await client.consult([uuid4()], PAYMENT, [PersonField.NAME])

        class Refusing(httpx.Auth):
            def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:  # type: ignore[override]
                raise CredentialsRefused("401")
                yield request

        client = RegistryClient(http, lambda _: Refusing())
        with pytest.raises(RegistryAway, match="no token"):
            await client.consult([uuid4()], PAYMENT, [PersonField.NAME])


async def test_planted_personal_data_is_nowhere_but_sealed(
    web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        person_id = await web.register()
        await web.register()
        await web.post(LOOK_UPS_PATH, {"id_number": NUMBER, "purpose": "application"})
        await web.client("payment").consult([person_id], PAYMENT, [PersonField.ACCOUNT])
        text = " ".join(PLANTED)
        note = NewNote(region=MINHOU, text=text, person_id=person_id)
        (receipt,) = await web.client("decision").put_notes(uuid4(), [note])
        await web.client("decision").read_notes([receipt.note_id], ConsultationPurpose.NOTICE)
    store = web.intake.store
    rows = store.read_log(0, 1_000)
    commands = [read(row).command_id for row in rows]
    handled = store.handled(commands)
    assert len(handled) == 5
    assert len(rows) == 6
    relations = store.annex_get("person-region", [f"{person_id}/350121"])
    sealed = store.annex_get("person", [str(person_id)])
    sealed |= store.annex_get("note", [str(receipt.note_id)])
    assert len(sealed) == 2
    seen = [row.document.decode() for row in rows]
    seen += [repr(outcome) for outcome in handled.values()]
    seen += [repr(row) for row in (*relations.values(), *sealed.values())]
    seen += [row.body.decode("utf-8", "replace") for row in sealed.values()]
    seen.append(caplog.text)
    seen.append(repr([note, somebody()]))
    assert "person-registered" in seen[0]
    assert "request" in caplog.text
    assert any(str(person_id) in place for place in seen), "the scan finds what is there"
    assert not [text for text in PLANTED if any(text in place for place in seen)]
    assert NAME.encode().decode("latin-1") not in "".join(seen)
