"""``python -m shared.settings > docs/settings.md``: the settings' page."""

import sys

from shared.settings.table import settings_page

sys.stdout.write(settings_page())
