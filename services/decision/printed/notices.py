"""Notices in print: what is told, how it was served to whom, and what can be done against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from services.decision.printed.household import called
from services.decision.printed.sources import Sources
from services.decision.printed.words import day_of, said
from services.decision.rules import notices as rules
from shared.contracts.fields import Programme
from shared.contracts.notices import NoticeOwed, NoticeServed, NoticeSubject, ServiceManner
from shared.policy import MissingValue, Parameters


class _Owed(NamedTuple):
    """A notice that is owed, and whether a ``township`` or the ``county`` decided."""

    event: NoticeOwed
    programme: Programme
    decided_by: str


class Notices:
    """The notices of a case, as far as the page has come."""

    def __init__(self, sources: Sources) -> None:
        self._policy = sources.policy
        self._sources = sources
        self._owed: dict[UUID, _Owed] = {}

    def owed(
        self, event: NoticeOwed, programme: Programme, step: int | None, role: str | None
    ) -> Iterator[str]:
        """What is to be told by when, of which step, and the remedies against it.

        ``role`` is in what role that step was decided.
        """
        regime = self._policy.at(event.division, programme, event.decided_on)
        owed = self._owed[event.notice_id] = _Owed(event, programme, _deciding(role, regime))
        term = _TERMS.get(event.subject, "change_notice_within_working_days")
        by = f"{day_of(event.due)}{self._sources.term(term, event.decided_on)}"
        told = f"  {said('subject', event.subject)}；期限 / by: {by}"
        yield told if step is None else f"{told}；见第 {step} 步 / see step {step}"
        yield from self._remedies(owed, regime)

    def served(self, event: NoticeServed, who: Mapping[UUID, str]) -> Iterator[str]:
        """How, when and to whom it was served, and until when what can be done against it."""
        owed = self._owed.get(event.notice_id)
        told = "" if owed is None else f"{said('subject', owed.event.subject)}；"
        counts = f"视为送达 / counts as served: {event.counts_on}"
        if event.manner is ServiceManner.PUBLIC_NOTICE:
            counts += self._sources.term("public_notice_counts_after_days", event.served_on)
        yield f"  {told}{said('manner', event.manner)}，{event.served_on}；{counts}"
        if event.recipient is not None:
            yield f"  受送达人 / to: {called(who, event.recipient)}"
        if event.witness is not None:
            yield "  有见证人 / with a witness"
        yield f"  送达回证档号 / receipt filed under: {event.proof.note_id}"
        court = "向人民法院 / in court"
        organ = "" if owed is None else f"，{self._organs(owed, event.counts_on)}"
        until = event.reconsideration_until
        yield f"  可申请行政复议至 / reconsideration until: {until}{organ}"
        yield f"  可提起行政诉讼至 / court until: {event.court_until}，{court}"

    def _remedies(self, owed: _Owed, regime: Parameters) -> Iterator[str]:
        try:
            days = regime.value("reconsideration_apply_within_days")
            months = regime.value("court_apply_within_months")
        except MissingValue:
            return
        yield (
            f"  行政复议 / Reconsideration: 自送达起 {days.figure} 日内 / days from service，"
            f"{self._organs(owed, owed.event.decided_on)}（{self._sources.cited(days)}）"
        )
        yield (
            f"  行政诉讼 / Court: 自送达起 {months.figure} 个月内 / months from service，"
            f"{said('organ', 'peoples_court')}（{self._sources.cited(months)}）"
        )

    def _organs(self, owed: _Owed, on: date) -> str:
        regime = self._policy.at(owed.event.division, owed.programme, on)
        organs = rules.reconsideration_organs(owed.decided_by, regime)
        return "；".join(said("organ", organ) for organ in organs)


_TERMS: Final = {NoticeSubject.REFUSAL: "refusal_notice_within_days"}
"""Which term a notice is owed by, where it is not that of a change."""


def _deciding(role: str | None, regime: Parameters) -> str:
    """Which level decided: by the role in which it was, else by whose it is to decide."""
    if role is not None and role.startswith(("township", "county")):
        return role.partition("_")[0]
    try:
        return regime.code("procedure_decided_by")
    except MissingValue:
        return "county"
