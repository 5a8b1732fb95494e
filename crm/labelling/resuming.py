"""A post is labelled again, after an edit or by another model: the same item keeps its listing."""

from collections.abc import Sequence

from crm.labelling.likeness import likeness
from crm.labelling.sightings import Group, Sighting
from language.near_duplicates import SAME_FROM, jaccard


def resume(new: Sequence[Sighting], old: Sequence[tuple[Sighting, Group]]) -> dict[Sighting, Group]:
    """Pairs each item with the listing of the item it was before, the surest first. What finds none is left out."""
    is_lone = len(new) == len(old) == 1
    pairs = sorted(
        (
            (_sameness(sighting, before, group, is_lone), sighting, before, group)
            for sighting in new
            for before, group in old
        ),
        key=lambda pair: -pair[0],
    )
    resumed: dict[Sighting, Group] = {}
    taken: set[Sighting] = set()
    for sameness, sighting, before, group in pairs:
        if sameness and sighting not in resumed and before not in taken:
            resumed[sighting] = group
            taken.add(before)
    return resumed


def _sameness(now: Sighting, before: Sighting, group: Group, is_lone: bool) -> float:
    if (others := group.without_post(now.appearance.post_id)) and not likeness(now, Group(group.listing, others)):
        return 0.0
    ids = {now.appearance.request_id, before.appearance.request_id} - {None}
    if len(ids) > 1:
        return 0.0
    if len(ids) == 1 and now.appearance.request_id == before.appearance.request_id:
        return 4.0
    if now.shingle_text == before.shingle_text:
        return 3.0 + (now.item.role == before.item.role)
    alike = jaccard(now.shingles, before.shingles)
    if now.item.role == before.item.role and not set(now.item.core).isdisjoint(before.item.core):
        return 2.0 + alike
    is_of_same_role = now.item.role == before.item.role
    if is_lone and (alike >= SAME_FROM or is_of_same_role):
        return 1.0
    return alike if alike >= SAME_FROM and is_of_same_role else 0.0
