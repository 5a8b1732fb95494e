"""What the chat page's requests do and what each person is shown."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiogram import Bot

from sandbox.telegram_bot_api import BotApi
from tests.sandbox.telegram_bot_api.sample_bot import buttons, polling


@pytest.fixture
async def browser(api: BotApi) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(base_url=api.url) as session:
        yield session


async def events(response: aiohttp.ClientResponse) -> AsyncIterator[dict[str, Any]]:
    async for line in response.content:
        if line.startswith(b"data: "):
            yield json.loads(line[6:])


async def test_the_page_loads_nothing_from_elsewhere_and_runs_no_inline_script(browser: aiohttp.ClientSession) -> None:
    response = await browser.get("/")
    page = await response.text()
    assert response.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert page.count("<script") == page.count('<script type="module" src="/static/')
    assert "https://" not in page
    for name in ("chat.js", "message.js", "world.js", "words.js", "chat.css"):
        assert (await browser.get(f"/static/{name}")).status == 200


async def test_a_new_person_starts_the_bot_with_a_payload(api: BotApi, browser: aiohttp.ClientSession) -> None:
    joined = await browser.post("/page/join", json={"id": 1007, "first_name": "Зоя", "language_code": "ru"})
    assert (await joined.json())["id"] == 1007
    async with polling(api.url):
        await browser.post("/page/start", json={"me": 1007, "payload": "T0KEN"})
        zoya = api.person(1007, "Зоя")
        await zoya.wait_for(lambda m: m.text == "Привет, Зоя! payload=T0KEN")


async def test_a_tab_sees_its_own_chats_live_and_nobody_elses(
    api: BotApi, bot: Bot, browser: aiohttp.ClientSession
) -> None:
    anna, boris = api.person(1001, "Анна"), api.person(1002, "Борис")
    group = api.group("Отдел", anna, boris)
    async with browser.get("/page/events", params={"me": "1002"}) as stream:
        seen = events(stream)
        state = await anext(seen)
        assert [entry["chat"]["id"] for entry in state["chats"]] == [1002, group]
        await bot.send_message(1001, "только Анне")
        sent = await bot.send_message(group, "всем", reply_markup=buttons("Беру"))
        await bot.edit_message_text("всем!", chat_id=group, message_id=sent.message_id)
        await bot.delete_message(group, sent.message_id)
        first, edited, deleted = [await anext(seen) for _ in range(3)]
    assert first["message"]["text"] == "всем"
    assert edited["message"]["text"] == "всем!"
    assert deleted == {"kind": "delete", "chat_id": group, "message_id": sent.message_id}


async def test_a_group_made_on_the_page_takes_people_and_the_bot(api: BotApi, browser: aiohttp.ClientSession) -> None:
    api.person(1001)
    boris = api.person(1002)
    values = {"me": 1001, "title": "Отдел", "invite": [1002], "with_bot": True}
    group = await (await browser.post("/page/group", json=values)).json()
    async with polling(api.url):
        await browser.post("/page/send", json={"me": 1002, "chat": group, "text": "/who"})
        await boris.in_chat(group).wait_for(lambda m: m.from_bot)


async def test_an_uploaded_file_is_served_without_being_run(api: BotApi, browser: aiohttp.ClientSession) -> None:
    anna = api.person(1001)
    form = aiohttp.FormData()
    form.add_field("file", b"<script>alert(1)</script>", filename="a.html", content_type="text/html")
    assert (await browser.post("/page/file", params={"me": "1001", "chat": "1001"}, data=form)).status == 200
    file_id = anna.messages()[0].raw["document"]["file_id"]
    served = await browser.get(f"/page/file/{file_id}")
    assert served.content_type == "application/octet-stream"
    assert served.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("path", "values", "status"),
    [
        ("send", {"me": 1001, "chat": 1002, "text": "в чужой чат"}, 404),
        ("send", {"me": 9, "chat": 9, "text": "нет такого"}, 404),
        ("click", {"me": 1001, "chat": 1001, "message": 77, "data": "x"}, 404),
        ("start", {"me": 1001, "payload": "x" * 65}, 422),
        ("send", {}, 404),
    ],
)
async def test_what_makes_no_sense_is_refused(
    api: BotApi, browser: aiohttp.ClientSession, path: str, values: dict[str, object], status: int
) -> None:
    api.person(1001)
    api.person(1002)
    assert (await browser.post(f"/page/{path}", json=values)).status == status


async def test_another_site_may_not_act_for_a_person(api: BotApi, browser: aiohttp.ClientSession) -> None:
    anna = api.person(1001)
    headers = {"Sec-Fetch-Site": "cross-site"}
    values = {"me": 1001, "chat": 1001, "text": "чужое"}
    assert (await browser.post("/page/send", json=values, headers=headers)).status == 403
    assert anna.messages() == []
