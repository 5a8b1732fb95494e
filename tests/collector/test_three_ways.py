"""One channel by account, by preview and by export, in any order: each post once, its text the same."""

from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import select

from collector.export import import_file
from crm import sources
from db.models import Arrival, Source, SourceReader, TelegramAccount
from db.session import Sessions
from sandbox.channels import Talker
from sandbox.sample_channels import read_channels
from sandbox.telegram_mtproto import Cloud
from tests.collector.conftest import Collecting
from tests.collector.exported import chat, write

SAMPLE = 2000003
"""with albums, edits, links and replies"""


@pytest.mark.parametrize("ways", list(permutations(["userbot", "preview", "export"])), ids="-".join)
async def test_each_post_is_one_whichever_way_comes_first(
    collecting: Collecting,
    cloud: Cloud,
    account: TelegramAccount,
    sessions: Sessions,
    tmp_path: Path,
    ways: tuple[str, ...],
) -> None:
    sample = next(channel for channel in read_channels() if channel.id == SAMPLE)
    Talker(cloud, [sample]).load()
    channel = cloud.channels[SAMPLE]
    for way in ways:
        if way == "export":
            await import_file(write(tmp_path / "result.json", chat(channel)), sessions)
        else:
            await _read(collecting, sessions, f"@{sample.username}", SourceReader(way), channel.newest_id)
    stored = await collecting.posts(SAMPLE)
    assert [post.message_id for post in stored] == sorted(channel.messages)
    for post in stored:
        assert post.text == channel.messages[post.message_id].message
        assert post.posted_at == channel.messages[post.message_id].date
    assert {post.revision for post in stored} == {0}
    assert stored[0].arrival is (Arrival.IMPORT if ways[0] == "export" else Arrival.BACKFILL)
    async with sessions.of_system() as session:
        assert len((await session.scalars(select(Source))).all()) == 1


async def _read(collecting: Collecting, sessions: Sessions, link: str, reader: SourceReader, newest: int) -> None:
    async with sessions.of_system() as session:
        known = [source for source in await sources.list_all(session) if source.username and source.compared_at]
        if known:
            source = await sources.read_by(session, None, known[0].id, reader)
            source.compared_at = source.backfilled_at = source.backfill_total = None
            source.cursor = 0
        else:
            source = await sources.add(session, None, link, reader, backfill_days=90)
    async with collecting.running():
        await collecting.until_any(lambda seen: seen.cursor >= newest and seen.compared_at is not None)
