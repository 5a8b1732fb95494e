"""t("lead-taken", who="Анна"): one way to say things, for the bot, the mail, the back office and the command line."""

from functools import cache
from pathlib import Path
from typing import Protocol

from fluent.runtime import FluentBundle, FluentResource

LANGUAGES = ("ru", "en")
LOCALES = Path(__file__).parent / "locales"


class Translate(Protocol):
    def __call__(self, key: str, /, **params: object) -> str: ...


def translator(language: str) -> Translate:
    """Russian for an unknown language. An unknown key raises KeyError; a missing parameter raises ValueError."""
    bundle = _bundle(language if language in LANGUAGES else LANGUAGES[0])

    def translate(key: str, /, **params: object) -> str:
        name, _, attribute = key.partition(".")
        message = bundle.get_message(name)
        pattern = message.attributes[attribute] if attribute else message.value
        if pattern is None:
            raise KeyError(key)
        text, errors = bundle.format_pattern(pattern, params)
        if errors:
            raise ValueError(f"{key}: {errors[0]}")
        return str(text)

    return translate


@cache
def _bundle(language: str) -> FluentBundle:
    # Isolating marks would be seen in buttons and break links.
    bundle = FluentBundle([language], use_isolating=False)
    for path in sorted((LOCALES / language).glob("*.ftl")):
        bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))
    return bundle
