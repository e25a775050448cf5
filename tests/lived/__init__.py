"""Tests of systems in which the story was lived, and what lives it."""

from tests.lived.systems import STORY_ENDS_ON, Listening, Place, embedded, on_engines

__all__ = ["STORY_ENDS_ON", "Listening", "Place", "embedded", "on_engines"]
