"""Every table. Import from here."""

from db.models.alert import Alert, AlertAttempt, AlertState, Bundle, Channel
from db.models.company import Address, AddressStop, Company, Invitation, Role, User
from db.models.installation import DialogState, Heartbeat, ModelVersion, VersionStatus
from db.models.listing import Appearance, Dismissal, Lead, Listing, ListingTechnology
from db.models.post import Arrival, Label, LabelSource, Post, PostRevision
from db.models.source import (
    ImportProgress,
    Source,
    SourceReader,
    SourceState,
    TelegramAccount,
    TelegramEntity,
    TelegramUpdateState,
)
from db.models.subscription import Rhythm, Subscription, SubscriptionRecipient

__all__ = [
    "Address",
    "AddressStop",
    "Alert",
    "AlertAttempt",
    "AlertState",
    "Appearance",
    "Arrival",
    "Bundle",
    "Channel",
    "Company",
    "DialogState",
    "Dismissal",
    "Heartbeat",
    "ImportProgress",
    "Invitation",
    "Label",
    "LabelSource",
    "Lead",
    "Listing",
    "ListingTechnology",
    "ModelVersion",
    "Post",
    "PostRevision",
    "Rhythm",
    "Role",
    "Source",
    "SourceReader",
    "SourceState",
    "Subscription",
    "SubscriptionRecipient",
    "TelegramAccount",
    "TelegramEntity",
    "TelegramUpdateState",
    "User",
    "VersionStatus",
]
