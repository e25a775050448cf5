"""What lists show of a view's documents."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Row(BaseModel):
    """A document as a list shows it: every field that the view's fold makes, with its type.

    The key stands in a field of its own name, which takes it from ``_id``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
