"""Settings: everything that an operator chooses, read once from the environment.

Every variable begins with ``DOUDI_``. A variable that no setting knows is an error, so that a
typing mistake cannot leave a default in force unnoticed. Errors name the variable and what is
allowed, never the value, which may be a secret. There is no default secret: keys are files that
are generated on the first start of an embedded run, or given.
"""

from shared.settings.groups import ClockKind, Mode
from shared.settings.model import (
    PREFIX,
    SERVICES,
    TEST_PREFIX,
    Settings,
    SettingsError,
    load_settings,
)
from shared.settings.table import settings_table

__all__ = [
    "PREFIX",
    "SERVICES",
    "TEST_PREFIX",
    "ClockKind",
    "Mode",
    "Settings",
    "SettingsError",
    "load_settings",
    "settings_table",
]
