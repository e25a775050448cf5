"""Applying: submitted, completed, accepted, or taken back."""

from __future__ import annotations

from dataclasses import replace

from services.intake import decisions as intake
from services.intake.model import application_stream, open_application_stream
from shared.contracts.fields import AidRequest
from shared.contracts.intake import Material
from shared.kernel.decider import Stream
from shared.kernel.submission import VersionMismatch
from tests.simulation.findings import Finding, Invariant
from tests.simulation.house import regions
from tests.simulation.lives.desk import Life, command_of
from tests.simulation.scenes import Way


def application_of(
    life: Life, *materials: Material, aid: AidRequest | None = None
) -> intake.SubmitApplication:
    """What the household submits, with these papers."""
    household = life.household
    return intake.SubmitApplication(
        case_id=life.case_id,
        programme=household.programme,
        division=life.world.scene.division,
        applicant=household.applicant,
        members=household.members,
        materials=materials,
        reason=life.note("reason"),
        aid=aid,
    )


def apply(life: Life) -> bool | None:
    """Apply, bring what is missing, be accepted.

    ``False`` where it ends here, ``None`` where another application is in the way.
    """
    household, stream = life.household, application_stream(life.case_id)
    claims = [open_application_stream(household.programme, m.person_id) for m in household.members]
    life.client.until_day(household.applies_on)
    submit = application_of(life, Material.IDENTITY)
    may_be_open = household.way in (Way.RIVALS, Way.WITHDRAWN)
    open_exists = ("open-application-exists",) if may_be_open else ()
    submitted = life.do(
        "intake",
        intake.submitting(regions()),
        submit,
        stream,
        *claims,
        hand="registrar",
        refused=open_exists,
    )
    if submitted.refusal:
        return None
    if life.dares():
        life.must_be_refused(
            "intake",
            intake.accept,
            intake.AcceptApplication(),
            stream,
            hand="registrar",
            refused=("check-authorization-missing",),
        )
    if household.way is Way.WITHDRAWN:
        withdraw = intake.WithdrawApplication(case_id=life.case_id, reason=life.note("withdrawal"))
        life.do("intake", intake.withdraw, withdraw, stream, *claims, hand="registrar")
        return False
    missing = (Material.CHECK_AUTHORIZATION,)
    asked = intake.RequestMaterials(materials=missing)
    brought = intake.SupplyMaterials(materials=missing)
    life.do("intake", intake.request_materials, asked, stream, hand="registrar")
    life.do("intake", intake.supply_materials, brought, stream, hand="registrar")
    declared = intake.FileKin(kin=())
    life.do("intake", intake.file_kin, declared, stream, hand="registrar")
    _with_a_stale_version(life, stream)
    life.do("intake", intake.accept, intake.AcceptApplication(), stream, hand="registrar")
    return True


def _with_a_stale_version(life: Life, stream: Stream) -> None:
    """Accept on what was seen before the papers came: nothing is recorded."""
    if not life.dares():
        return
    accept = intake.AcceptApplication()
    item = command_of(
        life.world, intake.accept, accept, stream, actor=life.hand("x"), role="township_clerk"
    )
    try:
        life.client.send("intake", replace(item, expected_version=1), (VersionMismatch,))
    except VersionMismatch:
        return
    raise Finding(Invariant.CLIENTS_UNTROUBLED, "a stale version was accepted")


def apply_anew(life: Life) -> None:
    """Whoever was refused, or whose case is over, is free to apply, and takes it back again."""
    again = replace(life.household, way=Way.WITHDRAWN, emergency=None)
    while apply(Life(life.client, again, life.world.uuid())) is None:
        life.client.rest(100)
