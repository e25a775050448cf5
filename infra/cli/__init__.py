"""The ``doudi`` command: everything one types."""

from infra.garbage import look_seldom

look_seldom()  # before the rest is loaded, which makes most of the objects

from infra.cli.app import app  # noqa: E402

__all__ = ["app"]
