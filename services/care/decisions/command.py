"""What commands have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Command(BaseModel):
    """The base of care's commands: frozen."""

    model_config = ConfigDict(frozen=True)
