"""Care's routes: assessment and mode, agreements, rectification, contacts, and reading."""

from services.care.api.routes import routers

__all__ = ["routers"]
