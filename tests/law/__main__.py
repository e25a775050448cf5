"""``python -m tests.law``: write docs/law.md anew (``make law``)."""

from tests.law.page import PAGE, page

PAGE.write_text(page(), encoding="utf-8")
