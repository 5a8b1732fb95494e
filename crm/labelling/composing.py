"""What a listing says, given all the posts it was seen in."""

from collections.abc import Sequence
from datetime import datetime

from crm.labelling.sightings import Group, Sighting
from db.models import Listing
from language.kinds import Engagement, Kind, ListingState


def new_listing(sighting: Sighting) -> Group:
    """A listing seen for the first time."""
    listing = Listing(
        company_id=sighting.appearance.company_id,
        kind=sighting.kind,
        telling=1,
        state=ListingState.OPEN,
        peak_hourly=None,
    )
    group = Group(listing, [sighting])
    compose(group)
    return group


def compose(group: Group) -> None:
    """Write on the listing what its sightings say together. A listing without any keeps its last words."""
    if not group.sightings:
        return
    listing, seen = group.listing, sorted(group.sightings, key=_order)
    alive = [sighting for sighting in seen if sighting.post_deleted_at is None] or seen
    leading = _latest_word_of_first_poster(alive)
    # What the leading post does not say is taken from the others.
    said = [leading.item, *(sighting.item for sighting in alive)]
    listing.kind = leading.kind
    listing.role = leading.item.role or None
    listing.core = list(leading.item.core)
    listing.extra = list(leading.item.extra)
    listing.grades = next(([str(grade) for grade in item.grades] for item in said if item.grades), [])
    listing.count = leading.item.count
    listing.location = next((item.location for item in said if item.location), None)
    listing.remote = next((str(item.remote) for item in said if item.remote), None)
    listing.engagement = next(
        (
            sighting.appearance.engagement
            for sighting in [leading, *alive]
            if sighting.appearance.engagement is not Engagement.UNKNOWN
        ),
        Engagement.UNKNOWN,
    )
    listing.request_id = next((s.appearance.request_id for s in [leading, *alive] if s.appearance.request_id), None)
    listing.direct_client = any(sighting.appearance.direct_client for sighting in alive)
    listing.confidence = max(sighting.appearance.confidence for sighting in alive)
    listing.is_unsure = all(sighting.appearance.is_unsure for sighting in alive)
    listing.first_post_id = seen[0].appearance.post_id
    listing.first_seen_at = seen[0].appearance.seen_at
    listing.last_seen_at = seen[-1].appearance.seen_at
    if leading.shingle_text != listing.shingle_text:
        listing.shingle_text, listing.bands = leading.shingle_text, leading.bands
    _compose_rate(listing, alive)


def _order(sighting: Sighting) -> tuple[datetime, int]:
    return sighting.appearance.seen_at, sighting.appearance.post_id


def _latest_word_of_first_poster(seen: Sequence[Sighting]) -> Sighting:
    first = seen[0].appearance.source_id
    return next(sighting for sighting in reversed(seen) if sighting.appearance.source_id == first)


def _compose_rate(listing: Listing, alive: Sequence[Sighting]) -> None:
    """The best rate of all posters: the highest for a request, the lowest for an offer. A poster's last word counts."""
    last_words = {(sighting.appearance.source_id, sighting.appearance.contact): sighting for sighting in alive}
    rated = [sighting for sighting in last_words.values() if sighting.item.rate is not None]
    best = max(rated, key=lambda sighting: _worth(sighting, listing.kind), default=None)
    rate = None if best is None else best.item.rate
    listing.rate_min, listing.rate_max = (None, None) if rate is None else (rate.min, rate.max)
    listing.rate_currency, listing.rate_period = (None, None) if rate is None else (rate.currency, rate.period)
    listing.hourly_min, listing.hourly_max = (None, None) if best is None else best.hourly
    best_hourly = None if best is None else best.best_hourly
    if best_hourly is not None:
        listing.peak_hourly = max(listing.peak_hourly or 0, best_hourly)


def _worth(sighting: Sighting, kind: Kind) -> tuple[bool, int]:
    """Comparable ones first."""
    hourly = sighting.best_hourly
    if hourly is None:
        return False, 0
    return True, hourly if kind is Kind.REQUEST else -hourly
