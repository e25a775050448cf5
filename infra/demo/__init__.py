"""The demo: its stories, their people and offices, and the standards they are lived under."""

from pathlib import Path
from typing import Final

STANDARDS: Final = Path(__file__).parent / "policy"
"""The worked cases' standards, which a real county sets by its own notice."""
