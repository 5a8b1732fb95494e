"""What `platon lab classify` says of a text is what the worker writes down of a post."""

import asyncio
import json

from sqlalchemy import select

from crm import sources
from db.models import Post
from ml.lab import classify_lines
from ml.labeller import load
from ml.training import Trained
from tests.bot.talk import PATIENCE
from tests.flows.conftest import Desk

TEXTS = [
    "Запрос: 2 Java Middle+, Spring, Kafka, ставка до 2300, удалённо, старт ASAP",
    "Свободен Go Senior, рейт 2900, выход с понедельника",
    "❌ Потребность закрыта, ID 10482",
    "Набор на курс Java с нуля, скидка до пятницы",
    "need 2 React devs for a fintech client, $30/h, fully remote",
]


class TestTheLab:
    async def test_says_what_the_worker_writes_down(self, desk: Desk, trained: Trained) -> None:
        desk.cloud.add_channel(6001, "Запросы", "lab_requests", history=TEXTS)
        await desk.first_link()
        async with desk.sessions.of_system() as session:
            await sources.add(session, None, "@lab_requests")
        async with asyncio.timeout(PATIENCE):
            written: list[Post] = []
            while len(written) < len(TEXTS):
                await asyncio.sleep(0.05)
                async with desk.sessions.of_system() as session:
                    labelled = select(Post).where(Post.labelled_at.is_not(None)).order_by(Post.message_id)
                    written = list(await session.scalars(labelled))
        lines = [json.dumps({"id": number, "text": text}) for number, text in enumerate(TEXTS)]
        said = [json.loads(line) for line in classify_lines(lines, load(trained.artifact))]
        for post, line in zip(written, said, strict=True):
            assert post.text == TEXTS[line["id"]]
            assert (str(post.kind), post.engagement and str(post.engagement)) == (line["kind"], line["engagement"])
            assert post.prediction is not None
            shown = {name: value for name, value in line.items() if name in ("confidence", "reasons", "abstain")}
            assert {name: post.prediction[name] for name in shown} == shown
