"""What decision's commands have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Command(BaseModel):
    """A command: frozen, so that it can be decided again."""

    model_config = ConfigDict(frozen=True)
