"""The only reader of the environment. Each setting has a sentence in .env.example."""

from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=PROJECT / ".env", env_ignore_empty=True, extra="ignore")

    data_folder: Path = PROJECT / "var"
    database_url: SecretStr | None = None
    secret_key: SecretStr | None = None
    company_name: str = "Platon"

    bot_token: SecretStr | None = None
    telegram_api_id: int | None = None
    telegram_api_hash: SecretStr | None = None
    preview_url: str = "https://t.me"

    public_url: str = "http://127.0.0.1:8080"
    http_host: str = "127.0.0.1"
    http_port: int = 8080

    smtp_host: str | None = None
    smtp_port: int = 587
    smtp_security: Literal["none", "starttls", "tls"] = "starttls"
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    mail_from: str = "Platon <platon@localhost>"

    sandbox_port: int = 8081
    sandbox_pace: float = 6
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"

    @field_validator("database_url")
    @classmethod
    def _asyncpg(cls, url: SecretStr | None) -> SecretStr | None:
        """A plain postgresql:// is understood too."""
        if url is None:
            return None
        scheme, separator, rest = url.get_secret_value().partition("://")
        if not separator or scheme not in ("postgres", "postgresql", "postgresql+asyncpg"):
            raise ValueError("DATABASE_URL must begin with postgresql://")
        return SecretStr(f"postgresql+asyncpg://{rest}")

    @field_validator("public_url", "preview_url")
    @classmethod
    def _as_links_begin(cls, url: str) -> str:
        """Without a slash at the end; a host outside ASCII (a .рф domain) as mail programs and headers take it."""
        if not url.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        parts = urlsplit(url)
        if parts.hostname is None:
            raise ValueError("must name a host")
        if not parts.netloc.isascii():
            port = f":{parts.port}" if parts.port else ""
            url = parts._replace(netloc=parts.hostname.encode("idna").decode() + port).geturl()
        return url.rstrip("/")

    @cached_property
    def has_telegram_api(self) -> bool:
        return self.telegram_api_id is not None and self.telegram_api_hash is not None

    @cached_property
    def stand_ins(self) -> tuple[str, ...]:
        """What the sandbox has to play, because no credential for the real one is set."""
        missing = {"bot": self.bot_token is None, "telegram": not self.has_telegram_api, "mail": self.smtp_host is None}
        return tuple(name for name, is_missing in missing.items() if is_missing)

    @cached_property
    def model_file(self) -> Path:
        return self.data_folder / "model.platon"
