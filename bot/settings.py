"""Settings from the environment, read once."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import InputError

PREFIX = "SIGNPOST_"


class Settings(BaseSettings):
    """What an installation can set; each name is prefixed with `SIGNPOST_`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True)

    data: Path = Field(Path("var"), description="Folder for everything that is kept")
    host: str = Field("127.0.0.1", description="Address the web channel listens on")
    port: int = Field(8321, ge=1, le=65535, description="Port the web channel listens on")
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="How much is logged")


def read_settings() -> Settings:
    """Read the environment; raises InputError for a setting that is unknown or does not fit."""
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    for name in os.environ:
        if name.startswith(PREFIX) and name.upper() not in known:
            raise InputError(f"There is no setting {name}. There is: {', '.join(sorted(known))}.")
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(f"{PREFIX}{str(first['loc'][0]).upper()} does not fit: {first['msg'].lower()}.") from None
