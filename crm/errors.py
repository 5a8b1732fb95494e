"""What the business may refuse.

CrmError
├── NotFound    no such thing, or not for your eyes
├── Forbidden   you may not do that
├── Conflict    the world has moved on (LeadAlreadyTaken, InvitationUsed, …)
└── Invalid     the input makes no sense (field says which)

An error carries a text key and parameters; each edge says it in its own way and language.
"""


class CrmError(Exception):
    key = "error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.key, params)
        self.params = params


class NotFound(CrmError):
    key = "error-not-found"


class Forbidden(CrmError):
    key = "error-forbidden"


class Conflict(CrmError):
    key = "error-conflict"


class Invalid(CrmError):
    key = "error-invalid"


class LeadAlreadyTaken(Conflict):
    key = "error-lead-already-taken"


class InvitationUsed(Conflict):
    key = "error-invitation-used"


class AlreadyMember(Conflict):
    key = "error-already-member"


class LinkExpired(Conflict):
    key = "error-link-expired"


class SourceKnown(Conflict):
    key = "error-source-known"


class NotALink(Invalid):
    key = "error-not-a-link"


class NotAnAddress(Invalid):
    key = "error-not-an-address"


class NotATimezone(Invalid):
    key = "error-not-a-timezone"


class ClosedNeedsAccount(Invalid):
    """A closed channel has no public preview."""

    key = "error-closed-needs-account"


class NoSuchInvitation(NotFound):
    """Mistyped, or withdrawn by a newer one."""

    key = "error-no-such-invitation"


class LastAdmin(Conflict):
    """A company keeps at least one admin."""

    key = "error-last-admin"


class LinkUsed(Conflict):
    key = "error-link-used"


class AddressTaken(Conflict):
    """Another person of the company gets e-mail there."""

    key = "error-address-taken"


class TooSoon(Conflict):
    """Asked again before `minutes` were over."""

    key = "error-too-soon"


class NameTaken(Conflict):
    key = "error-name-taken"


class TooManySubscriptions(Conflict):
    key = "error-too-many-subscriptions"


class WrongEncryptionKey(Invalid):
    """No key at all, or not the one that the secret was encrypted with."""

    key = "error-wrong-encryption-key"


class SignInFailed(Invalid):
    """Telegram did not let an account in; `reason` is code, password, phone, flood, …"""

    key = "error-sign-in-failed"


class NotAnExport(Invalid):
    """The file is no result.json of Telegram Desktop."""

    key = "error-not-an-export"


class ExportCut(Invalid):
    """The file ends in the middle or is damaged; what came before is stored."""

    key = "error-export-cut"


class ExportIsClosed(Invalid):
    """A closed chat's history belongs to a company, and none was named."""

    key = "error-export-is-closed"


class NoOlderVersion(Conflict):
    """No model was at work before the one that is."""

    key = "error-no-older-version"
