import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from app import secrets
from app.settings import PROJECT, Settings

ALL = {"bot_token": "1:x", "telegram_api_id": 1, "telegram_api_hash": "x", "smtp_host": "localhost"}


def made(**values: object) -> Settings:
    return Settings(_env_file=None, **values)  # type: ignore[arg-type, call-arg]


class TestSettings:
    def test_each_missing_credential_is_stood_in_for_alone(self) -> None:
        assert made().stand_ins == ("bot", "telegram", "mail")
        assert made(**ALL).stand_ins == ()
        assert made(bot_token="1:x").stand_ins == ("telegram", "mail")
        assert made(**{**ALL, "telegram_api_hash": None}).stand_ins == ("telegram",)

    def test_any_spelling_of_a_postgresql_address_becomes_the_drivers(self) -> None:
        for written in ("postgres://u@h/d", "postgresql://u@h/d", "postgresql+asyncpg://u@h/d"):
            address = made(database_url=written).database_url
            assert address is not None
            assert address.get_secret_value() == "postgresql+asyncpg://u@h/d"

    @pytest.mark.parametrize(
        ("written", "understood"),
        [
            ("https://платон.рф/", "https://xn--80avhdcu.xn--p1ai"),
            ("http://Платон.рф:8443/desk", "http://xn--80avhdcu.xn--p1ai:8443/desk"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("https://desk.example/", "https://desk.example"),
        ],
    )
    def test_links_begin_with_a_host_that_mail_programs_take(self, written: str, understood: str) -> None:
        assert made(public_url=written).public_url == understood

    @pytest.mark.parametrize(
        "values",
        [
            {"database_url": "mysql://x"},
            {"public_url": "platon.example"},
            {"public_url": "https://"},
            {"public_url": "https://платон..рф"},
        ],
    )
    def test_refuses_what_cannot_be_an_address(self, values: dict[str, str]) -> None:
        with pytest.raises(ValidationError):
            made(**values)

    def test_every_setting_has_its_line_in_the_example_file(self) -> None:
        lines = (PROJECT / ".env.example").read_text(encoding="utf-8")
        assert set(re.findall(r"^([A-Z_]+)=", lines, re.M)) == {name.upper() for name in Settings.model_fields}

    def test_secrets_are_not_shown(self) -> None:
        assert "topsecret" not in repr(made(bot_token="topsecret", secret_key="topsecret", smtp_password="topsecret"))


class TestSecrets:
    def test_each_use_has_a_key_of_its_own(self) -> None:
        settings = made(secret_key="s" * 40)
        assert secrets.signing_secret(settings) not in secrets.encryption_key(settings)

    def test_a_short_key_is_refused_with_what_to_do(self) -> None:
        with pytest.raises(secrets.NoSecret, match="32 characters"):
            secrets.signing_secret(made(secret_key="short"))

    def test_a_missing_key_is_written_once_into_the_env_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(secrets, "PROJECT", tmp_path)
        (tmp_path / ".env").write_text("SECRET_KEY=\nLOG_LEVEL=INFO\n", encoding="utf-8")
        secrets.ensure(made())
        written = (tmp_path / ".env").read_text(encoding="utf-8")
        assert re.fullmatch(r"LOG_LEVEL=INFO\nSECRET_KEY=\S{64}\n", written)
        assert (tmp_path / ".env").stat().st_mode & 0o077 == 0
