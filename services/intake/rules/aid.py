"""The rules of asking for temporary assistance, pure: of which kind, where, paid by when."""

from __future__ import annotations

from datetime import date

from shared.calendar import CALENDAR_VERSION, add_calendar_days
from shared.contracts.fields import AidKind, AidPlace, AidRequest, Due, Programme
from shared.deadlines import working_day_due
from shared.kernel.decider import Refusal
from shared.policy import Parameters


def require_aid_request(programme: Programme, aid: AidRequest | None) -> None:
    """Temporary assistance says what is asked for, and no other programme does."""
    if programme is Programme.TEMPORARY_ASSISTANCE:
        if aid is None:
            raise Refusal("aid-request-missing", facts={"programme": programme}, status=422)
    elif aid is not None:
        raise Refusal("aid-request-out-of-place", facts={"programme": programme}, status=422)


def require_aid_kind(aid: AidRequest, parameters: Parameters) -> None:
    """Which kinds of temporary assistance are granted there and then.

    Source: 国发〔2014〕47号; 民发〔2018〕23号 (急难型、支出型); 临时救助意见（2026年） (小额快救).
    """
    kinds = parameters.codes("aid_kinds")
    if aid.kind not in kinds:
        raise Refusal(
            "aid-kind-not-provided-for",
            facts={"kind": aid.kind, "allowed": ", ".join(kinds)},
            source=parameters.value("aid_kinds").source,
            status=422,
        )


def require_aid_place(aid: AidRequest, parameters: Parameters) -> None:
    """Whose township may be asked: of registration, of a residence permit, of the emergency.

    Expenses have no place of an emergency: their household is checked where it lives.
    Source: 国发〔2014〕47号; 陕民发〔2022〕23号, 2(1).2; 社会救助法, art. 37.
    """
    allowed = parameters.codes("aid_places")
    if aid.kind is AidKind.EXPENSE:
        allowed = tuple(place for place in allowed if place != AidPlace.PLACE_OF_EMERGENCY)
    if aid.place not in allowed:
        raise Refusal(
            "aid-place-not-allowed",
            facts={"place": aid.place, "allowed": ", ".join(allowed)},
            source=parameters.value("aid_places").source,
            status=422,
        )


def pay_by(parameters: Parameters, accepted_on: date, kind: AidKind) -> Due:
    """The last day for the money of an aid without a check to be paid, from acceptance.

    Source: 闽民救〔2020〕21号, 2(2).3 (5个工作日内发放到位); 临时救助意见（2026年） (小额快救:
    3 days; of which kind it does not say).
    """
    if kind is AidKind.SMALL_QUICK:
        days = parameters.whole("small_aid_pay_within_days")
        if parameters.code("small_aid_counted_in") == "working_day":
            return working_day_due(parameters, accepted_on, days)
        return Due(on=add_calendar_days(accepted_on, days), calendar=CALENDAR_VERSION)
    days = parameters.whole("emergency_pay_within_working_days")
    return working_day_due(parameters, accepted_on, days)
