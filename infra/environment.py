"""Another process's environment: its settings seen from here, and as a file."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from shared.settings import PREFIX, Settings, SettingsError
from shared.settings.model import PER_SERVICE, faults_of


class _Given(Settings):
    """Settings from what is given, whatever our own environment says."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the library's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - ours, not the other process's
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - likewise
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - likewise
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is given."""
        return (init_settings,)


def settings_of(environment: Mapping[str, str]) -> Settings:
    """The settings that a process has in an environment, seen from outside that process.

    Raises ``SettingsError``.
    """
    given: dict[str, Any] = {}
    for variable, value in environment.items():
        stem = next((s for s in PER_SERVICE.items() if variable.startswith(s[1])), None)
        if stem is not None:
            field, prefix = stem
            given.setdefault(field, {})[variable.removeprefix(prefix).lower()] = value
        elif variable.startswith(PREFIX):
            given[variable.removeprefix(PREFIX).lower()] = value
    try:
        return _Given(**given)
    except ValidationError as error:
        raise SettingsError("\n".join(faults_of(error))) from None


def write_environment(path: Path, settings: Mapping[str, str]) -> None:
    """Write settings as a file for a shell and for ``doudi --env-file``; only we may read it."""
    lines = "".join(f"{name}={shlex.quote(value)}\n" for name, value in sorted(settings.items()))
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(lines)


def read_environment(path: Path) -> dict[str, str]:
    """The settings that such a file holds. Raises ``ValueError`` for a line that is none."""
    found: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        parts = shlex.split(line, comments=True)
        if not parts:
            continue
        name, equals, value = parts[-1].partition("=")
        if not equals or not name.isidentifier() or parts[:-1] not in ([], ["export"]):
            raise ValueError(f"{path}, line {number}: not NAME=value")
        found[name] = value
    return found
