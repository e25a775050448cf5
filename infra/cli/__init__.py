"""The ``doudi`` command: everything one types."""

from infra.cli.app import app

__all__ = ["app"]
