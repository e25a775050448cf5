"""What a visit says of a child whom nobody brings up, and by what it is established (查验)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shared.children import CHILD_SOURCE, require_complete
from shared.contracts.children import (
    ChildCircumstances,
    Minor,
    ParentEvidence,
    ParentSituation,
)
from shared.contracts.departments import DepartmentAnswered, RegisterKind
from shared.contracts.fields import Programme
from shared.kernel.decider import Refusal
from shared.policy import Parameters

_ENTRY_OF: Final = {
    ParentSituation.DEAD: RegisterKind.DECEASED,
    ParentSituation.MISSING: RegisterKind.DECLARED_MISSING,
    ParentSituation.SERVING_SENTENCE: RegisterKind.IN_PRISON,
    ParentSituation.COMPULSORY_DETOX: RegisterKind.IN_COMPULSORY_DETOX,
    ParentSituation.LOST_CONTACT: RegisterKind.LOST_CONTACT,
    ParentSituation.GUARDIANSHIP_REVOKED: RegisterKind.GUARDIANSHIP_REVOKED,
    ParentSituation.DEPORTED: RegisterKind.DEPORTED,
}
"""By which entry a register says that a parent is in a situation."""


def require_child_circumstances(
    programme: Programme,
    minor: Minor | None,
    child: ChildCircumstances | None,
    parameters: Parameters,
) -> None:
    """A visit for a child's allowance says what either parent's situation is, and by what.

    Who is registered as a parent is one of the two; by what a situation may be established is a
    dated parameter. Source: 民发〔2019〕62号, 1, 2(2).
    """
    if programme is not Programme.CHILD_ALLOWANCE:
        if child is not None:
            facts: dict[str, int | str] = {"programme": programme}
            raise Refusal("child-circumstances-out-of-place", facts=facts, status=422)
        return
    if child is None:
        raise Refusal("child-circumstances-missing", source=CHILD_SOURCE, status=422)
    require_complete(child)
    registered = set(minor.parents) if minor else set()
    named = [p.person_id for p in child.parents if p.person_id is not None]
    if sorted(named) != sorted(registered):
        facts = {"registered": len(registered), "named": len(named)}
        raise Refusal("child-parents-unclear", facts=facts, source=CHILD_SOURCE, status=422)
    allowed = parameters.codes("child_parent_evidence")
    for evidence in (p.evidence for p in child.parents if p.evidence is not None):
        if evidence not in allowed:
            raise Refusal(
                "parent-evidence-not-allowed",
                facts={"evidence": evidence, "allowed": ", ".join(allowed)},
                source=parameters.value("child_parent_evidence").source,
                status=422,
            )


def require_established(
    child: ChildCircumstances | None, answers: Sequence[DepartmentAnswered]
) -> None:
    """What is said to rest on a department's data stands in some department's answer.

    Where it does not, papers are to be brought (协助提供必要补充材料).
    Source: 民发〔2019〕62号, 2(2).
    """
    if child is None:
        return
    entries = {(e.person_id, e.kind) for answer in answers for e in answer.entries or ()}
    for parent in child.parents:
        if parent.evidence is not ParentEvidence.DEPARTMENT_DATA:
            continue
        if (parent.person_id, _ENTRY_OF.get(parent.situation)) not in entries:
            facts: dict[str, int | str] = {"parent": parent.parent, "situation": parent.situation}
            raise Refusal("parent-not-in-registers", facts=facts, source=CHILD_SOURCE)
