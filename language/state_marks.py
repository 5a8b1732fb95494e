"""Marks by which a poster strikes out what a post says: «❌ Закрыто», «[FILLED]», «⏸ на паузе» at its head."""

import re

from language.kinds import ListingState
from language.normalise import fold

_HEAD = r"^[^\w❌⏸]*"
_CLOSED = re.compile(
    _HEAD
    + r"(?:❌[^\w]*)?(?:(?:потребность|запрос|вакансия|позиция|заявка|position|vacancy)\s+)?"
    + r"(?:закры(?:т|та|то|ты)|неактуаль(?:но|ен|на)|не актуаль(?:но|ен|на)|снят(?:а|о|ы)?|отмен(?:а|ена|ен|ено)"
    + r"|нашли|closed|filled|cancell?ed|no longer (?:open|needed|relevant))\b"
)
_CROSSED = re.compile(r"^\s*❌")
_PAUSED = re.compile(_HEAD + r"(?:⏸[^\w]*)?(?:на паузе|пауза|на холде|холд|приостановлен[ао]?|on hold|paused)\b|^\s*⏸")


def leading_state(text: str, *, is_edited: bool) -> ListingState | None:
    """What the head of a text says has become of it; None where it says nothing.

    A cross alone counts in an edited text only: many posts are born with one before a warning.
    """
    head = fold(text.strip().split("\n", 1)[0])
    if "?" in head:
        return None
    if _CLOSED.search(head) or (is_edited and _CROSSED.search(head)):
        return ListingState.CLOSED
    if _PAUSED.search(head):
        return ListingState.PAUSED
    return None


_REPLACED = re.compile(
    r"\b(?:взамен|вместо|заменяет|replaces|instead of)\s+(?:запроса|потребности|заявки|позиции|request)?\s*"
    r"(?:id|№|#)?\s*:?\s*((?:[a-zа-я]{1,4}-?)?\d{2,6})(?!\s*(?:₽|руб|\$|€|к\b|[\d.,%]))"
)


def replaced_ids(text: str) -> tuple[str, ...]:
    """Numbers of requests that a new one replaces: «взамен 7307», "replaces RD-511"."""
    return tuple(dict.fromkeys(found[1].upper() for found in _REPLACED.finditer(fold(text))))
