"""«Москва», "Almaty", «МСК+2», UTC+5: a typed place or offset as the name of a time zone."""

import re
from functools import cache
from zoneinfo import available_timezones

from language.normalise import tokens

# Beginnings of words, so that «в Москве», «московское» and «Екатеринбурга» are understood.
STEMS = {
    "калининград": "Europe/Kaliningrad",
    "моск": "Europe/Moscow",
    "мск": "Europe/Moscow",
    "msk": "Europe/Moscow",
    "петербург": "Europe/Moscow",
    "питер": "Europe/Moscow",
    "спб": "Europe/Moscow",
    "новгород": "Europe/Moscow",
    "казан": "Europe/Moscow",
    "воронеж": "Europe/Moscow",
    "ростов": "Europe/Moscow",
    "краснодар": "Europe/Moscow",
    "сочи": "Europe/Moscow",
    "иннополис": "Europe/Moscow",
    "волгоград": "Europe/Volgograd",
    "саратов": "Europe/Saratov",
    "самар": "Europe/Samara",
    "тольятти": "Europe/Samara",
    "ижевск": "Europe/Samara",
    "ульяновск": "Europe/Ulyanovsk",
    "астрахан": "Europe/Astrakhan",
    "уфа": "Asia/Yekaterinburg",
    "уфе": "Asia/Yekaterinburg",
    "уфы": "Asia/Yekaterinburg",
    "перм": "Asia/Yekaterinburg",
    "екатеринбург": "Asia/Yekaterinburg",
    "екб": "Asia/Yekaterinburg",
    "челябинск": "Asia/Yekaterinburg",
    "тюмен": "Asia/Yekaterinburg",
    "омск": "Asia/Omsk",
    "новосибирск": "Asia/Novosibirsk",
    "нск": "Asia/Novosibirsk",
    "томск": "Asia/Tomsk",
    "барнаул": "Asia/Barnaul",
    "красноярск": "Asia/Krasnoyarsk",
    "иркутск": "Asia/Irkutsk",
    "якутск": "Asia/Yakutsk",
    "владивосток": "Asia/Vladivostok",
    "хабаровск": "Asia/Vladivostok",
    "магадан": "Asia/Magadan",
    "сахалин": "Asia/Sakhalin",
    "камчат": "Asia/Kamchatka",
    "киев": "Europe/Kyiv",
    "минск": "Europe/Minsk",
    "беларус": "Europe/Minsk",
    "алмат": "Asia/Almaty",
    "астан": "Asia/Almaty",
    "казахстан": "Asia/Almaty",
    "ташкент": "Asia/Tashkent",
    "узбекистан": "Asia/Tashkent",
    "бишкек": "Asia/Bishkek",
    "душанбе": "Asia/Dushanbe",
    "баку": "Asia/Baku",
    "ереван": "Asia/Yerevan",
    "армени": "Asia/Yerevan",
    "тбилиси": "Asia/Tbilisi",
    "батуми": "Asia/Tbilisi",
    "грузи": "Asia/Tbilisi",
    "кишинев": "Europe/Chisinau",
    "белград": "Europe/Belgrade",
    "сербия": "Europe/Belgrade",
    "черногори": "Europe/Podgorica",
    "стамбул": "Europe/Istanbul",
    "анталь": "Europe/Istanbul",
    "турци": "Europe/Istanbul",
    "кипр": "Asia/Nicosia",
    "лимасол": "Asia/Nicosia",
    "дубай": "Asia/Dubai",
    "тель": "Asia/Jerusalem",
    "берлин": "Europe/Berlin",
    "варшав": "Europe/Warsaw",
    "праг": "Europe/Prague",
    "рига": "Europe/Riga",
    "вильнюс": "Europe/Vilnius",
    "таллин": "Europe/Tallinn",
    "лондон": "Europe/London",
    "лиссабон": "Europe/Lisbon",
    "бали": "Asia/Makassar",
    "бангкок": "Asia/Bangkok",
    "пхукет": "Asia/Bangkok",
}
_OFFSET = re.compile(r"(utc|gmt|мск|msk)?\s*([+-])\s*(\d{1,2})(?::?00)?", re.IGNORECASE)
_MOSCOW_AHEAD = 3
_EARLIEST, _LATEST = -12, 14


def find_time_zone(text: str) -> str | None:
    """The zone's zoneinfo name; None where no place or offset, or more than one, is meant."""
    typed = text.strip().replace("\u2212", "-")
    if offset := _OFFSET.fullmatch(typed):
        return _of_offset(offset)
    if (name := typed.casefold()) in _names():
        return _names()[name]
    words = tokens(typed)
    if (city := "_".join(words)) in _cities():
        return _cities()[city]
    found = {zone for word in words for stem, zone in STEMS.items() if word.startswith(stem)}
    return found.pop() if len(found) == 1 else None


def label(zone: str) -> str:
    """How a zone is called where it has no name of its own in a language: "New York", UTC+5."""
    name = zone.rpartition("/")[2].replace("_", " ")
    offset = re.fullmatch(r"GMT([+-])(\d+)", name)
    if offset is None:
        return name
    return f"UTC{'-' if offset[1] == '+' else '+'}{offset[2]}"


def _of_offset(offset: re.Match[str]) -> str | None:
    base = _MOSCOW_AHEAD if (offset[1] or "").casefold() in ("мск", "msk") else 0
    hours = base + int(offset[2] + offset[3])
    if not _EARLIEST <= hours <= _LATEST:
        return None
    # POSIX counts west of Greenwich as positive.
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/UTC"


@cache
def _names() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


@cache
def _cities() -> dict[str, str]:
    """ "new_york" → America/New_York; the shortest name where several end alike."""
    zones = sorted((name for name in available_timezones() if "/" in name), key=lambda name: (-len(name), name))
    return {"_".join(tokens(name.rpartition("/")[2].replace("_", " "))): name for name in zones}
