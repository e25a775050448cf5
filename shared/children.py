"""What has to be stated of a child's parents, wherever it is taken down.

Verification takes it down for an application, decision anew when a change is reported.
"""

from __future__ import annotations

from typing import Final

from shared.contracts.children import (
    ChildCircumstances,
    Parent,
    ParentCircumstances,
    ParentEvidence,
    ParentSituation,
)
from shared.kernel.decider import Refusal

CHILD_SOURCE: Final = "民发〔2019〕62号, 1, 2(2)"

_TIMED: Final = (
    ParentSituation.SERVING_SENTENCE,
    ParentSituation.COMPULSORY_DETOX,
    ParentSituation.OTHERWISE_RESTRICTED,
    ParentSituation.LOST_CONTACT,
)
"""Situations that count by how long they last."""

_WITH_A_PAPER: Final = (ParentEvidence.PAPERS, ParentEvidence.NEIGHBOURS_AND_VILLAGE)


def require_complete(child: ChildCircumstances) -> None:
    """Both parents, each once, and of each all that their situation asks; each benefit once.

    A disability with kind and grade, a measure or a loss of contact with its months, evidence
    with every situation, and nothing of these with any other. Source: 民发〔2019〕62号, 1, 2(2).
    """
    if len(child.parents) != len(Parent) or {p.parent for p in child.parents} != set(Parent):
        facts: dict[str, int | str] = {"parents": len(child.parents)}
        raise Refusal("child-parents-unclear", facts=facts, source=CHILD_SOURCE, status=422)
    for parent in child.parents:
        if not _is_complete(parent):
            facts = {"parent": parent.parent, "situation": parent.situation}
            raise Refusal("child-parents-unclear", facts=facts, source=CHILD_SOURCE, status=422)
    beside = [one.benefit for one in child.paid_beside]
    if len(set(beside)) != len(beside):
        raise Refusal("paid-beside-twice", facts={"benefits": len(beside)}, status=422)


def _is_complete(parent: ParentCircumstances) -> bool:
    able = parent.situation is ParentSituation.ABLE
    evidence = parent.evidence
    stated = (
        (parent.disability is not None) == (parent.situation is ParentSituation.DISABLED),
        (parent.months is not None) == (parent.situation in _TIMED),
        (evidence is None) == able,
        (parent.certificate is not None) == (evidence in _WITH_A_PAPER),
        evidence is not ParentEvidence.NEIGHBOURS_AND_VILLAGE
        or parent.situation is ParentSituation.LOST_CONTACT,
        evidence is not ParentEvidence.DEPARTMENT_DATA or parent.person_id is not None,
    )
    return all(stated)
