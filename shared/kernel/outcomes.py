"""Outcomes as they are recorded, and as callers get them."""

from __future__ import annotations

import json

from shared.kernel.decider import Refusal
from shared.kernel.store import Handled
from shared.kernel.submission import KeyReused, Outcome


def refusal_text(refusal: Refusal) -> str:
    """A refusal as it stands in ``handled``: codes, numbers and the source, as JSON."""
    return json.dumps(
        {
            "code": refusal.code,
            "facts": refusal.facts,
            "source": refusal.source,
            "status": refusal.status,
        },
        ensure_ascii=False,
    )


def outcome_of(handled: Handled, *, repeated: bool = False) -> Outcome:
    """The outcome that a row of ``handled`` records."""
    refusal = Refusal(**json.loads(handled.refusal)) if handled.refusal else None
    return Outcome(
        handled.command_id, handled.position, handled.version, handled.events, refusal, repeated
    )


def repeated(handled: Handled, body_digest: bytes) -> Outcome:
    """The outcome of an earlier time, for a command that came again.

    Raises ``KeyReused`` where another request came under the command's id then.
    """
    if handled.body_digest and body_digest and handled.body_digest != body_digest:
        raise KeyReused("the idempotency key was used before with another body")
    return outcome_of(handled, repeated=True)
