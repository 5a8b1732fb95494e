"""Asking an address whether it wants e-mail."""

from crm import addresses, jobs
from crm.errors import NotFound
from db.models import AddressStop
from i18n.translator import translator
from mail import emails
from mail.sender import Refused
from worker.context import Context


async def send_confirmation(context: Context, job: jobs.SendConfirmation) -> None:
    """A link that confirms the address. Refused, it stops the address and says why; other failures are tried again."""
    try:
        async with context.sessions.of_system() as session:
            address, token = await addresses.begin_confirmation(session, job.address_id)
    except NotFound:
        return  # the address was taken back meanwhile
    letter = emails.confirmation(address, token, translator(address.language), context.public_url)
    try:
        await context.mailer.send(letter)
    except Refused as refused:
        async with context.sessions.of_system() as session:
            await addresses.stop(session, address.id, AddressStop.REFUSED, str(refused))
