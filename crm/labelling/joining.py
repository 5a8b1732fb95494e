"""Which known listing a new sighting belongs to."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import TextClause, select, text

from crm.labelling.composing import compose, new_listing
from crm.labelling.likeness import WINDOW, likeness
from crm.labelling.sightings import Group, Sighting
from db.models import Appearance, Listing, Post
from db.session import SystemSession
from language.kinds import Kind

WINDOW_BY_ID = timedelta(days=180)
CANDIDATES = 50

ALIKE = """
    SELECT wanted.n, candidate.id
    FROM unnest(cast(:companies AS bigint[]), cast(:kinds AS text[]), cast(:roles AS text[]), cast(:bands AS text[]),
                cast(:seen AS timestamptz[]))
         WITH ORDINALITY AS wanted(company_id, kind, role, bands, seen_at, n)
    CROSS JOIN LATERAL (
        SELECT listing.id
        FROM listings listing
        WHERE listing.bands && cast(wanted.bands AS bigint[])
          AND listing.kind = wanted.kind AND listing.role = wanted.role
          AND listing.last_seen_at >= wanted.seen_at - cast(:near AS interval)
          AND listing.first_seen_at <= wanted.seen_at + cast(:near AS interval)
          AND listing.withdrawn_at IS NULL
          AND {world}
        ORDER BY listing.id DESC
        LIMIT :candidates) candidate
"""
IN_THE_MARKET = text(ALIKE.format(world="listing.company_id IS NULL"))
# These two are found by an index of private listings, so that most of the market is not searched twice.
IN_THE_COMPANY = text(ALIKE.format(world="listing.company_id = wanted.company_id"))
IN_ANY_COMPANY = text(ALIKE.format(world="listing.company_id IS NOT NULL"))

RETOLD = text("""
    SELECT wanted.n, candidate.id
    FROM unnest(cast(:sources AS bigint[]), cast(:kinds AS text[]), cast(:roles AS text[]),
                cast(:seen AS timestamptz[]))
         WITH ORDINALITY AS wanted(source_id, kind, role, seen_at, n)
    CROSS JOIN LATERAL (
        SELECT DISTINCT listing.id
        FROM (
            SELECT listing_id
            FROM appearances
            WHERE source_id = wanted.source_id
              AND seen_at BETWEEN wanted.seen_at - cast(:near AS interval) AND wanted.seen_at + cast(:near AS interval)
            ORDER BY seen_at DESC
            LIMIT :lately) seen
        JOIN listings listing ON listing.id = seen.listing_id
        WHERE listing.kind = wanted.kind AND listing.role = wanted.role AND listing.withdrawn_at IS NULL
        LIMIT :candidates) candidate
""")
"""A short retelling shares few words with the post that it repeats: its poster's latest ones are compared."""
RETOLD_WITHIN = timedelta(days=14)
LATELY = 200


@dataclass
class Listings:
    """The groups that a batch has to do with, saved ones and new ones."""

    groups: dict[int, Group] = field(default_factory=dict)
    """by id of the listing"""
    new: list[Group] = field(default_factory=list)

    async def load(self, session: SystemSession, ids: Iterable[int]) -> None:
        """Listings with all their sightings, those that went away too."""
        missing = set(ids) - self.groups.keys()
        if not missing:
            return
        for listing in await session.scalars(select(Listing).where(Listing.id.in_(missing))):
            self.groups[listing.id] = Group(listing)
        rows = await session.execute(
            select(Appearance, Post.author, Post.deleted_at)
            .join(Post, Post.id == Appearance.post_id)
            .where(Appearance.listing_id.in_(missing))
        )
        for appearance, author, deleted_at in rows:
            group = self.groups[appearance.listing_id]
            group.sightings.append(Sighting(appearance, group.listing.kind, author, deleted_at))
        for id_ in missing:
            self.groups[id_].before = self.groups[id_].look()

    async def join(
        self, session: SystemSession, sightings: Sequence[Sighting], gone: Mapping[int, Collection[Group]]
    ) -> dict[Sighting, Group]:
        """Put each sighting, oldest first, into the listing it is most like, or into a new one.

        `gone` are listings that went away with a post (by its id) and may come back with it.
        """
        candidates = await _candidates(session, sightings)
        await self.load(session, {id_ for ids in candidates.values() for id_ in ids})
        joined: dict[Sighting, Group] = {}
        for sighting in sightings:
            known = [self.groups[id_] for id_ in candidates[sighting]]
            came_back = gone.get(sighting.appearance.post_id, ())
            joined[sighting] = self._join_one(sighting, [*known, *came_back, *self.new])
        return joined

    def _join_one(self, sighting: Sighting, candidates: Collection[Group]) -> Group:
        score, best = max(
            ((likeness(sighting, group), group) for group in candidates), key=lambda pair: pair[0], default=(0.0, None)
        )
        if best is None or score == 0.0:
            group = new_listing(sighting)
            self.new.append(group)
            return group
        best.sightings.append(sighting)
        compose(best)
        return best


async def _candidates(session: SystemSession, sightings: Sequence[Sighting]) -> dict[Sighting, set[int]]:
    """Ids of listings that a sighting may belong to."""
    found: defaultdict[Sighting, set[int]] = defaultdict(set)
    for sighting, ids in (await _same_ids(session, sightings)).items():
        found[sighting] |= ids
    for sighting, ids in (await _alike(session, sightings)).items():
        found[sighting] |= ids
    for sighting, ids in (await _retold(session, sightings)).items():
        found[sighting] |= ids
    return found


async def across(session: SystemSession, sightings: Sequence[Sighting]) -> dict[Sighting, set[int]]:
    """Ids of listings on the other side of the fence that a sighting may show too."""
    found: defaultdict[Sighting, set[int]] = defaultdict(set)
    for sighting, ids in (await _same_ids(session, sightings, across=True)).items():
        found[sighting] |= ids
    for sighting, ids in (await _alike(session, sightings, across=True)).items():
        found[sighting] |= ids
    return found


async def _same_ids(
    session: SystemSession, sightings: Sequence[Sighting], *, across: bool = False
) -> dict[Sighting, set[int]]:
    numbered = [sighting for sighting in sightings if sighting.appearance.request_key is not None]
    if not numbered:
        return {}
    oldest = min(sighting.appearance.seen_at for sighting in numbered) - WINDOW_BY_ID
    rows = await session.execute(
        select(Appearance.request_key, Listing.kind, Listing.company_id, Listing.id)
        .join(Listing, Listing.id == Appearance.listing_id)
        .where(
            Appearance.request_key.in_({sighting.appearance.request_key for sighting in numbered}),
            Appearance.seen_at >= oldest,
            Listing.withdrawn_at.is_(None),
        )
    )
    by_id: defaultdict[tuple[str | None, Kind], list[tuple[int | None, int]]] = defaultdict(list)
    for key, kind, company_id, listing_id in rows:
        by_id[key, kind].append((company_id, listing_id))
    return {
        sighting: {
            listing_id
            for company_id, listing_id in by_id[sighting.appearance.request_key, sighting.kind]
            if _is_wanted(sighting.appearance.company_id, company_id, across)
        }
        for sighting in numbered
    }


def _is_wanted(company_id: int | None, other: int | None, across: bool) -> bool:
    return (company_id is None) != (other is None) if across else company_id == other


async def _alike(
    session: SystemSession, sightings: Sequence[Sighting], *, across: bool = False
) -> dict[Sighting, set[int]]:
    public = [sighting for sighting in sightings if sighting.appearance.company_id is None]
    private = [sighting for sighting in sightings if sighting.appearance.company_id is not None]
    of_public = await _alike_in(session, IN_ANY_COMPANY if across else IN_THE_MARKET, public)
    return of_public | await _alike_in(session, IN_THE_MARKET if across else IN_THE_COMPANY, private)


async def _alike_in(
    session: SystemSession, world: TextClause, sightings: Sequence[Sighting]
) -> dict[Sighting, set[int]]:
    if not sightings:
        return {}
    rows = await session.execute(
        world,
        {
            "companies": [sighting.appearance.company_id for sighting in sightings],
            "kinds": [sighting.kind.value for sighting in sightings],
            "roles": [sighting.item.role for sighting in sightings],
            "bands": ["{" + ",".join(map(str, sighting.bands)) + "}" for sighting in sightings],
            "seen": [sighting.appearance.seen_at for sighting in sightings],
            "near": WINDOW,
            "candidates": CANDIDATES,
        },
    )
    found: defaultdict[Sighting, set[int]] = defaultdict(set)
    for n, listing_id in rows:
        found[sightings[n - 1]].add(listing_id)
    return found


async def _retold(session: SystemSession, sightings: Sequence[Sighting]) -> dict[Sighting, set[int]]:
    if not sightings:
        return {}
    rows = await session.execute(
        RETOLD,
        {
            "sources": [sighting.appearance.source_id for sighting in sightings],
            "kinds": [sighting.kind.value for sighting in sightings],
            "roles": [sighting.item.role for sighting in sightings],
            "seen": [sighting.appearance.seen_at for sighting in sightings],
            "near": RETOLD_WITHIN,
            "lately": LATELY,
            "candidates": CANDIDATES,
        },
    )
    found: defaultdict[Sighting, set[int]] = defaultdict(set)
    for n, listing_id in rows:
        found[sightings[n - 1]].add(listing_id)
    return found
