"""How an event came to its figure, as a sum that a citizen can follow; yuan a month."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from shared.contracts.fields import Programme
from shared.money import format_yuan

Data = Mapping[str, Any]


def _account(data: Data) -> str:
    income, deducted = data["income_fen"], data["deducted_fen"]
    counted = data["counted_income_fen"]
    return f"{_yuan(income)} − {_yuan(deducted)} = {_yuan(counted)}"


def _gap(data: Data) -> str:
    standard, persons = data["standard_fen"], data["persons"]
    counted, amount = data["counted_income_fen"], data["amount_fen"]
    topups = [topup["amount_fen"] for topup in data.get("topups") or ()]
    withheld = data.get("withheld_fen") or 0
    tier = data.get("tier")
    each = tier["per_person_fen"] if tier else 0
    gap = (each * persons if tier else max(0, standard * persons - counted)) + sum(topups)
    if amount + withheld != gap:
        return _comparison(data)  # by neither: a frozen or basic amount
    added = "".join(f" + {_yuan(topup)}" for topup in topups)
    basic = _yuan(each if tier else standard)
    less = "" if tier else f" − {_yuan(counted)}"
    whole = f"{basic} × {persons}{less}{added} = {_yuan(gap)}"
    return f"{whole}; {_yuan(gap)} − {_yuan(withheld)} = {_yuan(amount)}" if withheld else whole


def _amount(data: Data) -> str:
    """The gap with its top-ups, or what each is short of who is on dibao alone, added up."""
    singly = data.get("single_persons")
    if not singly:
        return _gap(data)
    standard = data["standard_fen"]
    terms = [
        _yuan(one["amount_fen"])
        if one.get("tier") or one["amount_fen"] == standard
        else f"({_yuan(standard)} − {_yuan(one['own_income_fen'])})"
        for one in singly
    ]
    withheld = data.get("withheld_fen") or 0
    whole = f"{' + '.join(terms)} = {_yuan(data['amount_fen'] + withheld)}"
    return f"{whole} − {_yuan(withheld)} = {_yuan(data['amount_fen'])}" if withheld else whole


def _comparison(data: Data) -> str:
    standard, persons, counted = data["standard_fen"], data["persons"], data["counted_income_fen"]
    total = standard * persons
    sign = "<" if counted < total else "=" if counted == total else ">"
    return f"{_yuan(counted)} {sign} {_yuan(standard)} × {persons} = {_yuan(total)}"


def _phase_out(data: Data) -> str:
    months = f"{data['first_month']} – {data['last_month']}"
    return f"{_comparison(data)}; {_yuan(data['amount_fen'])} × {months}"


def _advance(data: Data) -> str:
    before = data["balance_fen"] + data["amount_fen"]
    return f"{_yuan(before)} − {_yuan(data['amount_fen'])} = {_yuan(data['balance_fen'])}"


def _granted(data: Data) -> str | None:
    """An aid's stages, or what of it is money and what is given in kind, added up."""
    later = [one["amount_fen"] for one in data.get("later") or ()]
    in_kind = [one["value_fen"] for one in data.get("in_kind") or ()]
    stages = [data["amount_fen"] - sum(later), *later]
    lines = [parts for parts in (stages, [data["amount_fen"], *in_kind]) if len(parts) > 1]
    sums = (f"{' + '.join(map(_yuan, parts))} = {_yuan(sum(parts))}" for parts in lines)
    return "; ".join(sums) or None


def _yuan(fen: int) -> str:
    return format_yuan(fen)


_OF: Final[Mapping[str, Callable[[Data], str | None]]] = {
    "verification.check-completed": _account,
    "decision.assessment-drawn-up": _comparison,
    "decision.benefit-proposed": _amount,
    "decision.refusal-proposed": _comparison,
    "decision.amount-changed": _amount,
    "decision.amount-redetermined": _gap,
    "decision.standard-review-opened": _comparison,
    "decision.manual-review-opened": _comparison,
    "decision.phase-out-started": _phase_out,
    "decision.benefit-stopped": _comparison,
    "decision.aid-granted": _granted,
    "payment.fund-advanced": _advance,
}


_ENDS: Final = ("decision.refusal-proposed", "decision.benefit-stopped")
_SUBSIDIES: Final = tuple(one for one in Programme if one.is_disability_subsidy)
"""Nobody looks at means for them, so they say nothing of why one is refused or stopped."""


def arithmetic_of(event_type: str, data: Data, programme: str) -> str | None:
    """The sum behind an event's figure in a case's programme, ``None`` where it states none."""
    _doudi, owner, name, _version = event_type.split(".")
    told = _OF.get(f"{owner}.{name}")
    if told is None or (f"{owner}.{name}" in _ENDS and programme in _SUBSIDIES):
        return None
    return told(data)
