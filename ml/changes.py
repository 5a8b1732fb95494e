"""What an update says of earlier listings: which are closed, paused or open again, by number or in words."""

from language import lists, state_words
from language.kinds import Grade, ListingState
from language.prediction import StateChange
from ml.reading import Reading
from ml.segmentation import inside

_ORDER = list(Grade)


def changes(reading: Reading) -> list[StateChange]:
    """The changes in the order of the text; at least one, of what the post answers, where a state is said."""
    folded = reading.folded
    if state_words.WHOLE_LIST.search(folded):
        ids = _ids(folded, 0, len(folded))
        if ids:
            return [StateChange(ListingState.OPEN, ids, is_whole_list=True)]
    found: list[StateChange] = []
    state: ListingState | None = None
    waiting: list[str] = []
    for start, end in _pieces(folded):
        piece = folded[start:end]
        said = state_words.state(piece)
        ids = _ids(folded, start, end)
        if said is not None:
            state = said
            ids = (*waiting, *ids)
            waiting = []
        if state is None:
            waiting += ids
            continue
        if ids:
            found.append(StateChange(state, ids))
        elif said is not None:
            named = _named(reading, start, end, said)
            if named is not None:
                found.append(named)
    if found:
        return _joined(found)
    overall = state or state_words.state(folded)
    if overall is None:
        return []
    in_words = _named(reading, 0, len(folded), overall)
    return [in_words if in_words is not None and not waiting else StateChange(overall, tuple(waiting))]


def _pieces(folded: str) -> list[tuple[int, int]]:
    pieces = []
    start = 0
    for found in lists.BETWEEN_CHANGES.finditer(folded):
        pieces.append((start, found.start()))
        start = found.end()
    pieces.append((start, len(folded)))
    return [(start, end) for start, end in pieces if folded[start:end].strip()]


def _ids(folded: str, start: int, end: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hit[0].upper().strip("-/") for hit in state_words.ID.finditer(folded, start, end)))


def _named(reading: Reading, start: int, end: int, state: ListingState) -> StateChange | None:
    """A change of what is named in words; None where nothing is."""
    span = [(start, end)]
    roles = [reading.roles[number].id for number in inside(reading.roles, span)]
    technologies = [reading.technologies[number].id for number in inside(reading.technologies, span)]
    grades = {grade for number in inside(reading.grades, span) for grade in reading.grades[number].grades}
    if not roles and not technologies:
        return None
    role = roles[0] if roles else reading.taxonomy.technologies[technologies[0]].role
    return StateChange(
        state,
        role=role,
        core=tuple(dict.fromkeys(technologies)),
        grades=tuple(grade for grade in _ORDER if grade in grades),
    )


def _joined(found: list[StateChange]) -> list[StateChange]:
    """Numbers of one state that follow each other are one change."""
    joined: list[StateChange] = []
    for change in found:
        last = joined[-1] if joined else None
        if last and last.state is change.state and last.request_ids and change.request_ids:
            joined[-1] = StateChange(last.state, tuple(dict.fromkeys((*last.request_ids, *change.request_ids))))
        else:
            joined.append(change)
    return joined
