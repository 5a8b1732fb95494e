from __future__ import annotations

import pytest
from aiogram.types import Message
from aiogram.utils.text_decorations import html_decoration, markdown_decoration

from sandbox.telegram_bot_api.markup import found_in, parse


@pytest.mark.parametrize(
    ("source", "mode"),
    [
        ('<b>🔥 Горячее</b> и <a href="https://t.me/x?a=1&amp;b=2">ссылка</a> &lt;тег&gt;', "HTML"),
        ("<b>жирный <i>и курсив</i></b> <u>u</u> <s>s</s> <tg-spoiler>тайна</tg-spoiler>", "HTML"),
        ("<blockquote>цитата\nв две строки</blockquote>", "HTML"),
        (r"*жирный _и курсив_* __u__ ~s~ ||тайна|| точка\.", "MarkdownV2"),
        (">цитата\n>в две строки\nдальше", "MarkdownV2"),
    ],
)
def test_what_aiogram_writes_from_our_entities_is_what_was_sent(source: str, mode: str) -> None:
    text, entities = parse(source, mode)
    chat = {"id": 1, "type": "private"}
    message = Message.model_validate({"message_id": 1, "date": 0, "chat": chat, "text": text, "entities": entities})
    decoration = html_decoration if mode == "HTML" else markdown_decoration
    again = decoration.unparse(message.text or "", message.entities)
    assert parse(again, mode) == (text, entities)
    assert entities


@pytest.mark.parametrize(
    ("source", "mode", "text", "entities"),
    [
        (
            '<pre><code class="language-python">x = 1</code></pre> <code>y</code>',
            "HTML",
            "x = 1 y",
            [
                {"type": "pre", "offset": 0, "length": 5, "language": "python"},
                {"type": "code", "offset": 6, "length": 1},
            ],
        ),
        (
            "```python\nx \\= 1```",
            "MarkdownV2",
            "x = 1",
            [{"type": "pre", "offset": 0, "length": 5, "language": "python"}],
        ),
        (
            r"[тут](https://t.me/x\)y) `код`",
            "MarkdownV2",
            "тут код",
            [
                {"type": "text_link", "offset": 0, "length": 3, "url": "https://t.me/x)y"},
                {"type": "code", "offset": 4, "length": 3},
            ],
        ),
        (r"2 \+ 2 \= 4\!", "MarkdownV2", "2 + 2 = 4!", []),
    ],
)
def test_code_links_and_escapes_are_read(source: str, mode: str, text: str, entities: list[dict[str, object]]) -> None:
    assert parse(source, mode) == (text, entities)


def test_offsets_count_utf16_units() -> None:
    assert parse("🔥<b>я</b>", "HTML") == ("🔥я", [{"type": "bold", "offset": 2, "length": 1}])


def test_commands_links_and_mentions_are_found_but_not_inside_code() -> None:
    text = "/start@my_bot смотри https://t.me/jobs @hr_anna hr@example.org"
    kinds = [(entity["type"], text[entity["offset"] :][: entity["length"]]) for entity in found_in(text, [])]
    assert kinds == [
        ("bot_command", "/start@my_bot"),
        ("url", "https://t.me/jobs"),
        ("mention", "@hr_anna"),
        ("email", "hr@example.org"),
    ]
    assert found_in(text, [{"type": "code", "offset": 0, "length": len(text)}]) == []


def test_an_address_or_a_link_is_not_searched_for_again_at_each_letter_of_a_long_word() -> None:
    word = "x" * 100_000
    assert found_in(word, []) == []
    assert parse(word, "HTML") == parse(word, "MarkdownV2") == (word, [])
