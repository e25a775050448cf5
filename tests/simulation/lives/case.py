"""One application from its beginning to its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.decision import decisions as decision
from services.decision.model import determination_of
from services.intake import decisions as intake
from services.intake.model import application_stream, open_application_stream
from services.verification import decisions as verification
from services.verification.model import check_of
from shared.contracts.decision import PublicityRound
from shared.contracts.fields import (
    DeductionLine,
    IncomeKind,
    IncomeLine,
    LineSource,
)
from shared.contracts.intake import Material
from shared.contracts.verification import Department
from shared.kernel.decider import Stream
from shared.kernel.submission import KeyReused, VersionMismatch
from tests.simulation.clients import Client
from tests.simulation.findings import Finding, Invariant, require
from tests.simulation.house import regions
from tests.simulation.households import DIVISION, Household, Way
from tests.simulation.lives.desk import PROGRAMME, WILLING, Life, command_of


def apply(life: Life) -> bool | None:
    """Apply, bring what is missing, be accepted.

    ``False`` where it ends here, ``None`` where another application is in the way.
    """
    household, stream = life.household, application_stream(life.case_id)
    claims = [open_application_stream(PROGRAMME, m.person_id) for m in household.members]
    life.client.until_day(household.applies_on)
    submit = intake.SubmitApplication(
        case_id=life.case_id,
        programme=PROGRAMME,
        division=DIVISION,
        applicant=household.applicant,
        members=household.members,
        materials=(Material.IDENTITY,),
        reason=life.note("reason"),
    )
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


def check(life: Life) -> None:
    """Departments answer, two surveyors visit, the village reviews; then the account."""
    household, stream = life.household, check_of(life.case_id)
    done = verification.CompleteCheck()
    life.sees("verification", "checks", lambda seen: seen)
    if life.dares():
        life.must_be_refused(
            "verification",
            verification.complete,
            done,
            stream,
            hand="surveyor",
            refused=("departments-outstanding", "visit-missing"),
        )
    life.client.until_day(household.applies_on + timedelta(days=2))
    deductions = tuple(
        DeductionLine(kind=kind, amount_fen=fen) for kind, fen in household.deductions_fen.items()
    )
    wages = IncomeLine(
        person_id=household.applicant,
        kind=IncomeKind.WAGE,
        source=LineSource.DECLARED,
        amount_fen=household.wages_fen,
    )
    surveyors = life.hand("surveyor"), life.hand("second surveyor")
    visit = verification.RecordHomeVisit(
        visited_on=life.world.today,
        surveyors=surveyors,
        income=(wages,),
        deductions=deductions,
        findings=life.note("findings"),
        recorder=surveyors[0],
        as_surveyor=True,
    )
    if life.dares():
        alone = visit.model_copy(update={"surveyors": surveyors[:1] * 2})
        life.must_be_refused(
            "verification",
            verification.record_home_visit,
            alone,
            stream,
            hand="surveyor",
            refused=("too-few-surveyors",),
        )
    life.do("verification", verification.record_home_visit, visit, stream, hand="surveyor")
    life.client.until_day(household.applies_on + timedelta(days=6))
    review = verification.HoldReview(
        held_on=life.world.today,
        present=6,
        representatives=5,
        agreed=6,
        upheld=True,
        minutes=life.note("minutes"),
    )
    life.do("verification", verification.hold_review, review, stream, hand="surveyor")
    life.sees("verification", "checks", _all_answered)
    life.do("verification", verification.complete, done, stream, hand="surveyor")


def _all_answered(seen: dict[str, Any]) -> bool:
    standings = seen["departments"].values()
    return len(standings) == len(Department) and "asked" not in standings


def propose(life: Life) -> None:
    """The proposal; sometimes a colleague proposes the same at the same moment."""
    life.sees("decision", "determinations", lambda seen: seen)
    rivals = life.client.random.random() < WILLING
    if rivals:
        name = f"{life.client.name}'s colleague"
        life.world.join(Client(life.world, name, lambda colleague: _propose(life, colleague)))
    _propose(life, life.client, rivals=rivals)


def _propose(life: Life, client: Client, *, rivals: bool = True) -> None:
    own = Life(client, life.household, life.case_id)
    proposal = decision.Propose(actor=life.hand("proposer"), explanation=life.note("explanation"))
    own.do(
        "decision",
        decision.propose,
        proposal,
        determination_of(life.case_id),
        hand="proposer",
        refused=("wrong-stage",) if rivals else (),
    )


def publicise(life: Life, round_: PublicityRound) -> None:
    """Post a round of publicity and wait until its days are over."""
    stream = determination_of(life.case_id)
    post = decision.PostPublicity(round=round_)
    life.do("decision", decision.post_publicity, post, stream, hand="clerk")
    field = f"{round_}_publicity_until"
    life.sees("decision", "determinations", lambda seen: field in seen)
    if round_ is PublicityRound.FIRST and life.household.way is Way.OBJECTION:
        object_to(life)
    if round_ is PublicityRound.SECOND and life.dares():
        # Recorded as deferred, or refused where the days went by unseen.
        confirm(life, "early bird", rivals=True)
        life.early = True
    seen = life.world.sites["decision"].view("determinations", life.case_id)
    life.client.until_day(date.fromisoformat(seen[field]) + timedelta(days=1))


def object_to(life: Life) -> None:
    """Somebody objects; it is looked into and not upheld. The same body, twice, is one."""
    stream, objection_id = determination_of(life.case_id), life.world.uuid()
    raised = decision.RaiseObjection(objection_id=objection_id, grounds=life.note("grounds"))
    item = command_of(
        life.world,
        decision.raise_objection,
        raised,
        stream,
        actor=life.hand("clerk"),
        role="township_clerk",
    )
    outcome = life.client.send("decision", item)
    if outcome.refusal:
        code = outcome.refusal.code
        require(code == "no-publicity-running", Invariant.CLIENTS_UNTROUBLED, code)
        return
    try:
        life.client.send("decision", replace(item, body_digest=b"another body"), (KeyReused,))
    except KeyReused:
        pass
    else:
        raise Finding(Invariant.CLIENTS_UNTROUBLED, "a key was taken for another body")
    life.must_be_refused(
        "decision",
        decision.approve,
        decision.Approve(actor=life.hand("approver")),
        stream,
        hand="approver",
        refused=("objection-open",),
    )
    resolved = decision.ResolveObjection(
        objection_id=objection_id, upheld=False, findings=life.note("objection")
    )
    life.do("decision", decision.resolve_objection, resolved, stream, hand="clerk")


def approve(life: Life) -> None:
    """The township's approval; not by who surveyed."""
    stream = determination_of(life.case_id)
    if life.dares():
        life.must_be_refused(
            "decision",
            decision.approve,
            decision.Approve(actor=life.hand("surveyor")),
            stream,
            hand="surveyor",
            refused=("same-hands",),
        )
    approval = decision.Approve(actor=life.hand("approver"))
    life.do("decision", decision.approve, approval, stream, hand="approver")


def confirm(life: Life, hand: str, *, rivals: bool = False) -> None:
    """The confirmation, by other hands; recorded as deferred while the publicity runs."""
    command = decision.Decide(actor=life.hand(hand), role="township_approver")
    life.do(
        "decision",
        decision.confirm,
        command,
        determination_of(life.case_id),
        hand=hand,
        role="township_approver",
        refused=("wrong-stage",) if rivals else (),
    )


def refuse(life: Life) -> None:
    """The refusal; the household is then free to apply anew, and does."""
    command = decision.Decide(actor=life.hand("confirmer"), role="township_approver")
    reads = determination_of(life.case_id)
    life.do("decision", decision.refuse, command, reads, hand="confirmer", role="township_approver")
    life.sees("intake", "applications", lambda seen: seen.get("refused"))
    again = replace(life.household, way=Way.WITHDRAWN)
    while apply(Life(life.client, again, life.world.uuid())) is None:
        life.client.rest(100)


def live(client: Client, household: Household, case_id: UUID) -> None:
    """One application from its beginning to its end."""
    life = Life(client, household, case_id)
    if not apply(life):
        return
    check(life)
    propose(life)
    if household.way is Way.REFUSED:
        refuse(life)
        return
    publicise(life, PublicityRound.FIRST)
    approve(life)
    publicise(life, PublicityRound.SECOND)
    confirm(life, "confirmer", rivals=life.early)
    life.sees("payment", "entitlements", lambda seen: seen)
