"""What an update says of earlier requests and people: which are closed, paused or open again, by number or in words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from language import states
from language.grades import find_grades, grades_of
from language.kinds import Grade, ListingState
from language.neutral_words import content_words
from language.normalise import fold, tokens
from language.prediction import StateChange
from language.states import Said, Word
from language.taxonomy import Taxonomy

_ORDER = list(Grade)
_NUMBER = re.compile(
    r"(?<![\w.,:+@/$€₽*-])(?:(?:[a-zа-я]{1,5}-|[a-zа-я]{1,3})\d{1,6}(?:-\d{1,4})?|\d{1,5}[-/]\d{1,5}|\d{1,5}[-/](?:[a-zа-я]{1,2}[-/])?\d{1,4}|"
    r"\d{1,4}/[a-zа-я]{1,2}|\d{2,7}(?:-[a-zа-я]{1,2})?|(?:(?<=\bid )|(?<=\bид )|(?<=#)|(?<=№))\d)(?![\w:%$€₽]|[.,]\d|-(?:го|е|й|м|х|му)\b|/\d| ?[-–] ?\d{3}"
    r"| ?(?:₽|руб|р\b|р/|час|\$|€|к\b|тыс|человек|чел\b|лет\b|год|мес|дн|недел|процент|шт|резюме|кандидат(?:а|ов)\b|откликн|наймов|мест|хв|usd|eur|rub|h\b|/h|people|days?\b|weeks?\b|years?\b|cvs?\b))"
)
_NOT_NUMBERS = re.compile(r"(?:\b(?:до|до|к|от|с|на|за|в|около|итого|уже|after|until|by|at|since|for|in)|[-+~≈→])\s$")
_HEAD = re.compile(
    r"(?:^|[\n.!;]\s*)[^\w\n]*(?:[^\n:]{0,40}?\b)?(?:актуальн\w*|актуал\w*|открыт\w*|жив[аоыей]{0,2}\b|живо\w*|в работе|активн\w*|действу\w+|остал\w+|"
    r"остают\w+|в поиске|ищем сейчас|не закрыл\w*|не закрыт\w*|open|active|live|current\w*)[^\n:]{0,40}?(?::|—|–|\n|=)"
)
_REST_CLOSED = re.compile(
    r"вс[её] остальн\w+[^\n.]{0,20}(?:закры|неактуал|не актуал|снят|отмен)\w*|(?:все )?остальн\w+ (?:\w+ )?(?:закры|неактуал|не актуал|снят)\w*|"
    r"остальн\w+ (?:\w+ )?в архив\w*|чего (?:в списке )?нет[^\n.]{0,20}(?:закры|неактуал|снят)\w*|кого нет в списке|чего нет|(?:everything|all|anything) (?:else|not listed)[^\n.]{0,20}closed|"
    r"(?:the )?(?:rest|others) (?:is|are) (?:closed|filled|gone)|не в списке[^\n.]{0,12}(?:закры|неактуал)\w*"
)
_ANEW = re.compile(r"\b(?:снова|опять|вновь|again|reopen\w*|re-open\w*|переоткр\w+|возобнов\w+)")
_ALL = re.compile(
    r"\b(?:все|всё|всех|всем|оба|обе|обоих|все наши|all|both|whole|весь|целиком|команд\w+)\b(?! ещ| равно|м спасибо| спасибо|м\b)"
)
_REPLACED = re.compile(
    r"\b(?:взамен|вместо|заменяет|замена|replaces|replacing|instead of|в замену)\s+(?:старого|прежнего|закрытого|old)?\s*(?:запроса|потребности|заявки|позиции|request|ref)?\s*"
    r"(?:id|№|#|ид)?\s*:?\s*((?:[a-zа-я]{1,5}-?)?\d{1,6}(?:[-/]\d{1,5})?)(?!\s*(?:₽|руб|\$|€|к\b|р\b|[.,]?\d|%))"
)
_SENTENCE = re.compile(r"\n+|(?<=[.!?;])\s+")
_ASIDE = re.compile(r"\([^()\d]*\)")
_WORDS = frozenset(
    "спаси парти рынке рынка рынок проек проект заказ бюдже больш присы нашли закры пауза холд канди финал оффер кажды удачи "
    "потре запро заявк позиц вакан резюм номер наши извин верне верну согла ждем вроде пока поздр подпи прест берет берем".split()
)


@dataclass(frozen=True)
class _Target:
    """A number or something named, at its place of the folded text."""

    start: int
    end: int
    number: str | None = None


def state_changes(text: str, taxonomy: Taxonomy) -> list[StateChange]:
    """In the order of the text; one without a target where a state is said of what the post answers."""
    folded = states.without_hearsay(_without_asides(fold(text)))
    if states.is_of_others(folded):
        return []
    listed = _whole_list(folded)
    if listed is not None:
        return [listed]
    if states.is_partly(folded):
        return []
    found: list[StateChange] = []
    waiting: list[str] = []
    heading: Word | None = None
    for sentence in _sentences(folded):
        if states.is_no_news(sentence):
            continue
        said = states.words(sentence)
        targets = _targets(sentence, taxonomy)
        numbers = tuple(dict.fromkeys(target.number for target in targets if target.number))
        if not said:
            if heading is not None and numbers:
                found.append(StateChange(heading.said.state, numbers))
            else:
                waiting += numbers
            continue
        if not targets and sentence.rstrip().endswith(":"):
            heading = said[0]
            continue
        heading = None
        changes = _of_sentence(sentence, said, targets, taxonomy)
        if waiting and not targets and changes:
            changes = [StateChange(changes[0].state, tuple(dict.fromkeys(waiting)))]
        waiting = []
        found += changes
    return _joined(found)


def replaced_ids(text: str) -> tuple[str, ...]:
    """Numbers of requests that a new one replaces: «взамен 7307», "replaces RD-511"."""
    return tuple(dict.fromkeys(found[1].upper() for found in _REPLACED.finditer(fold(text))))


def is_about_states(text: str, taxonomy: Taxonomy) -> bool:
    """Whether a text can be an update: it speaks of numbers or states, and describes no position."""
    folded = fold(text)
    if len(folded) > 300 or not (states.words(folded) or states.is_partly(folded)):
        return False
    return len(taxonomy.find(text)) <= 1 and (bool(_numbers(folded)) or len(folded) < 120)


def describes_position(text: str, taxonomy: Taxonomy) -> bool:
    """Whether a text that says nothing of states names a profession or a stack and a grade: «№ 303 QA Middle, 1600»."""
    if states.words(fold(text)) or not find_grades(text):
        return False
    return bool(taxonomy.find(text) or taxonomy.find_roles(text, alone=True))


def _without_asides(folded: str) -> str:
    """«(заказчик заморозил направление)» is a reason, no news."""
    return _ASIDE.sub(lambda found: " " * len(found[0]) if "\n" not in found[0] else found[0], folded)


def _whole_list(folded: str) -> StateChange | None:
    """«Актуально: 311, 318»: what it leaves out is closed."""
    rest = _REST_CLOSED.search(folded)
    head = _HEAD.search(folded)
    if head is None and rest is None:
        return None
    if (
        head is not None
        and rest is None
        and (_ANEW.search(head[0]) or re.search(r"\b(?:не|кто|что-то)\s+(?:открыт|актуал)", head[0]))
    ):
        return None
    scope = folded[head.end() :] if head is not None else folded
    kept = [
        sentence
        for sentence in (_sentences(scope) if rest is None else _sentences(_REST_CLOSED.sub(" ", scope)))
        if sentence.strip()
    ]
    news = {word.said for sentence in kept for word in states.words(sentence)} - {Said.STILL}
    if news and rest is None:
        return None
    before = folded[: head.start()] if head is not None else ""
    if any(word.said is Said.CLOSED for word in states.words(before)) and rest is None:
        return None
    numbers = _numbers("\n".join(kept))
    if not numbers:
        return None
    return StateChange(ListingState.OPEN, tuple(numbers), is_whole_list=True)


def _sentences(folded: str) -> list[str]:
    return [sentence for sentence in _SENTENCE.split(folded) if sentence.strip()]


def _numbers(folded: str) -> list[str]:
    found = [
        hit[0].upper().strip("-/") for hit in _NUMBER.finditer(folded) if not _NOT_NUMBERS.search(folded[: hit.start()])
    ]
    return list(dict.fromkeys(found))


def _targets(sentence: str, taxonomy: Taxonomy) -> list[_Target]:
    targets = [
        _Target(hit.start(), hit.end(), hit[0].upper().strip("-/"))
        for hit in _NUMBER.finditer(sentence)
        if not _NOT_NUMBERS.search(sentence[: hit.start()])
    ]
    mentions = (*taxonomy.find(sentence), *taxonomy.find_roles(sentence, alone=True))
    named = [(mention.start, mention.end) for mention in mentions]
    named += [(found.start, found.end) for found in find_grades(sentence)]
    spans = [(target.start, target.end) for target in targets]
    targets += [
        _Target(start, end) for start, end in named if not any(first < end and start < last for first, last in spans)
    ]
    return sorted(targets, key=lambda target: target.start)


def _of_sentence(
    sentence: str, said: Sequence[Word], targets: Sequence[_Target], taxonomy: Taxonomy
) -> list[StateChange]:
    """Each state goes to what stands before it («311 закрыт»), or, where a state comes first, to what follows it."""
    found: list[StateChange] = []
    if not targets:
        first = said[0]
        if first.said is Said.STILL:
            return []
        return [_in_words(sentence, sentence, first, taxonomy, has_name=False)]
    is_before = targets[0].start < said[0].start
    groups: list[tuple[Word, list[_Target], str]] = []
    for number, word in enumerate(said):
        if is_before:
            start, end = (said[number - 1].end if number else 0), word.start
        else:
            start, end = word.end, said[number + 1].start if number + 1 < len(said) else len(sentence)
        inside = [target for target in targets if start <= target.start < end]
        if inside:
            groups.append((word, inside, sentence[start:end]))
    if is_before:
        rest = [target for target in targets if target.start >= said[-1].end and target.number]
        if rest and not groups:
            groups.append((said[-1], rest, sentence[said[-1].end :]))
    for word, inside, part in groups:
        numbers = tuple(dict.fromkeys(target.number for target in inside if target.number))
        if numbers:
            found.append(StateChange(word.said.state, numbers))
        elif word.said is not Said.STILL:
            found.append(_in_words(sentence, part, word, taxonomy, has_name=True))
    return found


def _in_words(sentence: str, part: str, word: Word, taxonomy: Taxonomy, *, has_name: bool) -> StateChange:
    roles = [mention.id for mention in taxonomy.find_roles(part, alone=True)]
    mentions = taxonomy.find(part)
    technologies = tuple(dict.fromkeys(mention.id for mention in mentions))
    modules = {word for mention in mentions for word in tokens(mention.words)[1:]}
    role = roles[0] if roles else (taxonomy.technologies[technologies[0]].role if technologies else None)
    grades = set(grades_of(part))
    said = _state_stems(sentence)
    return StateChange(
        word.said.state,
        role=role if has_name else None,
        core=technologies,
        grades=tuple(grade for grade in _ORDER if grade in grades),
        words=tuple(
            sorted(
                stem
                for stem in (content_words(part) | modules) - _WORDS - said
                if (len(stem) > 2 or stem.isascii()) and not stem[0].isdigit()
            )
        ),
        is_all=_ALL.search(sentence) is not None,
    )


def _state_stems(sentence: str) -> frozenset[str]:
    """Stems of the words that say the states themselves."""
    return frozenset(part[:5] for word in states.words(sentence) for part in sentence[word.start : word.end].split())


def _joined(found: list[StateChange]) -> list[StateChange]:
    """Numbers of one state that follow each other are one change; of what is said in words without a name, the first."""
    joined: list[StateChange] = []
    for change in found:
        last = joined[-1] if joined else None
        if last and last.state is change.state and last.request_ids and change.request_ids:
            joined[-1] = StateChange(last.state, tuple(dict.fromkeys((*last.request_ids, *change.request_ids))))
        elif change.request_ids or change.role or change.core or not joined:
            joined.append(change)
    return joined
