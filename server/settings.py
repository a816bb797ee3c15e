"""Settings of a node, parsed once from the command line and VISITATION_* variables."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

CHECKOUT = Path(__file__).resolve().parent.parent
PORT = 8080


class Settings(BaseSettings):
    """One node's settings. Every field can be given as VISITATION_<NAME>; the command line wins.

    `media_addresses` holds "ip" or "ip:port" entries (JSON list in the environment); empty means
    loopback and every interface. Ports are UDP for media and TCP for HTTP; 0 lets the kernel choose.
    """

    model_config = SettingsConfigDict(env_prefix="VISITATION_", extra="ignore", frozen=True)

    data: Path = CHECKOUT / "var"
    static: Path = CHECKOUT / "web" / "client" / "dist"
    host: str = "127.0.0.1"
    port: int = Field(default=PORT, ge=0, le=65535)
    tls: bool = False
    public_url: str | None = None
    demo: bool = False
    media_host: str = "0.0.0.0"
    media_port: int = Field(default=0, ge=0, le=65535)
    media_path: Literal["auto", "native", "python"] = "auto"  # what carries the packets
    media_addresses: tuple[str, ...] = ()
    database_url: str | None = None
    node: str = "node-1"
    log_level: str = "INFO"

    @field_validator("data", "static")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

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
