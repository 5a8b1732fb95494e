"""Words that a repost may change without speaking of another need: labels, time, seats, urgency, conditions, courtesy."""

import re
from functools import lru_cache

from language.normalise import fold
from language.taxonomy import Taxonomy

_STEM, _SHORTEST = 5, 3
_ENDING = re.compile(r"[аеиоуыэюяьйхм]{1,2}$")
_WORD = re.compile(r"[a-zа-я0-9+#]{2,}")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\bt\.me/\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|@\w+|\+?\d[\d\-() ]{8,}\d")
_CONTACT = re.compile(
    r"\b(?:контакт\w*|связь|отклик\w*|откликнуться|пишите|писать|пиши|стучать|звон\w+|резюме|отправлять|присыл\w+|обращаться|cv|"
    r"contacts?|apply|send|dm|ask|reply)\b[^\n.;]{0,60}"
)
_NOISE = re.compile(
    r"#\w+|\b(?:id|ref)[ :№#-]*[\w-]*\d[\w-]*|№ ?\d+|"
    r"\d[\d .,]*(?:[кk]\b|тыс\w*|₽|руб\w*|р\b|\$|€|usd|eur)?(?:\s?/\s?(?:час|ч|мес|h|hour|month)\b)?"
)
_NAMED_FIRM = re.compile(
    r"\b(?:компани\w+|агентств\w+|команда|ооо|ип|канал\w*|от)\s+[«\"“][^»\"”\n]{2,40}[»\"”]|[—–-]\s*команда\s[^\n]{2,60}"
)
_SPEAKER = re.compile(r"\b(?:менеджер\w*|зовут|рекрутер\w*|manager|recruiter)\s+[а-яa-z]+")

_NEUTRAL = """
а в во и или к ко с со на по из у о об от до за для не ни но же бы то как что это так там тут тоже если при без под над про
через между мы вы он она они его ее их нас вас нам вам нами вами свой свою своя свои наш наша наше наши ваш который которая которые кто
есть был была было были будет быть нет да где когда чем чтобы только еще уже все всех всем всё вся весь сам сама один одна одного одному
a an the of to in on for with and or at by from is are was be we you our your it this that as who if not no yes do does will can have has
i me my us their they he she his her its all any some more most very just so up out into about over per via both
роль позиция должность вакансия уровень грейд стек технологии требования обязательно плюсом плюс будет желательно нужно важно умеет
ставка рейт оплата цена стоимость деньги сумма бюджет вилка оклад сколько срок сроки старт начало занятость загрузка формат локация проект
задачи обязанности условия что делаем делать домен клиент заказчик предметка кандидат контакт куда откликнуться обязательны количество
position role level grade stack tech skills requirements required responsibilities conditions rate budget salary price duration start
employment format location project tasks duties client customer domain candidate contact headcount must nice have wanted looking needed need
seeking hiring opening vacancy opportunity job request new about what where with
нужен нужна нужны нужно требуется требуются ищем ищу ищет разыскивается вакантен подбираем возьмем ищется хотим открыта открыт запрос
заявка потребность заказ поиск поиске ищите свободен свободна свободны освободился освободилась доступен доступна предлагаем предлагаю
available free hire bench бенч
коллеги привет всем добрый доброго день вечер утро вторник друзья партнеры срочно горит внимание актуально снова опять повтор повторяю
напоминаю напомню ещё неделя недели недель неделю раз просто поиск сейчас сегодня завтра вчера сразу скоро месяц месяца месяцев мес год
года лет пятница среда четверг понедельник суббота воскресенье пятницы среды четверга понедельника вторника января февраля марта апреля мая
июня июля августа сентября октября ноября декабря весна лето осень зима нг конец конца середина половина дедлайн
ждем сдвинули продлили продлен продление дальше ранее минимум максимум около примерно ориентир
monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december
day days week weeks month months year years hour hours next end asap now soon again still more extension possible term long
человек человека люди место мест места два две двух двое три трех второй второе второго последний последнего остался осталось остались
остальное взяли вышел вышла закрыт закрыли закрыто filled seat seats left remaining taken pair one two three
час часа часов ч рублей руб торг торга обсуждается обсудим обсуждаем поднимаем подняли снизили уже net gross ндс договор ип сз гпх
удаленно удаленка удаленка удаленный remote fully полная полной полный частичная фуллтайм full time part парттайм
офис гибрид hybrid рф россия рб снг мск любая любой часовой пояс созвон созвоны
готов готова готовы выход выйти отпускаем показать собес интервью интервью тестовое тестового фидбек офферный решение
резюме присылайте отправлять писать пишите сюда лс личку личка лично связь звоните бот анкета почта тг отклик отклики
please send cv cvs resume reply here dm ping apply team
опыт опыта опытом experience сильный хороший знание понимание уверенный работа работать разработчик разработчика разработка разработки
специалист инженер инженера программист engineer developer specialist middle senior junior мидл сеньор синьор джун сеньора
обновление upd повторно репост дубль update обновили изменения изменилась ок можно рассматриваем рассматривать подать шанс
здравствуйте господа ребята гайз чат hi hello hey everyone folks dear
команда команды команду команде руки руками потом надо вместо почему меня мне хочу говорят говорю отвечаю людей люди вопрос вопросы ит вот чего
хотя перед тот другой другие пять шесть четыре восемь девять десять двадцать тысяча тысяч млн пока рядом чуть каждый каждое каждую никто себя
себе того этого этому этом этот эта эти быстро новый новая новое новые выше нибудь норма зато режим даже может лучше могу очень много сказал
спасибо уважаемые назад кроме обычно одну одной либо иногда зачем год году числа ну том ему раньше время временно больше меньше чаще
первый первого первая третий третьего штат контракт контракта контракту русский гражданство гражданин самозанятый оформление ресурс ресурсы вендор подрядчик
пост посту подниму поднимаю апну бамп желательно желание предпочтительно приоритетно немного базово знать знает умеет уметь
согласование согласовании оба обе часть целиком дома дом дней дня сутки вариант варианты спешите торопитесь видел видели шучу ура
only ok but first before don call open off like them own bit last also would am re now reach part-time load work working people years yrs
prefer preferred plus good small found anyone guy guys notice real russian english code company client partner partners vendor agency
мидл мидла мидлы джуна джуны лид лида lead mid junior's сверху тк сб nda vat hr
опытный опытная занимаемся заниматься предстоит ожидаем автоматизирует бывших ждут подключиться присоединиться усиливаем усиление
tg тг дев разраб разраба средний старший ведущий шт чел нед недели приоритет
"""


def _stem(word: str) -> str:
    """«школа» and «школу» are one."""
    if len(word) > _STEM:
        return word[:_STEM]
    bare = _ENDING.sub("", word)
    return bare if len(bare) >= _SHORTEST else word


NEUTRAL = frozenset(_stem(word) for word in fold(_NEUTRAL).split())


@lru_cache(maxsize=20_000)
def content_words(text: str) -> frozenset[str]:
    """Stems of the words that tell a need or a person: no technologies, professions, contacts, money, neutral words."""
    folded = list(text)
    taxonomy = Taxonomy.default()
    for named in (*taxonomy.find(text), *taxonomy.find_roles(text)):
        folded[named.start : named.end] = " " * (named.end - named.start)
    kept = fold("".join(folded))
    for pattern in (_ADDRESS, _NAMED_FIRM, _SPEAKER, _CONTACT, _NOISE):
        kept = pattern.sub(" ", kept)
    return frozenset(
        stem for word in _WORD.findall(kept) if not word.isdigit() and (stem := _stem(word)) not in NEUTRAL
    )


_PROFESSIONS = {
    "developer": r"разработчик\w*|программист\w*|разраб\w*|developer\w*|\bдев\b|\bdev\b|инженер\w*|engineer\w*|\w+дев\b",
    "analyst": r"аналитик\w*|analyst\w*|методолог\w*",
    "consultant": r"консультант\w*|consultant\w*",
    "tester": r"тестировщик\w*|автотестировщик\w*|автоматизатор\w*|\bqa\b|\baqa\b|tester\w*|тестировани\w+|пентестер\w*|нагрузочник\w*",
    "admin": r"администратор\w*|админ\b|админа\b|administrator\w*|сисадмин\w*|\bdba\b",
    "architect": r"архитектор\w*|architect\w*",
    "designer": r"дизайнер\w*|designer\w*|художник\w*|artist\w*",
    "manager": r"менеджер\w* проект\w*|руководител\w+ проект\w*|\bрп\b|project manager\w*|scrum-мастер\w*|продакт\w*|product manager\w*",
    "lead": r"тимлид\w*|техлид\w*|team lead\w*|tech lead\w*",
}
_PROFESSION = {name: re.compile(rf"\b(?:{pattern})") for name, pattern in _PROFESSIONS.items()}


@lru_cache(maxsize=20_000)
def professions(text: str) -> frozenset[str]:
    """What people of the text do, coarsely: a 1C programmer is no 1C analyst, though both have one role."""
    folded = fold(text)
    return frozenset(name for name, pattern in _PROFESSION.items() if pattern.search(folded))
