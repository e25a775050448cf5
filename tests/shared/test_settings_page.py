from pathlib import Path

from shared.settings.table import settings_page


def test_the_settings_page_tells_the_settings_of_today() -> None:
    page = Path("docs/settings.md").read_text(encoding="utf-8")
    assert page == settings_page(), "make it anew: python -m shared.settings > docs/settings.md"
