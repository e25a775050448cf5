"""The demo: one household's story, its people, its offices, and the standards it is lived under."""

from pathlib import Path
from typing import Final

STANDARDS: Final = Path(__file__).parent / "policy"
"""The worked cases' standards, which a real county sets by its own notice."""
