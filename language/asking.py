"""Words by which a post asks for people, or offers them."""

import re

from language.kinds import Kind
from language.normalise import fold

_ASKS = re.compile(
    r"\b(?:нуж(?:ен|на|ны|но)|требу(?:ет|ют)ся|ищем|ищет|разыскива\w+|подбираем|подбираю|возьмем|хотим|looking for|we need|need(?:ed)?|wanted|hiring|"
    r"we seek|seeking an?|vacancy|ваканси\w+|потребност\w+|открыта позиция|кто-нибудь знает|ищется|is needed)\b"
)
_OFFERS = re.compile(
    r"\b(?:свобод(?:ен|на|ны)|освобо(?:дил|жда)\w+|вышел с проекта|вышла с проекта|предлага(?:ем|ю)|в аренду|бенч\w*|специалист недели|"
    r"(?:ищу|ищет|найти|возьму) (?:\w+ )?(?:проект|работу|заказы)\w*|готов(?:а|ы)? выйти|for hire|available|bench|напоминаю про|доступ(?:ен|на) с|"
    r"open to work|рассмотрю)\b|^\W*есть (?!задач|запрос|потребн|вакан|проект|у кого|кто|ли|нужда|позиц)"
)


def asks_or_offers(text: str) -> Kind | None:
    """REQUEST or OFFER where the words say it beyond doubt, else None."""
    folded = fold(text)
    asks, offers = _ASKS.search(folded) is not None, _OFFERS.search(folded) is not None
    if asks == offers:
        return None
    return Kind.REQUEST if asks else Kind.OFFER
