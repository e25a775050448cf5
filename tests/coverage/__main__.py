"""``python -m tests.coverage``: write docs/coverage.md anew (``make coverage``)."""

from tests.coverage.page import PAGE, page

PAGE.write_text(page(), encoding="utf-8")
