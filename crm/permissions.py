"""Who may do what: the whole matrix on one screen. What is not granted is denied."""

from enum import StrEnum

from crm.actors import Actor
from crm.errors import Forbidden
from db.models import Role


class Permission(StrEnum):
    LISTING_SEE = "listing:see"
    SUBSCRIPTION_WRITE = "subscription:write"
    SETTINGS_WRITE = "settings:write"
    LEAD_TAKE = "lead:take"
    LABEL_WRITE = "label:write"
    RECIPIENT_WRITE = "recipient:write"
    USER_INVITE = "user:invite"
    USER_REMOVE = "user:remove"
    SOURCE_SEE = "source:see"
    SOURCE_WRITE = "source:write"
    INSTALLATION = "installation"


VIEWER = {Permission.LISTING_SEE, Permission.SETTINGS_WRITE, Permission.SUBSCRIPTION_WRITE, Permission.SOURCE_SEE}
MANAGER = VIEWER | {Permission.LEAD_TAKE, Permission.LABEL_WRITE, Permission.RECIPIENT_WRITE}
ADMIN = MANAGER | {Permission.USER_INVITE, Permission.USER_REMOVE, Permission.SOURCE_WRITE}
GRANTED: dict[Role, set[Permission]] = {Role.VIEWER: VIEWER, Role.MANAGER: MANAGER, Role.ADMIN: ADMIN}
OPERATOR = {Permission.INSTALLATION, Permission.SOURCE_SEE, Permission.SOURCE_WRITE}


def may(actor: Actor, permission: Permission) -> bool:
    return permission in GRANTED[actor.role] or (actor.is_operator and permission in OPERATOR)


def require(actor: Actor, permission: Permission) -> None:
    """Raises Forbidden."""
    if not may(actor, permission):
        raise Forbidden(permission=permission)
