"""Words by which an update says the state of earlier requests and offers, and the numbers it names. Folded text."""

import re

from language.kinds import ListingState

WHOLE_LIST = re.compile(
    r"актуальн\w+[^\n]{0,12} (?:позици|запрос|потребност|заявк|номер|id)\w*|#актуальн\w+|(?:открыт\w+|в работе|действу\w+) "
    r"(?:позици|запрос|потребност|номер|id|заявк|остал|остаются|сейчас)\w*|(?:остаются|остались) (?:открыт|в работе|актуальн|только)\w*|"
    r"(?:still|currently) open|open (?:ids|requests|positions|now)\b|active (?:ids|requests)|всё остальное закрыто|"
    r"(?:все )?остальн\w+ (?:закрыт|неактуальн|снят)\w*|(?:everything|all) else (?:is )?closed"
)
_OPEN = re.compile(
    r"\b(?:снова (?:открыт|актуал|в работе|ищем|нуж|свобод|доступ)\w*|опять (?:открыт|ищем|актуал|свобод)\w*|переоткр\w+|возобнов\w+|"
    r"разморо\w+|реанимир\w+|вернул\w+ в работу|сня\w+ с (?:паузы|холда)|вышл\w+ из (?:паузы|холда)|все еще (?:открыт|актуал|ищем)\w*|"
    r"еще (?:открыт|актуал)\w*|не закрыт\w*|актуальн\w+|reopen\w*|re-open\w*|open again|back (?:on|open)|unpaused|available again|"
    r"still open|освободил\w+ снова|бронь сня\w+|сорвал\w+|слил\w+|не вышел|не вышла)\b|♻|🟢"
)
_PAUSED = re.compile(
    r"\b(?:на паузе|пауз\w*|на холд\w*|холд\w*|заморо\w+|заморажив\w+|приостан\w+|приторм\w+|в резерве|резерв\w*|заброниров\w+|бронь|"
    r"временно снят\w*|ждем решени\w+|на стопе|stop-?лист|on hold|hold|paused?|reserved?|frozen|suspended|думает|отложен\w*)\b|[⏸🟡⏳]"
)
_CLOSED = re.compile(
    r"\b(?:закры(?:т|та|то|ты|л|ла|ли|лась|лось|лся|лись|ваем|вается|ваю)|закрыто|неактуальн\w*|не актуальн\w*|отмен\w+|снят[аоы]?|сняли|"
    r"снимаем|отбой|нашли\w*|нашел\w*|нашлась|нашелся|нашлись|не ищ(?:ем|у)|уже не (?:ищ|нуж)\w+|больше не (?:ищ|нуж|присыла|предлага)\w*|"
    r"вышел на проект|вышла на проект|выходит на проект|выбыл\w*|занят[аыо]?|заняли|забрали|ушел|ушла|ушли|отозван\w*|стоп|"
    r"укомплектован\w*|закрылись|closed|filled|cancel?led|withdrawn|withdrew|no longer|taken|hired|off the market|"
    r"not available|unavailable|принял\w* оффер|взяли)\b|[❌⛔🚫🔴]|\[filled\]"
)
_NOT_CLOSED = re.compile(r"\b(?:не закрыт\w*|кто закроет|закройте|еще не (?:закрыт|наш)\w*|not closed)\b")

ID = re.compile(
    r"(?<![\w.,:+@])(?:[a-zа-я]{1,4}[-/])?\d{3,6}(?:[-/][\w]{1,4})?(?![\w:%]|[.,]\d| ?(?:₽|руб|р\b|час|\$|€|к\b|тыс|человек))|(?<![\w-])[a-zа-я]{1,3}-\d{1,4}(?!\w)"
)
"""A request's or a person's number."""


def state(folded: str) -> ListingState | None:
    """The state that a piece of an update says, None where it says none."""
    closed = _CLOSED.search(_NOT_CLOSED.sub(" ", folded))
    if _OPEN.search(folded) and not (closed and _first(_CLOSED, folded) < _first(_OPEN, folded)):
        return ListingState.OPEN
    if _PAUSED.search(folded) and not (closed and _first(_CLOSED, folded) < _first(_PAUSED, folded)):
        return ListingState.PAUSED
    return ListingState.CLOSED if closed else None


def _first(pattern: re.Pattern[str], folded: str) -> int:
    found = pattern.search(folded)
    return found.start() if found else len(folded)
