"""What stops a source from being read, as the key of a text that says what to do."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from telethon import errors

from crm.errors import CrmError, SourceKnown
from db.models import SourceState


@dataclass(frozen=True)
class Problem:
    key: str
    detail: str = ""
    state: SourceState = SourceState.UNREADABLE
    retry_after: float = 0.0
    """seconds before which asking again is useless"""


class Unreadable(Exception):
    """The source cannot be read; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.key, problem.detail)
        self.problem = problem


class AccountLost(Exception):
    """Telegram does not let the account in any more; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.key, problem.detail)
        self.problem = problem


NETWORK_ERRORS = (OSError, TimeoutError, errors.ServerError, errors.TimedOutError)
ACCOUNT_ERRORS = (errors.UnauthorizedError, errors.AuthKeyError)

_KEYS: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((errors.UsernameNotOccupiedError, errors.UsernameInvalidError), "source-problem-unknown-name"),
    (
        (errors.InviteHashExpiredError, errors.InviteHashInvalidError, errors.InviteHashEmptyError),
        "source-problem-invite-expired",
    ),
    (
        (errors.ChannelPrivateError, errors.ChannelInvalidError, errors.UserBannedInChannelError),
        "source-problem-private",
    ),
    ((errors.ChannelsTooMuchError, errors.UserChannelsTooMuchError), "source-problem-too-many-channels"),
    (NETWORK_ERRORS, "source-problem-network"),
)


def of_error(error: BaseException) -> Problem:
    """What it means for the source that was being read."""
    if isinstance(error, Unreadable):
        return error.problem
    if isinstance(error, errors.FloodWaitError):
        return Problem("source-problem-flood", moment(error.seconds), retry_after=float(error.seconds))
    if isinstance(error, errors.InviteRequestSentError):
        return Problem("source-problem-requested", state=SourceState.REQUESTED)
    if isinstance(error, SourceKnown):
        return Problem("source-problem-known", str(error.params.get("title", "")))
    for types, key in _KEYS:
        if isinstance(error, types):
            return Problem(key, _told(error))
    if isinstance(error, errors.RPCError):
        return Problem("source-problem-telegram", _told(error))
    return Problem("source-problem-unexpected", type(error).__name__)


def of_account(error: BaseException) -> Problem:
    """What it means for the account that was reading."""
    if isinstance(error, AccountLost):
        return error.problem
    if isinstance(error, errors.UserDeactivatedError | errors.UserDeactivatedBanError | errors.PhoneNumberBannedError):
        return Problem("source-account-banned", _told(error))
    if isinstance(error, ACCOUNT_ERRORS):
        return Problem("source-account-signed-out", _told(error))
    if isinstance(error, errors.FloodWaitError):
        return Problem("source-account-flood", moment(error.seconds), retry_after=float(error.seconds))
    if isinstance(error, NETWORK_ERRORS):
        return Problem("source-account-network", _told(error))
    if isinstance(error, CrmError):
        return Problem("source-account-key", error.key)
    return Problem("source-account-unexpected", type(error).__name__)


def moment(seconds: float) -> str:
    """When so many seconds will have passed, for people."""
    return f"{datetime.now(UTC) + timedelta(seconds=seconds):%Y-%m-%d %H:%M} UTC"


def _told(error: BaseException) -> str:
    return str(getattr(error, "message", "") or error or type(error).__name__)[:200]
