"""Settings of a node, parsed once from the command line and VISITATION_* variables."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from relay.port import WANTED_BUFFER, candidate
from server.machine import read_cpus

HOME = Path(__file__).resolve().parent.parent  # the checkout, or where the package was installed
PORT = 8080
Cpus = Annotated[
    frozenset[int], NoDecode, BeforeValidator(lambda v: read_cpus(v) if isinstance(v, str) else v)
]


def _data_folder() -> Path:
    """In a checkout beside the code; an installed package's code is no place for data."""
    if (HOME / "pyproject.toml").exists():
        return HOME / "var"
    return Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share") / "visitation"


class SettingsRefused(Exception):
    """What was given cannot be, in words: one line each."""


class Settings(BaseSettings):
    """One node's settings. Every field can be given as VISITATION_<NAME>; the command line wins.

    `media_addresses` holds "ip" or "ip:port" entries (JSON list in the environment); empty means
    loopback and every interface. Ports are UDP for media and TCP for HTTP; 0 lets the kernel choose.
    Processors are lists as the kernel writes them: "0-2,5".
    """

    model_config = SettingsConfigDict(env_prefix="VISITATION_", extra="ignore", frozen=True)

    data: Path = Field(default_factory=_data_folder)
    static: Path = HOME / "web" / "client" / "dist"
    host: str = "127.0.0.1"
    port: int = Field(default=PORT, ge=0, le=65535)
    tls: bool = False
    public_url: str | None = None
    demo: bool = False
    media_host: str = "0.0.0.0"
    media_port: int = Field(default=0, ge=0, le=65535)
    media_path: Literal["auto", "native", "python"] = "auto"  # what carries the packets
    media_addresses: tuple[str, ...] = ()
    media_buffer: int = Field(default=WANTED_BUFFER, ge=1 << 16, le=1 << 28)  # bytes of the socket, each way
    media_priority: Literal["auto", "normal", "realtime"] = "auto"  # of the media thread
    cpus: Cpus = frozenset()  # of the whole process; none: all
    media_cpus: Cpus = frozenset()  # of the media thread
    recorder_cpus: Cpus = frozenset()  # of the recorder process
    gc_freeze: bool = True
    database_url: str | None = None
    node: str = "node-1"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("data", "static")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @field_validator("media_addresses")
    @classmethod
    def _readable(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            candidate(text, 0)
        return value

    @property
    def realtime(self) -> bool:
        return self.media_priority == "realtime"

    @property
    def database(self) -> str:
        """The database's address; SQLite in the data folder unless one is given."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data / 'visitation.sqlite3'}"

    @property
    def keys(self) -> Path:
        return self.data / "keys"

    @property
    def vault(self) -> Path:
        return self.data / "vault"


def read_settings(**given: object) -> Settings:
    """The environment's settings, overridden by what is given. Raises SettingsRefused."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = [
            f"VISITATION_{str(each['loc'][0]).upper()}: {each['msg'].removeprefix('Value error, ')}."
            for each in error.errors()
        ]
        raise SettingsRefused("\n".join(lines)) from error
    except SettingsError as error:  # its own words name the field
        raise SettingsRefused(f"{error} (lists are written as JSON).") from error
