"""Where e-mail alerts go. An address is silent until whoever reads it has confirmed, and after they unsubscribe."""

import re
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from crm import jobs, signing, subscriptions
from crm.actors import Actor
from crm.errors import AddressTaken, LinkExpired, LinkUsed, NotAnAddress, NotFound, TooSoon
from crm.permissions import Permission, require
from db.base import now
from db.models import Address, AddressStop, SubscriptionRecipient, User
from db.session import Session, SystemSession

GOOD_FOR = timedelta(hours=48)
ASK_AGAIN_AFTER = timedelta(minutes=5)
"""so that nobody's mailbox can be filled with our questions"""
LONGEST, LONGEST_LOCAL_PART = 254, 64
_LOCAL_PART = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})")


def parse(typed: str) -> str:
    """The address with its domain in lower case and ASCII; no name server is asked. Raises NotAnAddress."""
    address = typed.strip()
    local_part, _, domain = address.rpartition("@")
    try:
        domain = domain.encode("idna").decode().lower()
    except UnicodeError:
        raise NotAnAddress(field="email", value=address[:100]) from None
    parsed = f"{local_part}@{domain}"
    if (
        len(parsed) > LONGEST
        or len(local_part) > LONGEST_LOCAL_PART
        or not _LOCAL_PART.fullmatch(local_part)
        or not _DOMAIN.fullmatch(domain)
    ):
        raise NotAnAddress(field="email", value=address[:100])
    return parsed


def is_active(address: Address) -> bool:
    """Whether alerts may go there."""
    return address.confirmed_at is not None and address.stopped_at is None


async def own(session: Session, actor: Actor) -> Address | None:
    """The actor's own: the one that waits for confirmation, else the confirmed (or stopped) one."""
    found: Address | None = await session.scalar(
        select(Address)
        .where(Address.user_id == actor.user_id)
        .order_by(Address.confirmed_at.desc().nulls_first(), Address.id.desc())
        .limit(1)
    )
    return found


async def add_own(session: Session, actor: Actor, email: str) -> Address:
    """A letter asks to confirm it; until then an earlier confirmed address goes on.

    Raises NotAnAddress, AddressTaken by a colleague.
    """
    require(actor, Permission.SETTINGS_WRITE)
    address = await _known_or_new(session, actor, parse(email))
    if address.user_id != actor.user_id:
        await _take_over(session, actor, address)
    await _forget_unconfirmed(session, actor, address)
    await session.flush()
    await _ask(session, address)
    return address


async def _take_over(session: Session, actor: Actor, address: Address) -> None:
    """An address of nobody (a recipient's, or of somebody removed) becomes the actor's once they prove that it is."""
    if address.user_id is not None:
        holder = await session.get(User, address.user_id)
        if holder is not None and holder.removed_at is None:
            raise AddressTaken(email=address.email)
    address.user_id = actor.user_id
    address.language = actor.language
    address.confirmed_at = None


async def _forget_unconfirmed(session: Session, actor: Actor, newest: Address) -> None:
    """One mistyped before: whoever reads it must not be able to confirm it."""
    await session.execute(
        update(Address)
        .where(Address.user_id == actor.user_id, Address.id != newest.id, Address.confirmed_at.is_(None))
        .values(user_id=None, confirm_token_hash=None, confirm_expires_at=None)
    )


async def recipients(session: Session, actor: Actor, subscription_id: int) -> list[Address]:
    """Addresses that the actor's subscription also tells, confirmed or not. Raises NotFound."""
    await subscriptions.get(session, actor, subscription_id)
    return list(
        await session.scalars(
            select(Address)
            .join(SubscriptionRecipient, SubscriptionRecipient.address_id == Address.id)
            .where(SubscriptionRecipient.subscription_id == subscription_id)
            .order_by(Address.id)
        )
    )


async def add_recipient(session: Session, actor: Actor, email: str, subscription_id: int) -> Address:
    """Somebody who may be without Telegram; a letter asks them first. Raises NotAnAddress, NotFound."""
    require(actor, Permission.RECIPIENT_WRITE)
    await subscriptions.get(session, actor, subscription_id)
    address = await _known_or_new(session, actor, parse(email))
    link = insert(SubscriptionRecipient).values(
        subscription_id=subscription_id, address_id=address.id, company_id=actor.company_id
    )
    await session.execute(link.on_conflict_do_nothing())
    await _ask(session, address)
    return address


async def remove_recipient(session: Session, actor: Actor, subscription_id: int, address_id: int) -> None:
    """Raises NotFound."""
    require(actor, Permission.RECIPIENT_WRITE)
    await subscriptions.get(session, actor, subscription_id)
    gone = await session.execute(
        delete(SubscriptionRecipient)
        .where(SubscriptionRecipient.subscription_id == subscription_id, SubscriptionRecipient.address_id == address_id)
        .returning(SubscriptionRecipient.address_id)
    )
    if gone.first() is None:
        raise NotFound


async def send_again(session: Session, actor: Actor, address_id: int) -> Address:
    """The question to the actor's own address, or to one that they added. Raises NotFound, TooSoon."""
    require(actor, Permission.SETTINGS_WRITE)
    address = await _locked(session, address_id)
    if actor.user_id not in (address.user_id, address.added_by_id):
        raise NotFound
    await _ask_again(session, address)
    return address


async def ask_again(session: SystemSession, address_id: int) -> Address:
    """For whoever holds a link from a letter to it: a new question, unless it is active. Raises NotFound, TooSoon."""
    address = await _locked(session, address_id)
    await _ask_again(session, address)
    return address


async def _ask_again(session: Session, address: Address) -> None:
    if not is_active(address) and not await _ask(session, address):
        raise TooSoon(minutes=ASK_AGAIN_AFTER // timedelta(minutes=1))


async def find(session: SystemSession, address_id: int) -> Address:
    """Of a signed link. Raises NotFound."""
    found: Address | None = await session.get(Address, address_id)
    if found is None:
        raise NotFound
    return found


async def _known_or_new(session: Session, actor: Actor, email: str) -> Address:
    made = insert(Address).values(
        company_id=actor.company_id,
        email=email,
        added_by_id=actor.user_id,
        language=actor.language,
        created_at=now(),
    )
    await session.execute(made.on_conflict_do_nothing())
    return (
        await session.scalars(
            select(Address)
            .where(Address.company_id == actor.company_id, Address.email == email)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    ).one()


async def _ask(session: Session, address: Address) -> bool:
    """Have the question sent, unless it was just now or there is nothing to ask; returns whether it will be."""
    asked_at = address.confirm_expires_at - GOOD_FOR if address.confirm_expires_at is not None else None
    if is_active(address) or (asked_at is not None and now() < asked_at + ASK_AGAIN_AFTER):
        return False
    await jobs.enqueue(session, jobs.SendConfirmation(address.id), key=f"confirm:{address.id}")
    return True


async def begin_confirmation(session: SystemSession, address_id: int) -> tuple[Address, str]:
    """A new token for the letter that is about to go out; links in earlier letters are void from now on."""
    address = await _locked(session, address_id)
    token = signing.new_token()
    address.confirm_token_hash = signing.digest(token)
    address.confirm_expires_at = now() + GOOD_FOR
    await session.flush()
    return address, token


async def asked(session: SystemSession, token: str, *, lock: bool = False) -> Address:
    """Whom the link in our question was sent to, however long ago. Raises NotFound."""
    query = select(Address).where(Address.confirm_token_hash == signing.digest(token.strip()))
    address: Address | None = await session.scalar(query.with_for_update(key_share=True) if lock else query)
    if address is None:
        raise NotFound
    return address


def check_asked(address: Address) -> None:
    """Whether the link of `asked` confirms it still. Raises LinkUsed, LinkExpired."""
    if address.confirm_expires_at is None:
        raise LinkUsed
    if address.confirm_expires_at <= now():
        raise LinkExpired


async def confirm(session: SystemSession, token: str) -> Address:
    """Whoever reads the address wants our letters. Raises NotFound, LinkUsed, LinkExpired."""
    address = await asked(session, token, lock=True)
    check_asked(address)
    # The hash stays, so that a second click can be told from a wrong link.
    address.confirm_expires_at = None
    address.confirmed_at = now()
    address.stopped_at = address.stop_reason = address.stop_detail = None
    await session.flush()
    await _let_go_of_others(session, address)
    return address


async def _let_go_of_others(session: SystemSession, address: Address) -> None:
    """A user has one address of their own: the newly confirmed one."""
    if address.user_id is not None:
        await session.execute(
            update(Address).where(Address.user_id == address.user_id, Address.id != address.id).values(user_id=None)
        )


async def unsubscribe(session: SystemSession, address_id: int) -> Address:
    """For good, until confirmed again; twice is as good as once. Raises NotFound."""
    return await stop(session, address_id, AddressStop.UNSUBSCRIBED)


async def stop(session: SystemSession, address_id: int, reason: AddressStop, detail: str | None = None) -> Address:
    """Write there no more; who unsubscribed stays so, whatever is found later. Raises NotFound."""
    address = await _locked(session, address_id)
    if address.stop_reason is not AddressStop.UNSUBSCRIBED:
        address.stopped_at, address.stop_reason, address.stop_detail = now(), reason, detail
    # A question asked before must not undo it.
    address.confirm_token_hash = None
    await session.flush()
    return address


async def _locked(session: Session, address_id: int) -> Address:
    found: Address | None = await session.get(
        Address, address_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if found is None:
        raise NotFound
    return found
