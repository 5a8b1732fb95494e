"""Wordings by which a post shows what it is: a need, an offer, a change of state, or none of them.

Each sign is a pattern over folded text (see `language.normalise.fold`). How often it is met is a feature of the
classifier; no sign decides alone.
"""

import re


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives))


SIGNS: dict[str, re.Pattern[str]] = {
    "need": _any(
        r"\b(?:нуж(?:ен|на|но|ны)|надо|требу(?:ется|ются|ем)|ищ(?:у|ем|ет)|подыскива\w+|разыскива\w+|приглаша\w+)\b",
        r"\b(?:потребност\w+|запрос\w*|заявк\w+|ваканси\w+|открыт\w* позици\w+|набира\w+|нанима\w+|расширя\w+)\b",
        r"\b(?:looking for|we need|need(?:ed|s)?|wanted|hiring|required|vacancy|open (?:position|role)s?|we are seeking)\b",
    ),
    "who_has": _any(
        r"\b(?:у кого|есть у кого|кто (?:отдаст|даст|знает|готов|может|возьм|шарит|свободен)|есть кто|найдется)\b",
        r"\b(?:подкиньте|посоветуйте|порекомендуйте|поделитесь|дайте|кидайте|присылайте|скидывайте|шлите)\b",
        r"\b(?:anyone|anybody|who has|send (?:me )?(?:your )?cvs?|dm me|ping me)\b",
    ),
    "offered": _any(
        r"\b(?:свобод(?:ен|на|ны|ные|ный|ных)|освобо\w+|доступ(?:ен|на|ны)|предлага\w+|предложу|готов\w* (?:к выходу|выйти))\b",
        r"\b(?:бенч\w*|на скамейке|ищ(?:ет|ут|ем)? проект\w*|пристраива\w+|отда(?:м|ем|дим)|выведем|возьмите|забирайте)\b",
        r"\b(?:bench|available|roll(?:s|ed|ing)? off|free from|we offer|offering|open to (?:work|offers|projects))\b",
    ),
    "seeks_job": _any(
        r"\b(?:ищу (?:работу|проект\w*|место|подработк\w+|заказ\w*|позици\w+|команду)|рассмотрю|рассматриваю|мое резюме)\b",
        r"#(?:резюме|ищуработу|ищу_работу|cv|opentowork|lookingforjob)\b",
        r"\b(?:беру(?:сь)? (?:проект\w*|заказ\w*)|возьмусь|меня зовут|мой стек|мой опыт|о себе|портфолио|cv во вложении)\b",
        r"\b(?:i am|i'm|my name is|my stack|looking for (?:a )?(?:job|work|project|position|contract|role|opportunit\w+))\b",
    ),
    "closed": _any(
        r"\b(?:закры(?:т|та|то|ты|л|ли|лась|лось|лся|лись|ваем)|закрылся|неактуальн\w+|не актуальн\w+|отмен\w+|сня(?:т|та|то|ты|ли)|отбой)\b",
        r"\b(?:нашли|нашел(?:ся)?|нашлась|нашлись|вышел на проект|выбыл\w*|занят[аы]?|заняли|отозван\w*|выкупил\w*|уже не ищу|стоп)\b",
        r"\b(?:closed|filled|cancel?led|withdrawn|withdrew|no longer|taken|accepted an offer)\b",
        r"[❌⛔🚫]",
    ),
    "paused": _any(
        r"\b(?:пауз\w+|на холд\w*|холд|заморо\w+|приостан\w+|в резерве|забронирован\w*|бронируется|ожидани\w+)\b",
        r"\b(?:on hold|hold|paused|reserved|frozen)\b",
        r"[⏸🟡]",
    ),
    "still_open": _any(
        r"\b(?:актуальн\w+ (?:позици|запрос|номер|id|на)\w*|остаются|остались открыт\w*|все еще (?:открыт|актуальн|ищем)\w*)\b",
        r"\b(?:в работе (?:сейчас|остались)|снова (?:открыт|актуал|в работе)\w*|переоткры\w+|возобнов\w+|разморо\w+)\b",
        r"\b(?:still open|reopened|back (?:on|open)|open again|active ids?)\b",
    ),
    "correction": _any(
        r"\b(?:апдейт|обновлени\w+ по|поправка|исправлени\w+|уточнени\w+ по|ставк\w+ (?:подня\w+|снизил\w+|измен\w+)|теперь до)\b",
        r"\b(?:upd|update on|correction)\b",
    ),
    "training": _any(
        r"\b(?:курс\w*|вебинар\w*|мастер-?класс\w*|лекци\w+|интенсив\w*|буткемп\w*|обучени\w+|школ[аеуы]|наставник\w*|ментор\w*)\b",
        r"\b(?:марафон\w*|чек-?лист\w*|гайд\w*|шпаргалк\w+|промокод\w*|с нуля|в подарок|скидк\w+|бесплатн\w+ (?:урок|доступ)\w*)\b",
        r"\b(?:course|webinar|bootcamp|mentor(?:ing|ship)?|discount|promo code|free guide|ebook|enrol\w*)\b",
    ),
    "event": _any(
        r"\b(?:митап\w*|конференци\w+|хакатон\w*|регистраци\w+|билет\w*|спикер\w*|доклад\w*|трансляци\w+|подкаст\w*)\b",
        r"\b(?:meetup|conference|hackathon|speakers?|tickets?|livestream|podcast|register)\b",
    ),
    "channel": _any(
        r"\b(?:подпис\w+|канал\w*|лайк\w*|репост\w*|реклам\w+|розыгрыш\w*|опрос\w*|голосу\w+|статья|статью|статьи|читайте|читать)\b",
        r"\b(?:пишите в комментар\w+|в комментариях|ваше мнение|как считаете|обсуд\w+|делитесь опытом)\b",
        r"\b(?:subscribe|channel|giveaway|newsletter|read more|comments?|survey|poll|article|report)\b",
    ),
    "market": _any(
        r"\b(?:исследовани\w+|медиан\w+|аналитик\w+ рынк\w+|обзор\w*|индекс\w*|статистик\w+|зарплат\w+ (?:вырос|упа)\w+|вырос\w+ на|по данным)\b",
        r"\b(?:рынок|рынка|рынке|тренд\w*|прогноз\w*|эксперт\w*|отчет\w*)\b",
        r"\b(?:median|year over year|index|market|trend\w*|according to|forecast)\b",
    ),
    "easy_money": _any(
        r"\b(?:заработ\w+|доход\w*|пассивн\w+|крипт\w+|арбитраж\w*|инвест\w+|вложени\w+|без опыта|выплат\w+|казино|ставки на спорт)\b",
        r"\b(?:passive income|earn|crypto signals|invest\w*|no experience)\b",
    ),
    "agency": _any(
        r"\b(?:закроем ваш\w*|подберем|наши услуги|наша компания предоставляет|оставьте заявку|консультаци\w+|под ключ|кейс\w*|более \d+ специалист\w*)\b",
        r"\b(?:разработаем|разработка сайтов|сотрудничеств\w+ с|партнерск\w+ программ\w*|наших клиентов|факторинг|бухгалтер\w+)\b",
        r"\b(?:our services|we build|book a (?:call|demo)|free consultation|case study|get a quote)\b",
    ),
    "other_job": _any(
        r"\b(?:курьер\w*|водител\w+|продав\w+|менеджер\w* по продаж\w+|бухгалтер\w*|рекрутер\w*|hr\b|эйчар\w*|маркетолог\w*|smm\w*|таргетолог\w*)",
        r"\b(?:грузчик\w*|оператор\w* (?:колл|call)\w*|копирайтер\w*|юрист\w*|повар\w*|официант\w*|репетитор\w*|сейлз\w*|ресечер\w*|сорсер\w*)\b",
        r"\b(?:sales manager|recruiter|accountant|driver|courier|copywriter|marketer)\b",
    ),
    "terms": _any(
        r"\b(?:рейт\w*|ставк\w+|вилк\w+|оклад\w*|зп|з/п|зарплат\w+|оплат\w+|бюджет\w*|ндс|гросс|на руки|ожидани\w+ по)\b",
        r"\b(?:rate|salary|gross|net|budget|per hour|compensation)\b",
    ),
    "staffing": _any(
        r"\b(?:аутстаф\w*|аутсорс\w*|субподряд\w*|подряд\w*|на проект\w*|проект заказчика|заказчик\w*|партнер\w*|вендор\w*|юрлиц\w*|без ндс|с ндс)\b",
        r"\b(?:outstaff\w*|outsourc\w*|staff augmentation|contractors?|b2b|vendors?|partners?|client'?s?)\b",
    ),
    "employment": _any(
        r"\b(?:в штат\w*|тк рф|по тк|дмс|оклад\w*|оформлени\w+ по|трудоустройств\w+|официальн\w+|отпуск\w*|испытательн\w+|в команду|наш\w* продукт\w*)\b",
        r"\b(?:full-?time|in-?house|permanent|relocation|equity|our team|join us|benefits|employment)\b",
    ),
    "one_off": _any(
        r"\b(?:фриланс\w*|разов\w+|доработ\w+|подработк\w+|за проект|за задачу|заказ\w*|сделать|починить|поправить|настроить|написать бот\w*|лендинг\w*)\b",
        r"\b(?:freelanc\w*|one-?off|side project|part-?time|gig|fixed price)\b",
    ),
    "own years": re.compile(
        r"(?<!от )(?<!over )(?<!более )\b(?:\d{1,2}|год|два|три|четыре|пять|шесть|семь|восемь|девять|десять)\+?\s?"
        r"(?:лет|год\w?|years?|yrs?|yoe)\b(?! опыта от)"
    ),
    "asked years": re.compile(
        r"\b(?:от|более|не менее|минимум|over|at least)\s\d{1,2}[- ]?(?:х|х-|ти)?\s?(?:лет|год\w*|years?)|\d\+ years"
    ),
    "I": re.compile(
        r"\b(?:я|мне|мой|моя|мои|моих|моего|меня|умею|делаю|пишу|работал[аи]?|работаю|беру|берусь|возьмусь|могу|помогу|"
        r"занимаюсь|люблю|ухожу|настраиваю|собираю|живу|готова?|i|my|i've|i'm|me)\b"
    ),
    "we": re.compile(r"\b(?:мы|наш[а-я]{0,3}|нам|нас|we|our|us)\b"),
    "he": re.compile(
        r"\b(?:умеет|знает|пишет|руководил[аи]?|вел[аи]?|делал[аи]?|просит|просится|готов[аы]?|выходит|выйдет|живет|освоил[аи]?|"
        r"тимлидил[аи]?|говорит|может|он|она|его|ее|имеет|отдаем|he|she|knows|speaks|led|has)\b"
    ),
    "out soon": re.compile(
        r"\b(?:выход\w* (?:с|через|по|в|за|сразу|\d)|выйдет|выход:|с понедельника|доступен|доступна|свободен с|сразу|через неделю|"
        r"available (?:from|now|immediately)|immediately|notice|rolling off|парт-?тайм|загрузка)\b"
    ),
    "someone there": re.compile(
        r"\b(?:есть|имеется|остался|остались|появился|наш[аи]?|have|has|our) (?:один|одна|два|две|пара|человек|специалист\w*|разработчик\w*|"
        r"сен\w+|синь\w+|мидл\w*|джун\w*|middle|senior|лид|команда|свободн\w+|ребята|крут\w+|отличн\w+|сильн\w+|engineer\w*|dev\w*)\b"
    ),
    "is there?": re.compile(r"\b(?:есть|найдется|остал\w+|свободен|anyone|got|have)\b[^.!\n]{0,60}\?"),
    "conditions of hiring": re.compile(
        r"\b(?:плач\w+|заплачу|оплачиваем|бюджет\w*|готовы (?:платить|предложить|рассмотреть)|тестовое|собес\w*|интервью|дедлайн\w*|"
        r"кандидат\w*|проверка сб|просит|хочет|хочу|сб\b|гражданство|скрининг|обсудим|interview|candidates?|deadline|сроки?|продлени\w+|"
        r"длительность|старт|на \d+ мес\w*|duration|start)\b"
    ),
    "task": re.compile(
        r"(?:^|[.!?\n:]\s*|\b(?:надо|нужно|требуется|need to|to) )(?:[а-я]{3,}(?:ить|ать|ять|еть|ести|нуть|оть)|fix|build|make|set up|migrate|write)\b"
    ),
    "state talk": re.compile(
        r"\b(?:по (?:запрос|ваканси|позици|кандидат|потребност)\w*|статус\w*|обратн\w+ связ\w+|карточк\w+|прежн\w+|исходн\w+|то же|те же|"
        r"больше не|уже не|снова|опять|пока|сдвину\w+|перенос\w*|перенесен\w*|передумал\w*|возвраща\w+|отклик\w+ сохран\w*|спасибо всем|всем спасибо|"
        r"всем, кто|thanks? (?:everyone|all|to)|same terms|original (?:post|message)|резюме (?:убираю|снимаю)|убираю|снимаю|accepted|подписал\w*)\b"
    ),
    "contact": _any(
        r"@\w{4,}", r"\b(?:в лс|в личк\w+|в личные|пишите|контакт\w*|отклик\w*|резюме на|direct message|dm)\b"
    ),
    "question": _any(r"\?"),
    "listed": re.compile(r"(?m)^\s*(?:[-–—•▪▫◾*✅🔹🔸➡👉📌✔+]|\d{1,2}[.)])\s*\S"),
    "numbered_id": _any(r"\b(?:id|ид|№|#)\s?:?\s?[a-zа-я]{0,3}-?\d{2,}", r"\b\d{4,6}\b"),
}

FORWARDED = re.compile(
    r"^\s*(?:\*{0,2}(?:переслано|переслал\w*|репост|форвард|forwarded|fwd)\b[^\n]{0,120}\n+)+", re.IGNORECASE
)
"""The header some clients put above a forwarded post."""
