"""Sample channels that keep talking: their history is dated back from the first start, then they go on live."""

import asyncio
import json
import re
import struct
import zlib
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

from telethon.tl import types

from sandbox.sample_channels import SampleChannel, SampleLine, read_channels
from sandbox.telegram_mtproto import Cloud
from sandbox.telegram_mtproto.entities import written_entities

Step = tuple[SampleLine, ...]
"""What happens at once: one line, or all lines of an album."""

_GREETINGS = (Path(__file__).parent / "greetings.txt").read_text().splitlines()
_CONTACT = re.compile(r"(?<![\w@/])@[A-Za-z]\w{3,31}")
_NO_TIME = timedelta()
_WIDTH, _HEIGHT = 96, 64
_REQUEST_FROM_LENGTH = 120
"""A post with a contact and at least so many characters is worth reposting as a request."""


class Talker:
    """Puts the sample channels into the cloud and lets them talk at `pace` posts per minute.

    With a `state_dir` it goes on after a restart where it stopped.
    """

    def __init__(
        self, cloud: Cloud, channels: Sequence[SampleChannel], *, pace: float = 6, state_dir: Path | None = None
    ) -> None:
        self._cloud = cloud
        self._channels = {channel.id: channel for channel in channels}
        self._pace = pace
        self._pace_changed = asyncio.Event()
        self._path = state_dir / "talker.json" if state_dir else None
        state = json.loads(self._path.read_text()) if self._path and self._path.exists() else {}
        self._loaded: list[int] = state.get("loaded", [])
        self._ids: dict[str, int] = state.get("ids", {})
        """Message id of each line that happened; 0 for an edit or a deletion."""
        self._made: dict[int, deque[int]] = {}
        self._reposts: int = state.get("reposts", 0)
        self._waiting = [step for step in _mixed(channels) if _key(step[0]) not in self._ids]

    @property
    def pace(self) -> float:
        """Posts per minute; 0 is silence. A change takes effect at once."""
        return self._pace

    @pace.setter
    def pace(self, pace: float) -> None:
        self._pace = pace
        self._pace_changed.set()

    def load(self, now: datetime | None = None) -> None:
        """Make the channels and, for those not loaded before, their history dated back from `now`."""
        for channel in self._channels.values():
            self._cloud.add_channel(
                channel.id, channel.title, channel.username, channel.invite, channel.megagroup, about=channel.about
            )
        started_at = now or datetime.now(UTC)
        new = [channel for channel in self._channels.values() if channel.id not in self._loaded]
        self._made = {channel.id: deque(range(1, self._cloud.channels[channel.id].last_id + 1)) for channel in new}
        for step in _past(new):
            self._happen(step, started_at - (step[0].ago or _NO_TIME))
        self._made.clear()
        self._loaded += [channel.id for channel in new]
        self._save()

    def step(self) -> None:
        """Let the next thing happen now."""
        ready = next((index for index, step in enumerate(self._waiting) if self._is_ready(step)), None)
        if ready is not None:
            self._happen(self._waiting.pop(ready), None)
        else:
            self._repost()
        self._save()

    async def run(self) -> None:
        """Talk until cancelled."""
        while True:
            await self._pause()
            self.step()

    async def _pause(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        while True:
            self._pace_changed.clear()
            left = began + 60 / self._pace - loop.time() if self._pace > 0 else None
            if left is not None and left <= 0:
                return
            try:
                async with asyncio.timeout(left):
                    await self._pace_changed.wait()
            except TimeoutError:
                return

    def _happen(self, step: Step, at: datetime | None) -> None:
        """Do it; a post that an interrupted load had made already is only counted."""
        for line in step:
            if line.edit_of is not None:
                self._edit(line, at)
            elif line.delete_of:
                gone = [self._id(line.channel_id, n) for n in line.delete_of]
                self._cloud.delete(line.channel_id, gone, date=at)
            else:
                made = self._made.get(line.channel_id)
                self._ids[_key(line)] = made.popleft() if made else self._post(line, at)
                continue
            self._ids[_key(line)] = 0

    def _post(self, line: SampleLine, at: datetime | None) -> int:
        picture = self._cloud.photo(_picture(line.n), width=_WIDTH, height=_HEIGHT) if line.album is not None else None
        message = self._cloud.post(
            line.channel_id,
            line.text,
            date=at,
            entities=written_entities(line.text, line.links),
            media=picture,
            reply_to=self._id(line.channel_id, line.reply_to) or None if line.reply_to is not None else None,
            fwd_from=self._forward(line, at) if line.forward_from else None,
            grouped_id=line.channel_id * 1000 + line.album if line.album is not None else None,
            author=line.author,
        )
        return int(message.id)

    def _edit(self, line: SampleLine, at: datetime | None) -> None:
        message_id = self._id(line.channel_id, line.edit_of)
        if message_id in self._cloud.channels[line.channel_id].messages:
            entities = written_entities(line.text, line.links)
            self._cloud.edit(line.channel_id, message_id, line.text, date=at, entities=entities)

    def _forward(self, line: SampleLine, at: datetime | None) -> Any:
        origin, n = line.forward_from or (0, 0)
        message_id = self._id(origin, n)
        if origin in self._cloud.channels and message_id in self._cloud.channels[origin].messages:
            return self._cloud.forward_header(origin, message_id)
        name = self._channels[origin].title if origin in self._channels else str(origin)
        return types.MessageFwdHeader(at or datetime.now(UTC), from_name=name)

    def _repost(self) -> None:
        """Post a request seen before once more: in another channel, with another greeting and contact."""
        random = Random(self._reposts)
        self._reposts += 1
        posts = [line for channel in self._channels.values() for line in channel.lines if line.is_post]
        requests = [line for line in posts if len(line.text) >= _REQUEST_FROM_LENGTH and _CONTACT.search(line.text)]
        if not requests:
            return
        line = random.choice(requests)
        contacts = sorted({contact for request in requests for contact in _CONTACT.findall(request.text)})
        contact = random.choice(contacts)
        text = f"{random.choice(_GREETINGS)}\n\n{_CONTACT.sub(lambda _: contact, line.text)}"
        channel_id = random.choice([known for known in self._channels if known != line.channel_id] or [line.channel_id])
        links = [(visible, address) for visible, address in line.links if visible in text]
        self._cloud.post(channel_id, text, entities=written_entities(text, links))

    def _is_ready(self, step: Step) -> bool:
        """Whether everything it answers, forwards or changes has happened."""
        waiting = {(line.channel_id, line.n) for later in self._waiting for line in later}
        return all(waiting.isdisjoint(_named(line)) for line in step)

    def _id(self, channel_id: int, n: int | None) -> int:
        return self._ids.get(f"{channel_id}:{n}", 0)

    def _save(self) -> None:
        if self._path:
            partial = self._path.with_suffix(".partial")
            partial.write_text(json.dumps({"loaded": self._loaded, "ids": self._ids, "reposts": self._reposts}))
            partial.replace(self._path)


async def talk(cloud: Cloud, pace: float, *, state_dir: Path | None = None) -> None:
    """Load the sample channels and keep them talking until cancelled."""
    talker = Talker(cloud, read_channels(), pace=pace, state_dir=state_dir)
    talker.load()
    await talker.run()


def _key(line: SampleLine) -> str:
    return f"{line.channel_id}:{line.n}"


def _named(line: SampleLine) -> set[tuple[int, int]]:
    """The posts that this line is about, by channel and n."""
    own = {(line.channel_id, n) for n in (line.reply_to, line.edit_of, *line.delete_of) if n is not None}
    return own | ({line.forward_from} if line.forward_from else set())


def _steps(lines: Iterable[SampleLine]) -> list[Step]:
    """The lines in order, those of one album together."""
    albums = groupby(lines, key=lambda line: ("album", line.album) if line.album is not None else ("line", line.n))
    return [tuple(step) for _, step in albums]


def _past(channels: Iterable[SampleChannel]) -> list[Step]:
    """What happened before the start in all channels, oldest first."""
    steps = [step for channel in channels for step in _steps(line for line in channel.lines if line.ago is not None)]
    return sorted(steps, key=lambda step: step[0].ago or _NO_TIME, reverse=True)


def _mixed(channels: Iterable[SampleChannel]) -> list[Step]:
    """What is to happen live, each file's in its order and spread evenly among the others'."""
    placed: list[tuple[float, int, Step]] = []
    for channel in channels:
        steps = _steps(line for line in channel.lines if line.ago is None)
        placed += [((index + 0.5) / len(steps), channel.id, step) for index, step in enumerate(steps)]
    return [step for _, _, step in sorted(placed, key=lambda place: place[:2])]


def _picture(seed: int) -> bytes:
    """A small PNG of one colour that depends on the seed."""
    row = b"\0" + bytes((seed * 53 % 256, seed * 101 % 256, seed * 197 % 256)) * _WIDTH
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(row * _HEIGHT)),
        (b"IEND", b""),
    )
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body
