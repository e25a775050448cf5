"""The distributed run on one machine: real engines, and every service as processes of its own."""

from infra.stack.process import Process
from infra.stack.stack import Stack, StackFailed

__all__ = ["Process", "Stack", "StackFailed"]
