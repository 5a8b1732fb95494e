"""What a post was found to say: the guide's label with confidences, shared by models, business and edges."""

from dataclasses import dataclass, field
from typing import Any

from language.kinds import Engagement, Grade, Kind, ListingState, Remote


@dataclass(frozen=True)
class Rate:
    """Money asked or offered, as written. A missing bound is open."""

    currency: str
    period: str
    """hour, day, month or project"""
    min: int | None = None
    max: int | None = None


@dataclass(frozen=True)
class Item:
    """One position asked, or one person offered."""

    role: str
    core: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    grades: tuple[Grade, ...] = ()
    count: int = 1
    rate: Rate | None = None
    location: str | None = None
    remote: Remote | None = None
    text: str = ""
    """the part of the post that speaks of it, headers that apply to all included"""
    contact: str | None = None
    request_id: str | None = None
    direct_client: bool = False
    role_confidence: float = 1.0
    core_confidence: float = 1.0
    grades_confidence: float = 1.0


@dataclass(frozen=True)
class StateChange:
    """What an update says of earlier listings: by their ids, by reply, or by a list of what is still open."""

    state: ListingState
    request_ids: tuple[str, ...] = ()
    is_whole_list: bool = False
    """the ids are all that is still open: what the poster's list leaves out is closed"""
    role: str | None = None
    """named in words where no id is given"""
    core: tuple[str, ...] = ()
    grades: tuple[Grade, ...] = ()
    words: tuple[str, ...] = ()
    """stems of other words that tell which one is meant: a person's name, a project"""
    is_all: bool = False
    """of all that fit, not of one"""


@dataclass(frozen=True)
class Reason:
    """Words of the text that weighed in a decision; positive speaks for it."""

    words: str
    weight: float


@dataclass(frozen=True)
class Prediction:
    kind: Kind
    kind_confidence: float
    engagement: Engagement | None
    engagement_confidence: float = 1.0
    abstain: bool = False
    """the kind is too unsure to act on without asking a person"""
    relevance: float = 1.0
    """calibrated probability that the post is a request or an offer; above a subscription's minimum it alerts"""
    items: tuple[Item, ...] = ()
    """of a request or offer; also guessed for an abstained post that may be one"""
    changes: tuple[StateChange, ...] = ()
    reasons: tuple[Reason, ...] = field(default=())
    unknown_words: float = 0.0
    """share of the post's words that the model never met: how strange the post is to it"""


def item_to_json(item: Item) -> dict[str, Any]:
    """The guide's item: absent where unsaid."""
    shown: dict[str, Any] = {
        "role": item.role,
        "core": list(item.core),
        "extra": list(item.extra),
        "grades": [str(grade) for grade in item.grades],
        "count": item.count,
    }
    if item.rate is not None:
        shown["rate"] = rate_to_json(item.rate)
    if item.location is not None:
        shown["location"] = item.location
    if item.remote is not None:
        shown["remote"] = str(item.remote)
    return shown


def rate_to_json(rate: Rate) -> dict[str, Any]:
    bounds = {"min": rate.min, "max": rate.max}
    return {name: value for name, value in bounds.items() if value is not None} | {
        "currency": rate.currency,
        "period": rate.period,
    }


def prediction_to_json(prediction: Prediction) -> dict[str, Any]:
    """One line of the guide's form, without id and text."""
    shown: dict[str, Any] = {
        "kind": str(prediction.kind),
        "engagement": None if prediction.engagement is None else str(prediction.engagement),
        "items": [item_to_json(item) for item in prediction.items],
        "confidence": {
            "kind": round(prediction.kind_confidence, 4),
            "engagement": round(prediction.engagement_confidence, 4),
            "items": [
                {
                    "role": round(item.role_confidence, 4),
                    "core": round(item.core_confidence, 4),
                    "grades": round(item.grades_confidence, 4),
                }
                for item in prediction.items
            ],
        },
        "reasons": [{"words": reason.words, "weight": round(reason.weight, 4)} for reason in prediction.reasons],
        "unknown_words": round(prediction.unknown_words, 4),
    }
    if prediction.abstain:
        shown["abstain"] = True
    return shown


def item_from_json(shown: dict[str, Any]) -> Item:
    """What `item_to_json` and the guide write; raises KeyError, TypeError or ValueError where it is not that."""
    return Item(
        role=shown["role"],
        core=tuple(shown["core"]),
        extra=tuple(shown.get("extra", ())),
        grades=tuple(Grade(grade) for grade in shown.get("grades", ())),
        count=int(shown.get("count", 1)),
        rate=rate_from_json(shown["rate"]) if shown.get("rate") else None,
        location=shown.get("location"),
        remote=Remote(shown["remote"]) if shown.get("remote") else None,
    )


def rate_from_json(shown: dict[str, Any]) -> Rate:
    return Rate(shown["currency"], shown["period"], shown.get("min"), shown.get("max"))


def change_to_json(change: StateChange) -> dict[str, Any]:
    return {
        "state": str(change.state),
        "request_ids": list(change.request_ids),
        "is_whole_list": change.is_whole_list,
        "role": change.role,
        "core": list(change.core),
        "grades": [str(grade) for grade in change.grades],
        "words": list(change.words),
        "is_all": change.is_all,
    }


def change_from_json(shown: dict[str, Any]) -> StateChange:
    return StateChange(
        state=ListingState(shown["state"]),
        request_ids=tuple(shown["request_ids"]),
        is_whole_list=shown["is_whole_list"],
        role=shown["role"],
        core=tuple(shown["core"]),
        grades=tuple(Grade(grade) for grade in shown["grades"]),
        words=tuple(shown["words"]),
        is_all=shown["is_all"],
    )
