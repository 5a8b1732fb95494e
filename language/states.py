"""Words and marks by which posters say what has become of requests and people. All patterns read folded text."""

import re
from dataclasses import dataclass
from enum import StrEnum

from language.kinds import ListingState
from language.normalise import fold


class Said(StrEnum):
    """What a word says; STILL is no news of its own, it only ends what an earlier word is about."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"
    STILL = "still"

    @property
    def state(self) -> ListingState:
        return ListingState.OPEN if self is Said.STILL else ListingState(self.value)


@dataclass(frozen=True)
class Word:
    said: Said
    start: int
    end: int


_OPEN = (
    r"\b(?:(?:снова|опять|вновь|заново) (?:открыт|актуал|в работе|ищ|нуж|свобод|доступ|в поиске|в силе|жив|актив)\w*|"
    r"(?:ищем|открыт\w*|актуал\w*|в работе|свобод\w*|доступ\w*|нуж\w+) (?:снова|опять|вновь|заново)|переоткр\w+|возобнов\w+|"
    r"разморо\w+|размораж\w+|реанимир\w+|возвращ\w+ (?:\w+ )?(?:в работу|к поиску|в продажу)|верну\w+ (?:\w+ )?(?:в работу|к поиску|на рынок)|"
    r"(?:бронь|резерв|пауз\w|холд|стоп)\w* (?:снят\w*|снимаем|сняли|сорвал\w*|слетел\w*|отмен\w+|отпал\w*|не состоял\w+)|"
    r"сня\w+ с (?:паузы|холда|стопа|резерва|брони)|снима\w+ с (?:паузы|холда|стопа|резерва|брони)|вышл\w+ из (?:паузы|холда)|"
    r"reopen\w*|re-open\w*|open(?:ed)? again|back (?:on|open|in play|on the market)|unpaused|resumed|available again|free again|"
    r"освободил\w+|освобожда\w+|сорвал\w+|слил\w+|не вышел|не вышла|вернул(?:ся|ась|ись)|отказал\w+ от оффера|отклонил\w* оффер|продолжа\w+ (?:поиск|искать)|поиск (?:продолжа|возобнов)\w+|"
    r"declined|fell through|did ?n.t (?:start|join)|dropped out|released)\b|♻|🔄"
)
_PAUSED = (
    r"\b(?:на паузе|на паузу|пауз\w*|на холд\w*|холд\w*|заморо[зж]\w+|заморажив\w+|приостан\w+|приторм\w+|в резерве?|резерв\w*|забронир\w+|"
    r"брон(?:ь|ью|и|е)|временно снят\w*|временно не \w+|ждем решени\w+|на (?:стопе|стоп)|на ожидани\w+|в ожидани\w+|on hold|hold|paused?|reserved?|frozen|"
    r"suspended|думает|отложен\w*|взял\w* пауз\w+|бер\w+ пауз\w+|(?:по)?став\w+ на пауз\w+|тайм-?аут\w*|ждем (?:согласован|бюджет)\w*|отложил\w*|откладыва\w+|придерж\w+)\b|[⏸🟡⏳]"
)
_CLOSED = (
    r"\b(?:закры(?:т|та|то|ты|тые|тых|вшиеся|л|ла|ли|лось|лась|лся|лись|ваем|вается|ваются|ваю)|неактуальн\w*|не актуал\w*|отмен(?:а|ена|ен|ено|ены|или|ил|ила|яется|яются|яем)|"
    r"снят[аоы]?|сняли|снял(?:ся|ась)|снимаем|снимается|снимаются|отбой|нашли|нашел|нашла|нашлась|нашелся|нашлись|не ищ(?:ем|у)|уже не (?:ищ|нуж)\w+|больше не (?:ищ|нуж|присыла|предлага|актуал)\w*|"
    r"вы(?:шел|шла|ходит|шли) на проект|выбыл\w*|занят[аыо]?|заняли|забрали|ушел|ушла|ушли|отозван\w*|отозвал\w*|стоп|отпал\w*|"
    r"укомплектован\w*|closed|filled|cancel?led|withdrawn|withdrew|no longer|taken|hired|off the market|staffed|found (?:someone|somebody|a)|"
    r"not available|unavailable|gone|not needed|hired|we found|position pulled|принял\w* оффер|оффер принят|подписал\w* оффер|взял[аи]?|(?:тоже|уже|это|на этом) все(?=[,.!]|$|\n)|набрали|(?:подбор|поиск|отбор|наем) (?:завершен|закончен|окончен|закрыт)\w*|(?:кандидат|финалист|подрядчик|исполнитель|специалист|человек) (?:выбран|найден|нашелся|вышел)\w*|укомплектовали|не (?:требу|нужн|нуж)\w+|выбра(?:н|ли) (?:финалист|другого|внутренн|своего|кандидат)\w*|"
    r"в архив\w*|принял\w* предложени\w+|трудоустро\w+|исполнитель найден)\b|[❌⛔🚫🔴✖]|\[filled\]"
)
_STILL = (
    r"\b(?:все еще|еще (?:открыт|актуал|свобод|ищ|в работе|смотр|нуж|доступ)\w*|по-прежнему|не закрыт\w*|еще не (?:закры|наш)\w*|актуальн\w+|актуален|актуал|"
    r"открыт[аоы]?|в работе|в силе|жд(?:ет|ем|ут) (?:ваших |ваши |ещё )?(?:резюме|cv|кандидат)\w*|нуж(?:ен|на|ны|но)|ищем|смотрим|свобод(?:ен|на|ны)|доступ(?:ен|на|ны)|"
    r"активн\w+|активен|жив(?:а|ы|о|ой|ая|ые)?|still|open|active|available|needed|not closed|remains)\b|[✅🟢✔]"
)
_ALL = re.compile(rf"(?P<open>{_OPEN})|(?P<still>{_STILL})|(?P<paused>{_PAUSED})|(?P<closed>{_CLOSED})")
_OPEN_ANEW = re.compile(_OPEN)
_NO_NEWS = re.compile(
    r"\b(?:кто закроет|закройте|прием (?:резюме|заявок|анкет)|сбор (?:резюме|заявок)|дедлайн|deadline|закроем|закроется|закроются|после этого|закрыва\w+ (?:подачу|прием|сбор|список)|"
    r"будет закрыт\w*|закрыт\w* (?:банк|кру|клуб|чат|канал|сообществ|показ)\w*|закрытие|закрыть|набор|курс\w*|поток|регистраци\w+|вебинар\w*|митап\w*|"
    r"will (?:be )?clos\w+|closing (?:on|at|soon))\b"
)
_PARTLY = re.compile(
    r"\b(?:одно(?:го|й|му)?|одна|одну|один|перв\w+|двоих|двух|двое|трое|троих|half|one|two|three|first|[1-9])(?: из \w+| of \w+)?"
    r"(?:(?: \w+){0,2} (?:взя|закры|наш|заня|выш|уш|забра|filled|taken|closed|hired|found)\w*|[^\n.;]{0,20}(?:filled|taken|closed|hired)\b)|"
    r"\b(?:взя|закры|наш|заня|выш|забра)\w+ (?:уже )?(?:одно(?:го|й)?|одну|один|перв\w+|двоих|двух)\b|\b(?:filled|hired|closed) (?:one|two)\b"
)
_REST = re.compile(
    r"\b(?:еще (?:од|дв|тр|ищ|нуж|мест)\w*|остал\w+|остает\w*|втор\w+|трет\w+|последн\w+|нуж(?:ен|на|ны) еще|one more|more to go|left|remaining|remains|second|third)\b"
)
_QUOTED = re.compile(r"(?:пиш\w+|говор\w+|сказал\w*|цитата|says?|writes?|wrote)\s*:?\s*[«\"“][^»\"”]*[»\"”]")
_OTHERS = re.compile(
    r"\b(?:сосед\w+|другой сет\w+|друг\w+ агентств\w+|чуж\w+|не наш\w*|у коллег|коллег\w+ (?:из|по)\b[^\n.:]{0,40}(?:прислал|просил|список|открыт|закры)\w*|"
    r"партнер\w* прислал\w*|у партнеров|у партнера|у них|репост (?:от|из)|у конкурент\w+|other network|another network|not ours|neighbours?|their (?:open|list))\b"
)


def without_hearsay(folded: str) -> str:
    """The text with what others said blanked out, of the same length."""
    return _QUOTED.sub(lambda found: " " * len(found[0]), folded)


def is_of_others(folded: str) -> bool:
    """Speaks of another network's numbers or list."""
    return _OTHERS.search(folded) is not None


def is_no_news(folded: str) -> bool:
    """A question, a deadline to come, a course that fills: «закрыт?», «приём резюме закроем в пятницу»."""
    return folded.rstrip(" )»\"'").endswith("?") or _NO_NEWS.search(folded) is not None


def is_partly(folded: str) -> bool:
    """«Одного взяли, нужен ещё один»: some seats are filled, the request is open."""
    return _PARTLY.search(folded) is not None and _REST.search(folded) is not None


def words(folded: str, start: int = 0, end: int | None = None) -> list[Word]:
    """All that says a state, in order."""
    return [
        Word(Said(found.lastgroup or ""), found.start(), found.end())
        for found in _ALL.finditer(folded, start, len(folded) if end is None else end)
    ]


def is_wiped(text: str) -> bool:
    """Nothing is left but a full stop or a dash."""
    return re.search(r"\w", text) is None and "❌" not in text


_HEAD = r"^[^\w❌⏸]*"
_NOUN = r"(?:(?:потребность|запрос|вакансия|позиция|заявка|специалист|кандидат|position|vacancy|request|role)\s+)?"
_CLOSED_HEAD = re.compile(
    _HEAD
    + r"(?:[❌✖⛔🚫🔴][^\w]*)?"
    + _NOUN
    + r"(?:уже\s+)?(?:закры(?:т|та|то|ты)|неактуаль(?:но|ен|на)|не актуаль(?:но|ен|на)|снят(?:а|о|ы)?|отмен(?:а|ена|ен|ено)|стоп|отбой"
    + r"|нашли|нашел работу|нашла работу|занят[ао]?|closed|filled|cancell?ed|taken|hired|no longer (?:open|needed|relevant|available))\b"
)
_CROSSED = re.compile(r"^\s*(?:❌|⛔|🚫|✖|🔴)")
_PAUSED_HEAD = re.compile(
    _HEAD
    + r"(?:⏸[^\w]*)?"
    + _NOUN
    + r"(?:на паузе|пауза|на холде|холд|приостановлен[ао]?|в резерве|бронь|on hold|paused|reserved)\b|^\s*⏸"
)


_TRAILING = re.compile(
    r"(?:[—–:(\[!|]|\s-)\s*(?:уже\s+)?(?:(?P<closed>закры(?:т|та|то|ты)|неактуаль(?:но|ен|на)|занят[ао]?|снят[ао]?|отмен[ае]н?а?|на проекте|closed|filled|taken|hired)"
    r"|(?P<paused>на паузе|пауза|холд|на холде|в резерве|резерв|бронь|забронирован[ао]?|on hold|paused|reserved))\W*$|(?P<mark>[❌⛔🚫])\s*$|(?P<wait>[⏸])\s*$"
)


def trailing_state(line: str) -> ListingState | None:
    """What the end of a list's line says of its item: «Java Middle, 2200 — ЗАНЯТ»."""
    found = _TRAILING.search(fold(line.strip()))
    if found is None:
        return None
    return ListingState.CLOSED if found["closed"] or found["mark"] else ListingState.PAUSED


def leading_state(text: str, *, is_edited: bool) -> ListingState | None:
    """What the head of a text says has become of it; None where it says nothing.

    A cross alone counts in an edited text only: many posts are born with one before a warning.
    """
    head = fold(text.strip().split("\n", 1)[0])
    if "?" in head:
        return None
    if _CLOSED_HEAD.search(head) or (is_edited and _CROSSED.search(head)):
        return ListingState.CLOSED
    if _PAUSED_HEAD.search(head):
        return ListingState.PAUSED
    return None
