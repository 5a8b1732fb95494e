import pytest
from telethon import errors, functions
from telethon.tl import types

from sandbox.telegram_mtproto import Cloud
from tests.sandbox.telegram_mtproto.conftest import CLOSED, COLLECTOR, PUBLIC, Clients

check = functions.messages.CheckChatInviteRequest
enter = functions.messages.ImportChatInviteRequest


class TestFinding:
    async def test_a_username_resolves_in_any_case_of_letters(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud)
        entity = await client.get_entity("Vacancies_MSK")
        assert (entity.id, entity.title, entity.broadcast, entity.left) == (PUBLIC, "Вакансии Москва", True, False)

    async def test_an_unknown_username_is_not_occupied(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud)
        with pytest.raises(errors.UsernameNotOccupiedError):
            await client(functions.contacts.ResolveUsernameRequest("no_such_channel"))

    async def test_a_full_channel_tells_what_it_is_about(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud)
        full = await client(functions.channels.GetFullChannelRequest("vacancies_msk"))
        assert full.full_chat.about == "Только заявки"
        assert full.full_chat.read_inbox_max_id == 250

    async def test_a_wrong_access_hash_is_refused(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud)
        with pytest.raises(errors.ChannelInvalidError):
            await client.get_messages(types.InputPeerChannel(PUBLIC, 1))

    async def test_a_stranger_is_no_participant(self, cloud: Cloud, clients: Clients) -> None:
        cloud.add_channel(1003, "Другой", username="other_channel")
        client = await clients.signed_in(cloud)
        assert await client(functions.channels.GetParticipantRequest("vacancies_msk", "me"))
        with pytest.raises(errors.UserNotParticipantError):
            await client(functions.channels.GetParticipantRequest("other_channel", "me"))


class TestJoining:
    async def test_a_public_channel_is_joined_and_left(self, cloud: Cloud, clients: Clients) -> None:
        cloud.add_channel(1003, "Другой", username="other_channel")
        client = await clients.signed_in(cloud)
        joined = await client(functions.channels.JoinChannelRequest("other_channel"))
        assert isinstance(joined, types.messages.ChatInviteJoinResultOk)
        assert {dialog.name for dialog in await client.get_dialogs()} == {"Вакансии Москва", "Другой"}
        await client(functions.channels.LeaveChannelRequest("other_channel"))
        assert {dialog.name for dialog in await client.get_dialogs()} == {"Вакансии Москва"}

    async def test_an_invitation_shows_the_channel_before_it_lets_in(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud)
        invitation = await client(check("AbCdEf"))
        assert (invitation.title, invitation.broadcast, bool(invitation.request_needed)) == ("Закрытый", True, False)
        await client(enter("AbCdEf"))
        assert isinstance(await client(check("AbCdEf")), types.ChatInviteAlready)
        assert [message.text for message in await client.get_messages(types.PeerChannel(CLOSED))] == ["секрет"]

    async def test_nobody_enters_twice(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud)
        await client(enter("AbCdEf"))
        with pytest.raises(errors.UserAlreadyParticipantError):
            await client(enter("AbCdEf"))

    @pytest.mark.parametrize("request_type", [check, enter])
    async def test_an_unknown_invitation_has_expired(
        self, cloud: Cloud, clients: Clients, request_type: type[check]
    ) -> None:
        client = await clients.signed_in(cloud)
        with pytest.raises(errors.InviteHashExpiredError):
            await client(request_type("nope"))

    async def test_a_channel_that_asks_for_approval_lets_in_after_it(self, cloud: Cloud, clients: Clients) -> None:
        cloud.add_channel(1004, "По заявке", invite="Ask", request_needed=True, history=["внутри"])
        client = await clients.signed_in(cloud)
        assert (await client(check("Ask"))).request_needed
        with pytest.raises(errors.InviteRequestSentError):
            await client(enter("Ask"))
        assert cloud.users[COLLECTOR].asked_to_join == {1004}
        cloud.join(COLLECTOR, 1004)
        already = await client(check("Ask"))
        assert [message.text for message in await client.get_messages(already.chat)] == ["внутри"]

    async def test_a_closed_channel_cannot_be_read_from_outside(self, cloud: Cloud, clients: Clients) -> None:
        client = await clients.signed_in(cloud)
        with pytest.raises(errors.ChannelPrivateError):
            await client.get_messages(types.InputPeerChannel(CLOSED, cloud.channels[CLOSED].access_hash))
