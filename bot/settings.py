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
    schools: Path | None = Field(None, description="File with your schools and people; without it: practice mode")
    keys: Path | None = Field(None, description="Folder of the case keys, outside the data folder and its backup")
    forms: Path | None = Field(None, description="Folder of your own request forms, in place of those of the same id")
    database_url: str = Field("", validation_alias="DATABASE_URL", description="Where records are kept; empty: SQLite")
    host: str = Field("127.0.0.1", description="Address the web channel listens on")
    hosts: str = Field("", description="Names that a live web channel answers to, with commas between them")
    port: int = Field(8321, ge=1, le=65535, description="Port the web channel listens on")
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="How much is logged")


def names() -> dict[str, str]:
    """Every setting by its field: the name it has in the environment."""
    return {
        name: str(field.validation_alias or f"{PREFIX}{name.upper()}") for name, field in Settings.model_fields.items()
    }


def read_settings() -> Settings:
    """Read the environment; raises InputError for a setting that is unknown or does not fit."""
    known = set(names().values())
    for name in os.environ:
        if name.startswith(PREFIX) and name.upper() not in known:
            raise InputError(f"There is no setting {name}. There is: {', '.join(sorted(known))}.")
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        place = str(first["loc"][0])
        raise InputError(f"{names().get(place, place)} does not fit: {first['msg'].lower()}.") from None
