"""An emergency from its application to its explanation, and the county that fills the fund."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid5

from services.decision import decisions as decision
from services.decision.model import aid_of, determination_of
from services.intake import decisions as intake
from services.intake.model import application_stream, open_application_stream
from services.payment import decisions as payment
from services.payment.model import fund_of
from shared.contracts.aid import AidInstalment, AidRefusalReason
from shared.contracts.fields import AidCause, AidKind, AidPlace, AidRequest
from shared.contracts.intake import Material
from shared.regions import Level
from tests.simulation.clients import Client
from tests.simulation.findings import Finding, Invariant
from tests.simulation.house import regions
from tests.simulation.households import Emergency
from tests.simulation.lives.applying import application_of
from tests.simulation.lives.desk import Desk, Life
from tests.simulation.scenes import FUJIAN, SHAANXI

TOWNSHIP, COUNTY = "township_approver", "county_approver"
STAGE_AFTER = timedelta(days=15)
"""Longer than any client is held up."""
COUNTY_OFFICE = UUID("c0117700-0000-4000-8000-000000000001")


def live(life: Life) -> None:
    """Accepted as it stands, granted at once or refused, and explained by other hands."""
    emergency = life.household.emergency
    if emergency is None:
        raise Finding(Invariant.CLIENTS_UNTROUBLED, f"{life.client.name} has no emergency")
    life.client.until_day(life.household.applies_on)
    _apply(life, emergency)
    life.sees("decision", "aids", lambda seen: seen)
    life.client.until_day(life.world.today + timedelta(days=life.client.random.choice((0, 0, 2))))
    if not emergency.granted:
        _refuse(life)
        return
    if life.world.scene is SHAANXI:
        _assess(life, emergency)
    _grant(life, emergency)
    if life.world.scene is SHAANXI:
        life.client.until_day(life.world.today + STAGE_AFTER)
        life.sees("decision", "aids", lambda seen: seen.get("outstanding") is False)
    life.client.until_day(life.world.today + timedelta(days=life.client.random.choice((0, 3, 45))))
    _explain(life)
    life.sees("intake", "applications", lambda seen: "refused" in seen)


def _apply(life: Life, emergency: Emergency) -> None:
    household, stream = life.household, application_stream(life.case_id)
    claim = open_application_stream(household.programme, household.applicant)
    aid = AidRequest(
        kind=AidKind.EMERGENCY,
        cause=AidCause.EPIDEMIC,
        place=emergency.place,
        requested_fen=emergency.amount_fen,
    )
    submit = application_of(life, aid=aid)
    submitting = intake.submitting(regions())
    if life.world.scene is FUJIAN and life.dares():
        here = aid.model_copy(update={"place": AidPlace.PLACE_OF_EMERGENCY})
        away = submit.model_copy(update={"aid": here})
        refused = ("aid-place-not-allowed",)
        life.must_be_refused(
            "intake", submitting, away, stream, claim, hand="registrar", refused=refused
        )
    life.do("intake", submitting, submit, stream, claim, hand="registrar")
    life.do("intake", intake.accept, intake.AcceptApplication(), stream, hand="registrar")


def _refuse(life: Life) -> None:
    """There is no emergency; the person is free to apply anew."""
    command = decision.RefuseAid(
        actor=life.hand("approver"),
        role=TOWNSHIP,
        reason=AidRefusalReason.NO_EMERGENCY,
        explanation=life.note("refusal"),
    )
    stream = aid_of(life.case_id)
    life.do("decision", decision.refuse_aid, command, stream, hand="approver", role=TOWNSHIP)
    if life.dares():
        _grant_as(life, "approver", TOWNSHIP, 1, refused=("wrong-stage",))
    life.sees("intake", "applications", lambda seen: seen.get("refused"))


def _assess(life: Life, emergency: Emergency) -> None:
    """In Shaanxi it is assessed first what is needed."""
    command = decision.AssessNeeds(
        assessors=(life.hand("assessor"),),
        money_fen=emergency.amount_fen,
        in_kind=(),
        findings=life.note("needs"),
    )
    reads = (aid_of(life.case_id), determination_of(life.case_id))
    life.do("decision", decision.assess_needs, command, *reads, hand="clerk")


def _later(life: Life, amount_fen: int) -> tuple[AidInstalment, ...]:
    """In Shaanxi, by then, half of it is paid some days later."""
    if life.world.scene is not SHAANXI or amount_fen < 2:
        return ()
    due_on = life.world.today + STAGE_AFTER
    return (AidInstalment(amount_fen=amount_fen // 2, due_on=due_on),)


def _grant(life: Life, emergency: Emergency) -> None:
    """The township grants; what is above its limit lies with the county from then on."""
    if life.dares():
        _grant_as(life, "county", COUNTY, 1, refused=("not-the-granting-tier",))
    _grant_as(life, "approver", TOWNSHIP, emergency.amount_fen)
    if emergency.amount_fen > life.world.scene.aid_limit_fen:
        if life.dares():
            _grant_as(life, "approver", TOWNSHIP, 1, refused=("not-the-granting-tier",))
            _grant_as(life, "approver", COUNTY, 1, refused=("same-hands",))
        _grant_as(life, "county", COUNTY, emergency.amount_fen)


def _grant_as(
    life: Life, hand: str, role: str, amount_fen: int, refused: tuple[str, ...] = ()
) -> None:
    later = _later(life, amount_fen)
    command = decision.GrantAid(
        actor=life.hand(hand), role=role, amount_fen=amount_fen, later=later
    )
    send = life.must_be_refused if refused else life.do
    send(
        "decision",
        decision.grant_aid,
        command,
        aid_of(life.case_id),
        hand=hand,
        role=role,
        refused=refused,
    )


def _explain(life: Life) -> None:
    """Papers follow, in time or not; never by who granted it."""
    emergency = life.household.emergency
    above = emergency is not None and emergency.amount_fen > life.world.scene.aid_limit_fen
    granter = "county" if above else "approver"
    for hand, refused in ((granter, ("same-hands",)), ("clerk", ())):
        command = decision.ExplainAid(
            actor=life.hand(hand), materials=(Material.IDENTITY,), findings=life.note("findings")
        )
        if refused and not life.dares():
            continue
        send = life.must_be_refused if refused else life.do
        send(
            "decision",
            decision.explain_aid,
            command,
            aid_of(life.case_id),
            hand=hand,
            refused=refused,
        )


def fill_the_fund(client: Client) -> None:
    """The county fills the township's fund, sometimes late, and sometimes with too little."""
    world, random = client.world, client.random
    scene = world.scene
    county = Desk(client, uuid5(COUNTY_OFFICE, str(world.uuid())))
    days = sorted(random.sample((0, 1, 4, 9, 20), k=random.randint(1, 3)))
    for day in days:
        client.until_day(scene.start + timedelta(days=day))
        for level in (Level.TOWNSHIP, Level.COUNTY) if county.dares() else (Level.COUNTY,):
            command = payment.Replenish(
                actor=county.hand("payer"),
                level=level,
                division=scene.division,
                amount_fen=random.randint(1, 2 * scene.aid_limit_fen),
            )
            send = county.do if level is Level.COUNTY else county.must_be_refused
            send(
                "payment",
                payment.replenish,
                command,
                fund_of(scene.division),
                hand="payer",
                role="payment_approver",
                refused=() if level is Level.COUNTY else ("fund-replenished-by-county",),
            )
