"""What a visit says of a child whom nobody brings up, and by what it is established (查验)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shared.contracts.children import (
    ChildCircumstances,
    Minor,
    Parent,
    ParentCircumstances,
    ParentEvidence,
    ParentSituation,
)
from shared.contracts.departments import DepartmentAnswered, RegisterKind
from shared.contracts.fields import Programme
from shared.kernel.decider import Refusal
from shared.policy import Parameters

CHILD_SOURCE: Final = "民发〔2019〕62号, 1, 2(2)"

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

_TIMED: Final = (
    ParentSituation.SERVING_SENTENCE,
    ParentSituation.COMPULSORY_DETOX,
    ParentSituation.OTHERWISE_RESTRICTED,
    ParentSituation.LOST_CONTACT,
)
"""Situations that count by how long they last."""


def require_child_circumstances(
    programme: Programme,
    minor: Minor | None,
    child: ChildCircumstances | None,
    parameters: Parameters,
) -> None:
    """A visit for a child's allowance says what either parent's situation is, and by what.

    A disability with kind and grade, a measure or a loss of contact with its months, and nothing
    of these with any other. Who is registered as a parent is one of the two; by what a situation
    may be established is a dated parameter. Source: 民发〔2019〕62号, 1, 2(2).
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


def require_complete(child: ChildCircumstances) -> None:
    """Both parents, each once, and of each all that their situation asks; each benefit once."""
    if {p.parent for p in child.parents} != set(Parent):
        facts: dict[str, int | str] = {"parents": len(child.parents)}
        raise Refusal("child-parents-unclear", facts=facts, source=CHILD_SOURCE, status=422)
    for parent in child.parents:
        if not _is_complete(parent):
            facts = {"parent": parent.parent, "situation": parent.situation}
            raise Refusal("child-parents-unclear", facts=facts, source=CHILD_SOURCE, status=422)
    beside = [one.benefit for one in child.paid_beside]
    if len(set(beside)) != len(beside):
        raise Refusal("paid-beside-twice", facts={"benefits": len(beside)}, status=422)


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


def _is_complete(parent: ParentCircumstances) -> bool:
    able = parent.situation is ParentSituation.ABLE
    evidence = parent.evidence
    stated = (
        (parent.disability is not None) == (parent.situation is ParentSituation.DISABLED),
        (parent.months is not None) == (parent.situation in _TIMED),
        (evidence is None) == able,
        (parent.certificate is not None)
        == (evidence in (ParentEvidence.PAPERS, ParentEvidence.NEIGHBOURS_AND_VILLAGE)),
        evidence is not ParentEvidence.NEIGHBOURS_AND_VILLAGE
        or parent.situation is ParentSituation.LOST_CONTACT,
        evidence is not ParentEvidence.DEPARTMENT_DATA or parent.person_id is not None,
    )
    return all(stated)
