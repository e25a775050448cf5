"""From the proposal to the decision, by hands that are kept apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from services.decision import decisions as decision
from services.decision.model import determination_of
from shared.contracts.publicity import PublicityRound
from shared.kernel.submission import KeyReused
from tests.simulation.clients import Client
from tests.simulation.findings import Finding, Invariant, require
from tests.simulation.lives.applying import apply_anew
from tests.simulation.lives.desk import WILLING, Life, command_of
from tests.simulation.scenes import Way


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
    role = life.world.scene.deciding_role
    command = decision.Decide(actor=life.hand(hand), role=role)
    life.do(
        "decision",
        decision.confirm,
        command,
        determination_of(life.case_id),
        hand=hand,
        role=role,
        refused=("wrong-stage",) if rivals else (),
    )


def confirmed(life: Life) -> None:
    """From the first publicity to the confirmation, as the place has it."""
    publicise(life, PublicityRound.FIRST)
    approve(life)
    if PublicityRound.SECOND in life.world.scene.rounds:
        publicise(life, PublicityRound.SECOND)
    confirm(life, "confirmer", rivals=life.early)


def refuse(life: Life) -> None:
    """The refusal; the household is then free to apply anew, and does."""
    role = life.world.scene.deciding_role
    command = decision.Decide(actor=life.hand("confirmer"), role=role)
    reads = determination_of(life.case_id)
    life.do("decision", decision.refuse, command, reads, hand="confirmer", role=role)
    life.sees("intake", "applications", lambda seen: seen.get("refused"))
    apply_anew(life)
