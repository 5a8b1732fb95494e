"""Headings and wordings that say how what is named beside them is meant: required, a plus, a duty, not wanted.

All patterns are over folded text (see `language.normalise.fold`).
"""

import re
from enum import StrEnum


class Section(StrEnum):
    """What a part of a post is about."""

    BODY = "body"
    TITLE = "title"
    CORE = "core"
    EXTRA = "extra"
    DUTIES = "duties"
    PROJECT = "project"
    TEAM = "team"
    TERMS = "terms"
    UNWANTED = "unwanted"
    CONTACT = "contact"


_HEADINGS: tuple[tuple[Section, str], ...] = (
    (
        Section.UNWANTED,
        r"(?:что |кого )?не (?:нужн\w+|интересу\w+|подойд\w+|подход\w+|рассматрива\w+|присыла\w+|предлага\w+|требу\w+)|"
        r"(?:we )?(?:do not|don't) need|not needed|(?:совсем |точно )?не надо|чего не (?:хочу|хотим)|минус\b",
    ),
    (
        Section.EXTRA,
        r"(?:будет|будут|станет|является|большим|большой|жирным|огромным|отдельным|дополнительным|наш)?\s*"
        r"(?:плюс(?:ом|ы|ами)?|преимуществ\w*|бонусом|здорово|круто|хорошо|неплохо|классно)\b|желател\w*|"
        r"(?:будет |будут |лучше |особенно )?полезн\w+|не знать не страшно[\w ,]*|можно без|жел\b|доп\b|nice\b|второстепенн\w+|"
        r"что еще пригод\w+|что плюсом|не так важно[\w ,]*|классно|знать откуда|приветству\w*|пригод\w*|дополнительн\w*|не\s?обязат\w*|опциональн\w*|хотелось бы|хорошо бы|"
        r"nice[ -]to[ -]have|good[ -]to[ -]have|optional\w*|preferred|(?:a |as a |big |will be a )?plus(?:es)?\b|bonus\w*|"
        r"would be (?:nice|great|a plus)|desirable|also",
    ),
    (
        Section.TEAM,
        r"(?:наша |состав )?команд[аы]?\b|в команде|у нас в команде|the team|team\b|our team",
    ),
    (
        Section.DUTIES,
        r"(?:основные |ваши |твои |будущие )?(?:задач[аи]|обязанност[ьи]|функци\w+|зон[аы] ответственности)|"
        r"что (?:предстоит|нужно|надо|будешь|будете|делать|сделать|будет)\b|чем (?:предстоит|будешь|будете|заниматься)|"
        r"предстоит|делать|(?:key |main )?(?:responsibilit\w+|duties|tasks)|what you(?:'ll| will)|you will|the job|"
        r"your (?:role|mission|tasks)|содержание работ",
    ),
    (
        Section.CORE,
        r"(?:основн\w+ |наш |мой |технологическ\w+ |tech(?:nical)? |core |main |key |твой |ваш )*"
        r"(?:стек|стэк|stack|технологии|technologies|инструменты|tools|skills|навыки|скил+[ыз]?)\b|"
        r"(?:обязательн\w+|основн\w+|ключев\w+|минимальн\w+|жестк\w+|технич\w+|наши|главные)?\s*"
        r"(?:требовани[яе]|ожидани[яе]|компетенци\w+|критери\w+|условия к кандидат\w+)\b(?! по)|обязательн\w*|"
        r"(?:требуемые|нужные|необходимые) (?:навыки|знания)|нуж(?:ен|на|но|ны)(?: опыт\w*| знани\w*| навык\w*)?$|треб\b|знать и уметь|"
        r"основное|руками|ищем того|что нужно$|без чего никак|необходим\w*|нужно знать|надо знать|что (?:ждем|ожидаем|важно|требуется|мы ждем|хотим|умею|знаю|ищем)|"
        r"(?:мы |чего )?(?:ждем|ожидаем|ждет заказчик)|важно|для нас важно|кого (?:ищем|ждем|мы)|что для нас|от (?:вас|тебя|кандидата)|"
        r"must(?:[ -]have)?|requirements?|required|what we (?:expect|need|look)|we expect|you have|hard[ -]skills|"
        r"qualifications|experience with|знани[ея]|опыт|умею|владею|знаю|языки?|работал\w* с|профиль|бэк\w*|фронт\w*|"
        r"базы?(?: данных)?|бд|субд|db|ui|языки программирования|интеграци[яи]|мониторинг|инфраструктура|облака?|"
        r"фреймворк\w*|уверенно|хорошо знаю|сильные стороны",
    ),
    (
        Section.TERMS,
        r"услови[яе]|(?:мы |что )?предлага\w+|we offer|what we offer|benefits|ставк[аи]|рейт\w*|rate|вилка|зп|з/п|"
        r"зарплат\w*|salary|оплат\w*|формат\w*|локаци\w*|location|гео|город|где|график|оформлени\w*|срок\w*|длительност\w*|"
        r"старт|начало|дата выхода|загрузка|занятость|гражданств\w*|этап\w*|процесс\w*|interview|собеседовани\w*|"
        r"duration|term|format|start|how we|почему мы|бюджет|деньги|сколько|английский|english|язык общения|релокейт",
    ),
    (Section.CONTACT, r"контакт\w*|пишите|отклик\w*|резюме (?:на|присылай\w*)|contacts?|apply|cv to|как откликнуться"),
    (
        Section.PROJECT,
        r"(?:о |описание )?проект\w*|о нас|о компании|о себе|обо мне|кто мы|компани[яи]|заказчик|клиент|отрасль|домен|"
        r"client|project|about|company|customer|мы\b|продукт|product|зачем|легенда|контекст|что (?:есть|у нас|уже)",
    ),
)
_HEADING = [(section, re.compile(rf"(?:{words})")) for section, words in _HEADINGS]
_LONGEST_HEADING = 60


def heading(line: str) -> tuple[Section, int] | None:
    """The section that a folded line opens, and where its content begins (the line's length: on the lines below).

    «Стек: Java, Kafka» opens for its own content; «Требования:» for the lines below.
    """
    bare = line.lstrip(" \t*_#>•-–—▪▫◾🔹🔸✅📌📍🛠⚙💻🧩➕👉⚡🔥💡📝🎯📋🧑‍🔧:")
    start = len(line) - len(bare)
    colon = re.search(r"\s?[*_]{0,2}(?::|\s[—–|-]\s|\?|\.(?=[*_ ])|\.{3,})[*_]{0,2}", bare[: _LONGEST_HEADING + 4])
    words = bare[: colon.start()] if colon else bare.rstrip(" *_!.")
    if len(words) > _LONGEST_HEADING or len(words.split()) > (6 if colon else 4):
        return None
    for section, pattern in _HEADING:
        if pattern.match(words):
            if colon is None and pattern.fullmatch(words) is None:
                return None
            content = start + (colon.end() if colon else len(bare))
            return section, len(line) if not line[content:].strip(" *_") else content
    return None


EXTRA_BEFORE = re.compile(
    r"\b(?:немного|чуть(?:-чуть)?|базов\w+|желател\w+|плюсом|в плюс|бонусом|опциональн\w+|знаком\w* с|знакомств\w+ с|"
    r"приветству\w+|хорошо бы|неплохо бы|хотелось бы|хотя бы|возможн\w+|иногда|местами|слегка|трогал\w*|пробовал\w*|"
    r"поверхностн\w+|миграци\w+ (?:с|из)|перенос\w* (?:с|из)|пере(?:хожу|хода?|езжаем|езд) из|приш(?:ел|ла) из|до этого|до того|раньше(?: был\w?)?|"
    r"прошл\w+|migrat\w+ from|moving away from|проход\w+|перейду на|сменить|понимание|интеграци\w+ с|интеграции:|обмен\w* с|"
    r"присматриваемся к|для будущих|чтение|тоже|also|понима\w+|связка с|дома|учебн\w+|переезжаем с|уходим от|переход с|ушли с|легаси на|legacy|вместо|в перспективе|"
    r"nice to have|good to have|optionally|some|can deploy to|plans for|must read|бывший|a bit of|basic|a little|familiar\w* with|preferably|exposure to|"
    r"plus if|bonus for|ideally|пет-проект\w*|для себя|изуча\w+|учу)\b[^.;!?\n]{0,6}$"
)
"""Ends right before what is only a plus: «немного X»."""

EXTRA_OPENS = re.compile(
    r"\b(?:желател\w+|плюсом|в плюс|бонусом|опциональн\w+|приветству\w+|хорошо бы|неплохо бы|хотелось бы|"
    r"знаком\w* с|знакомств\w+ с|пригодит\w+|будет плюсом|будет здорово|nice to have|good to have|familiar\w* with|plus:|"
    r"будут плюсом|преимуществ\w+|bonus|preferably|дополнительн\w+|легаси|legacy|немного|базово|основы)\b"
)
"""Opens a plus for the rest of its sentence: «желательно X, Y»."""

EXTRA_AFTER = re.compile(
    r"^[^.;!?\n,]{0,40}?(?:\b(?:плюс(?:ом|ик|иком)?|желател\w+|приветству\w+|преимуществ\w+|бонус(?:ом)?|базово|"
    r"на базовом|на уровне (?:чтения|базы|пользователя|основ)|опциональн\w+|не\s?обязат\w+|легаси|"
    r"пригод\w+|респект|немного|чуть|по минимуму|поверхностно|пет-?проект\w*|nice to have|is a plus|a plus|plus|optional|"
    r"preferred|would be|desirable|welcome|bonus|basics?|basic level|иногда|по желанию|можно выучить|научим|изучаю|"
    r"на уровне (?:чтения|учебника|«|базы|пользователя|основ)|под капотом|в планах|засчитаем|helps?|поможет|тоже знает|при крайней|на курсах|со словарем|in older|уже есть|"
    r"понимаю|читаю|для скриптов|издалека|до этого|знать не обяз\w+|desired|on the side|reading\b|не первым делом|помню|-only background|имеется|в прошлом|для отладк\w+|присматрива\w+|обсуждаем)\b)"
)
"""Follows what is only a plus within its part of the sentence: «X желательно»."""

EXTRA_AFTER_ALL = re.compile(
    r"\b(?:будут (?:плюсом|преимуществом|здорово)|приветствуются|желательны|пригодятся|are (?:a )?plus|are welcome|как плюс|"
    r"будут большим плюсом|не обязательны)\b"
)
"""Makes everything in its sentence a plus: «X, Y и Z будут плюсом»."""

NOT_WANTED_AFTER = re.compile(
    r"^[^.;!?\n]{0,25}?\b(?:не (?:надо|нужн\w*|рассматрива\w+|предлага\w+|присыла\w+|подход\w+|подойд\w+|интерес\w+|требу\w+|"
    r"нужен|использу\w+|стуч\w+|пиш\w+|бер\w+|кида\w+|хот\w+|слать|шлите|знаю|трога\w+|касат\w+|пуга\w+)|мимо|отказ\w*|"
    r"(?:is |are )?not (?:needed|required|considered|interested|relevant)|no need|[—–-] нет|можно забыть|тем более|не моё|не мое|"
    r"(?:делает|пишет|делают|пишут|ведет|ведут) (?:друг|смежн|отдельн|сосед|не )\w*|-only candidates)"
)
NOT_WANTED_BEFORE = re.compile(
    r"\b(?:не|без|кроме|исключая|ни|вместо|not?|without|except|instead of|no)\s(?:на |про |с |нужен |нужны |нужно |надо |"
    r"предлагать |присылать |рассматриваем |[a-zа-я]+ на )?[^\w\n]{0,2}$|\b(?:никакого|никаких|никакой|похож на|забудьте про|ненавижу)\s$"
)
NOT_MEANT = re.compile(r"^(?:[bcс][124](?![+#\w])|android\W{1,2}studio|плюсы:|плюсы\s?$|visual studio)")
"""Right at a mention: the levels of English and of diagrams, a program, a heading."""
OTHERS = re.compile(
    r"\b(?:в команде|команда:|команда —|состав команды|рядом|коллеги:|работает с|взаимодейств\w+|помимо|вместе с|"
    r"сосед\w+|друг\w+ команд\w+|у заказчика (?:на|есть)|разработчик\w+ на|учить \d+ разработчиков|потом найдем|объяснить разраб\w+|"
    r"other team|along with|team of|у нас уже есть|уже есть|вакансии:|на курсе|курс)\b"
)
"""What is named after it on its line belongs to others."""

PERSON_ENDING = re.compile(r"(?:ист|щик|чик|ник|вик|тер|фер|сер|пер|ер)(?:а|у|ом|е|ы|и|ов|ам|ами|ах)?$")
"""A technology's name that is a person: «реактер», «вьюшник», «джавист»."""

PROFESSION = re.compile(
    r"\b(?:разработчи\w+|разраб\w*|девелопер\w*|программист\w*|инженер\w*|специалист\w*|консультант\w*|developers?|devs?|"
    r"engineers?|programmers?|consultants?|кодер\w*|архитектор\w*|администратор\w*)\b"
)
"""A profession that takes its technology from the words beside it."""

COUNT_WORDS = {
    "один": 1, "одна": 1, "одного": 1, "одну": 1, "two": 2, "двое": 2, "два": 2, "две": 2, "двоих": 2, "двух": 2, "пара": 2,
    "пару": 2, "three": 3, "трое": 3, "три": 3, "троих": 3, "трех": 3, "четверо": 4, "четыре": 4, "четверых": 4, "four": 4,
    "пять": 5, "пятеро": 5, "five": 5, "шесть": 6, "шестеро": 6,
}  # fmt: skip
_COUNT_WORD = "|".join(sorted(COUNT_WORDS, key=len, reverse=True))
COUNT_WITH_UNIT = re.compile(
    rf"(?<![\w.,–-])(\d{{1,2}}|{_COUNT_WORD})\s?(?:чел\b|чел\.|человек\w*|шт\b|шт\.|штук\w*|спец\w*|ед\b|ед\.|позици[ияй]\w*|"
    r"ваканси\w+|people|persons?|fte|heads?|specialists?|engineers?|developers?|места?\b|seats?|единиц\w*)"
)
COUNT_TIMES = re.compile(r"(?<!\w)(?:[xх×]\s?(\d{1,2})|(\d{1,2})\s?[xх×])(?!\w)")
COUNT_AT_START = re.compile(
    r"(?:^\W*|:\s|\b(?:нуж(?:ен|на|но|ны)|ищ(?:у|ем)|требу(?:ется|ются)|надо|need|looking for|есть|свободны)\s(?:еще\s)?)"
    rf"(\d{{1,2}}|{_COUNT_WORD})\s+(?=[a-zа-я.])(?!лет|год|мес|дн[яей]|час|раза?\b|нед|этап|проект|руб|тыс|года|недел|стади|"
    r"years?|months?|days?|weeks?|hours?|stages?|rounds?|млн|линии|го\b|й\b|-)"
)
COUNT_IN_BRACKETS = re.compile(r"\((\d{1,2})\)")
COUNT_LABEL = re.compile(
    r"\b(?:количество|кол-во|сколько|число|quantity|headcount|count|нужно)\b[^\d\n]{0,20}?(\d{1,2})(?![\d.,]*\s?(?:к|час|лет|мес|год|₽|р\b|тыс))"
)
COUNT_AFTER_DASH = re.compile(r"[—–-]\s?(\d{1,2})(?=\s*(?:[,;.(]|$))")

REMOTE = re.compile(
    r"\b(?:удален\w*|удал(?:\b|\.)|удаленк\w*|дистанцион\w*|дистант\w*|из дома|из любой точки|онлайн|remote\w*|wfh|"
    r"full remote|распределенн\w+ команд\w*|home ?office)\b"
)
HYBRID = re.compile(
    r"\b(?:гибрид\w*|hybrid\w*|\d(?:[-–]\d)?\s?(?:дн\w+|раза?|days?)[^.\n]{0,25}(?:в офис\w*|на площадк\w*|on ?site|in the office|из дома)|"
    r"(?:в офис\w*|офис|office)\s[^.,\n]{0,14}?\d(?:[-–/]\d)?\s?(?:дн\w+|раза?|days?|/)|(?:два|три|один|пару|раз|дв[ае]) (?:дн\w+|раза? )?"
    r"[^.,\n]{0,16}(?:в офис\w*|из дома)|частично удален\w*|офис\s?[/+]\s?удален\w*|(?:офис|office)\w*[^.,\n]{0,10}(?:два|три|один|пару) дн\w+)"
)
OFFICE = re.compile(
    r"\b(?:в офис\w*|офис\w*|очно\w*|на площадке|on-?site|in[- ]office|office|на территории|на месте)\b"
)
NOT_OFFICE = re.compile(r"(?:не|без|no|not)\s(?:\w+\s)?(?:офис\w*|office)")
NOT_REMOTE = re.compile(r"(?:не|без|нет|no|not)\s(?:\w+\s)?(?:удален\w*|remote)|удален\w* (?:не|нет)|remote not")

LOCATION_LABEL = re.compile(
    r"(?im)^[^\w\n]*(?:локация|location|гео|город|где|место работы|регион|страна|geo|based in|city|часовой пояс|timezone|территория)"
    r"\s*[*_]{0,2}\s*(?::|\s[—–-])\s*[*_]{0,2}\s*([^\n;|]{2,60})"
)
CONTACT = re.compile(r"@[A-Za-z]\w{3,31}\b|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://)?t\.me/\w{4,}|\+7[\d\s()-]{10,16}")
REQUEST_ID = re.compile(
    r"(?i)(?:\b(?:id|ид|айди|запрос|заявка|потребность|req(?:uest)?|вакансия|позиция|кандидат[а]?|номер|job|код)\s*(?:id|кандидата|партнера)?"
    r"\s*[:#№.-]?\s*|(?:^|\s)№\s?|(?:^|\s)#)((?=[\w/-]*\d{2})[A-Za-zА-Яа-я]{0,5}[-/]?\d[\w-]*(?:/\d+)?)"
)
ID_AT_START = re.compile(r"(?m)^\W*((?:[A-Za-zА-Я]{1,4}-)?\d{3,6})\s*[|—–:.-]")
DIRECT_CLIENT = re.compile(
    r"\b(?:прямой (?:заказчик|клиент|контракт|договор)|напрямую|без посредник\w*|без прослоек|direct (?:client|customer|contract)|"
    r"от прямого заказчика|прямого заказчика|прямым заказчиком|без прокладок)\b"
)
MANUAL = re.compile(r"\b(?:ручн\w+|manual|мануал\w*|руками|функциональн\w+)\b")
AUTOMATED = re.compile(r"\bавто(?:матизаци\w+|матизирую)?\b|\b(?:test )?automat(?:ion|ed)\b")
INTERVIEWER = re.compile(
    r"\b(?:собес\w*|созвон\w*|интервью|встреч\w+|общени\w+|пишите|писать|interview|call|отвеча\w+|подчин\w+|с нашим|"
    r"от (?:нашего|нас)|контакт\w*|общаться|поговорить)\b[^\n.;:)]{0,40}$"
)
MENTORED = re.compile(
    r"\b(?:ментор\w*|наставни\w+|обуча\w+|помога\w+|учу|учил\w*|управля\w+|руковод\w+|mentor\w*|с уровня|рост до)\b[^\n.;]{0,30}$"
)
PLACE = re.compile(
    r"\b(?:рф(?:\s?[/+,и]\s?рб)?|россия|рб|беларусь|казахстан|снг|москв[аеу]|мск(?:\s?[±+-]\s?\d+\w?)?|санкт-петербург\w*|спб|питер\w*|"
    r"екатеринбург\w*|екб|новосибирск\w*|казан[ьи]|нижн\w+ новгород\w*|самар[аеы]|томск\w*|омск\w*|уф[аеы]|перм[ьи]|иннополис\w*|"
    r"ростов\w*(?:-на-дону)?|краснодар\w*|воронеж\w*|челябинск\w*|тюмен[ьи]|саратов\w*|калининград\w*|владивосток\w*|иркутск\w*|ижевск\w*|"
    r"минск\w*|алмат[ыа]|астан[аеы]|тбилиси|ереван\w*|ташкент\w*|бишкек\w*|белград\w*|лимассол\w*|кипр\w*|дубай|стамбул\w*|"
    r"russia|belarus|kazakhstan|georgia|armenia|serbia|cyprus|poland|germany|europe|moscow|almaty|tbilisi|yerevan|belgrade|minsk|"
    r"tashkent|warsaw|berlin|limassol|dubai|msk(?:\s?[±+-]\s?\d+)?|cet|utc\s?[±+-]\s?\d+|gmt\s?[±+-]\s?\d+|eu\b|worldwide)\b"
)
MONTH = re.compile(r"мес|month|оклад")
NOT_OPEN_LINE = re.compile(r"^\W*(?:закрыт\w*|на холде|на паузе|сняты|заморожен\w*|closed|paused|on hold)\b")
"""A line of a list that tells what is asked no longer."""
