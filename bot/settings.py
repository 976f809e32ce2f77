"""Settings from the environment, read once."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import InputError
from bot.talk.sealed import Sealed

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
    address: str = Field(
        "", description="Address of the web pages as people reach it, such as `https://signpost.example`"
    )
    port: int = Field(8321, ge=1, le=65535, description="Port the web channel listens on")
    slack_bot_token: SecretStr = Field(SecretStr(""), description="Slack, one workspace: the bot token, `xoxb-…`")
    slack_app_token: SecretStr = Field(SecretStr(""), description="Slack, Socket Mode: the app token, `xapp-…`")
    slack_signing_secret: SecretStr = Field(
        SecretStr(""),
        description="Slack, HTTP: the signing secret; while it is changed both, with a comma between them",
    )
    slack_client_id: str = Field("", description="Slack, many workspaces: the client id")
    slack_client_secret: SecretStr = Field(SecretStr(""), description="Slack, many workspaces: the client secret")
    slack_api: str = Field(
        "https://slack.com/api/", description="Where Slack's Web API is; another one for trials only"
    )
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="How much is logged")

    def sealed(self, name: str) -> tuple[Sealed, ...]:
        """The secrets that stand in a setting, with commas between them."""
        secret: SecretStr = getattr(self, name)
        return tuple(Sealed(one.strip()) for one in secret.get_secret_value().split(",") if one.strip())


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
