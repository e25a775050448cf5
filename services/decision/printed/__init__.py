"""A determination in print: what was found, what it comes to, under which rules, step by step."""

from services.decision.printed.page import page

__all__ = ["page"]
