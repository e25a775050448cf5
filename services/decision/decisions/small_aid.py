"""Small quick aid (小额快救): at once, at most so much, once in a hardship."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.decision.decisions.aid import GrantAid, grant, require_grantable
from services.decision.decisions.levelling import with_standards
from services.decision.model import Aid, SmallAids, small_aids_of
from services.decision.rules import aid as rules
from services.decision.rules.entitlement import dibao_regime_of
from shared.contracts.aid import AidGranted, SmallAidNoted
from shared.contracts.fields import AidKind
from shared.kernel.decider import Decision, Fact, Moment


class GrantSmallAid(GrantAid):
    """Grant an amount in fen, once, of the case that each member is noted to be helped in."""

    case_id: UUID


def grant_small_aid(aid: Aid, *rest: Any) -> Decision:
    """Grant small quick aid, in whatever form; each member is noted to have been helped.

    Called with the aid, every member's small quick aids in the members' order, the standards of
    the divisions around it, the command and the moment.
    """
    *beside, command, at = rest
    members = aid.known().members
    earlier: list[SmallAids] = beside[: len(members)]
    return _grant(aid, earlier, command, with_standards(at, beside[len(members) :]))


def _grant(aid: Aid, earlier: list[SmallAids], command: GrantSmallAid, at: Moment) -> Decision:
    require_grantable(aid, AidKind.SMALL_QUICK, command)
    opened = aid.known()
    regime = rules.regime_of_aid(opened, at)
    dibao = dibao_regime_of(opened, at)
    limit_fen = rules.most_of_small_aid_fen(dibao.fen("standard_monthly_fen"), regime)
    rules.require_small(command.value_fen, limit_fen, regime)
    before = [noted for of_person in earlier for noted in of_person.noted]
    rules.require_another_hardship(before, opened.aid.cause, at.date, regime)
    facts = grant(aid, command, at, regime, dibao)
    noted = SmallAidNoted(case_id=command.case_id, cause=opened.aid.cause, granted_on=at.date)
    if not any(isinstance(fact.event, AidGranted) for fact in facts):
        return facts
    # The case's own event comes last: the position that the command answers with is its own.
    return [*(Fact(noted, small_aids_of(member.person_id)) for member in opened.members), *facts]
