"""Links in letters: confirming an address, and unsubscribing it."""

from datetime import timedelta

from aiohttp import web

from backoffice import keys, pages
from crm import addresses, signing
from crm.errors import LinkExpired, LinkUsed, NotFound
from db.models import Address, AddressStop


async def ask_to_confirm(request: web.Request) -> web.Response:
    return await _confirmation(request, changes=False)


async def confirm(request: web.Request) -> web.Response:
    return await _confirmation(request, changes=True)


async def _confirmation(request: web.Request, *, changes: bool) -> web.Response:
    session, token = keys.session(request), request.match_info["token"]
    try:
        address = await addresses.asked(session, token)
    except NotFound:
        return pages.render(request, "confirm_unknown", status=404)
    try:
        if changes:
            address = await addresses.confirm(session, token)
        else:
            addresses.check_asked(address)
    except LinkUsed:
        return pages.render(request, "confirmed", address=address)
    except LinkExpired:
        hours = addresses.GOOD_FOR // timedelta(hours=1)
        return pages.render(request, "confirm_expired", status=410, address=address, hours=hours)
    return pages.render(request, "confirmed" if changes else "confirm", address=address)


async def send_confirmation_again(request: web.Request) -> web.Response:
    """For whoever kept an expired link."""
    session = keys.session(request)
    try:
        address = await addresses.asked(session, request.match_info["token"])
    except NotFound:
        return pages.render(request, "confirm_unknown", status=404)
    return await _ask_again(request, address)


async def ask_to_unsubscribe(request: web.Request) -> web.Response:
    address = await _signed(request)
    if address is None:
        return pages.render(request, "unsubscribe_unknown", status=404)
    if address.stop_reason is AddressStop.UNSUBSCRIBED:
        return pages.render(request, "unsubscribed", address=address)
    return pages.render(request, "unsubscribe", address=address)


async def unsubscribe(request: web.Request) -> web.Response:
    """By the page's button, or by a mail program (RFC 8058), which sends no cookie and follows no redirect."""
    address = await _signed(request)
    if address is None:
        return pages.render(request, "unsubscribe_unknown", status=404)
    address = await addresses.unsubscribe(keys.session(request), address.id)
    return pages.render(request, "unsubscribed", address=address)


async def undo_unsubscribing(request: web.Request) -> web.Response:
    """By a new question: a letter that was passed on must not subscribe its first reader again."""
    address = await _signed(request)
    if address is None:
        return pages.render(request, "unsubscribe_unknown", status=404)
    return await _ask_again(request, address)


async def _signed(request: web.Request) -> Address | None:
    """Whose link it is; None for one that we did not make, or whose address is gone."""
    try:
        address_id = signing.verify(request.app[keys.SECRET], "unsubscribe", request.match_info["signed"])
        return await addresses.find(keys.session(request), address_id)
    except NotFound:
        return None


async def _ask_again(request: web.Request, address: Address) -> web.Response:
    address = await addresses.ask_again(keys.session(request), address.id)
    return pages.render(request, "confirmed" if addresses.is_active(address) else "asked_again", address=address)
