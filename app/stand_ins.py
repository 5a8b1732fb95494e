"""The sandbox as a process: it plays the bot's Telegram, the userbot's or the mail server, whichever is missing."""

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from app.settings import Settings
from sandbox.channels import Talker
from sandbox.mailbox import Mailbox
from sandbox.preview import PreviewSite
from sandbox.sample_channels import SampleChannel, read_channels
from sandbox.telegram_bot_api.server import BotApi
from sandbox.telegram_mtproto import Cloud

READER_ID = 700_700
READER_PHONE = "+79990007007"
SIGN_IN_CODE = Cloud.code


@dataclass(frozen=True)
class TelegramAddress:
    """Where the stand-in data centre is, and the public key by which a client knows it."""

    dc_id: int
    host: str
    port: int
    public_key: str


@dataclass(frozen=True)
class Addresses:
    """Where the stand-ins are; None for what is not played."""

    pid: int
    chat_url: str | None = None
    telegram: TelegramAddress | None = None
    preview_url: str | None = None
    mailbox_url: str | None = None
    smtp: tuple[str, int] | None = None
    links: tuple[str, ...] = field(default=())
    """of the sample channels, public and closed"""


class SandboxIsNotRunning(Exception):
    """A credential is missing and nobody plays its part; the message says what to do."""


def find(settings: Settings) -> Addresses | None:
    """The running stand-ins; None where no credential is missing. Raises SandboxIsNotRunning."""
    if not settings.stand_ins:
        return None
    try:
        kept = json.loads(_path(settings).read_text(encoding="utf-8"))
        os.kill(kept["pid"], 0)
    except (OSError, ValueError, KeyError):
        missing = ", ".join(settings.stand_ins)
        raise SandboxIsNotRunning(
            f"No credentials for: {missing}. Set them in .env, or start the sandbox that stands in for them: "
            "`platon run` does it by itself, `platon sandbox` alone."
        ) from None
    telegram = TelegramAddress(**kept["telegram"]) if kept["telegram"] else None
    smtp = (kept["smtp"][0], kept["smtp"][1]) if kept["smtp"] else None
    return Addresses(**{**kept, "telegram": telegram, "smtp": smtp, "links": tuple(kept["links"])})


async def run(settings: Settings, *, stop: asyncio.Event) -> None:
    """Play until `stop`."""
    async with contextlib.AsyncExitStack() as stack:
        addresses = await _start(settings, stack)
        path = _path(settings)
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(asdict(addresses)), encoding="utf-8")
        partial.replace(path)
        await stop.wait()
        path.unlink(missing_ok=True)


async def _start(settings: Settings, stack: contextlib.AsyncExitStack) -> Addresses:
    folder = settings.data_folder / "sandbox"
    for name in ("bot", "mail", "telegram"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    found: dict[str, Any] = {}
    if "bot" in settings.stand_ins:
        found["chat_url"] = await stack.enter_async_context(_bot_api(folder / "bot", settings.sandbox_port))
    if "mail" in settings.stand_ins:
        mailbox = await stack.enter_async_context(_mailbox(folder / "mail", settings.sandbox_port + 1))
        found["mailbox_url"], found["smtp"] = mailbox.url, (mailbox.host, mailbox.smtp_port)
    if "telegram" in settings.stand_ins:
        channels = read_channels()
        cloud = await stack.enter_async_context(_telegram(folder / "telegram", channels, settings.sandbox_pace))
        found["telegram"] = TelegramAddress(*cloud.server_address(), public_key=cloud.public_key)
        found["links"] = tuple(_link(channel) for channel in channels)
        site = PreviewSite()
        await _on_port(lambda port: site.start(cloud, port=port), settings.sandbox_port + 2)
        stack.push_async_callback(site.stop)
        found["preview_url"] = site.url
    return Addresses(os.getpid(), **found)


@contextlib.asynccontextmanager
async def _bot_api(folder: Path, port: int) -> AsyncIterator[str]:
    api = BotApi(folder, limits=True)
    await _on_port(lambda chosen: api.start(port=chosen), port)
    yield api.url
    await api.stop()


@contextlib.asynccontextmanager
async def _mailbox(folder: Path, port: int) -> AsyncIterator[Mailbox]:
    mailbox = Mailbox()
    await _on_port(lambda chosen: mailbox.start(web_port=chosen, state_dir=folder), port)
    yield mailbox
    await mailbox.stop()


@contextlib.asynccontextmanager
async def _telegram(folder: Path, channels: list[SampleChannel], pace: float) -> AsyncIterator[Cloud]:
    cloud = Cloud(folder)
    cloud.add_user(READER_ID, READER_PHONE, "Platon")
    talker = Talker(cloud, channels, pace=pace, state_dir=folder)
    talker.load()
    await cloud.start()
    talking = asyncio.create_task(talker.run())
    yield cloud
    talking.cancel()
    await asyncio.gather(talking, return_exceptions=True)
    await cloud.stop()


async def _on_port(start: Any, port: int) -> None:
    """On the usual port, or any free one where somebody else has it."""
    try:
        await start(port)
    except OSError:
        await start(0)


def _link(channel: SampleChannel) -> str:
    return f"https://t.me/{channel.username}" if channel.username else f"https://t.me/+{channel.invite}"


def _path(settings: Settings) -> Path:
    return settings.data_folder / "sandbox" / "addresses.json"
