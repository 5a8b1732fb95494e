"""Which function answers which request, and what every request goes through first."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from telethon.tl import functions, types

from sandbox.telegram_mtproto.faults import RpcFault
from sandbox.telegram_mtproto.framing import Session
from sandbox.telegram_mtproto.state import Channel, User
from sandbox.telegram_mtproto.world import World

log = logging.getLogger(__name__)

_WRAPPERS = (
    functions.InvokeWithLayerRequest,
    functions.InitConnectionRequest,
    functions.InvokeWithoutUpdatesRequest,
    functions.InvokeAfterMsgRequest,
)


@dataclass
class Call:
    """Who asks, and in which world."""

    world: World
    session: Session
    signed_in: User | None

    @property
    def user(self) -> User:
        if self.signed_in is None:
            raise RpcFault("AUTH_KEY_UNREGISTERED")
        return self.signed_in

    def readable_channel(self, peer: Any) -> Channel:
        """The channel this InputChannel or InputPeerChannel means; raises RpcFault where the user may not read it."""
        channel = self.world.channels.get(getattr(peer, "channel_id", 0))
        if channel is None or peer.access_hash != channel.access_hash:
            raise RpcFault("CHANNEL_INVALID")
        if channel.private or (not channel.username and channel.id not in self.user.joined):
            raise RpcFault("CHANNEL_PRIVATE")
        return channel


Method = Callable[[Call, Any], Any]
_Decorated = TypeVar("_Decorated", bound=Method)

_methods: dict[type[Any], Method] = {}
_open_to_strangers: set[type[Any]] = set()


def answers(request: type[Any], *, strangers: bool = False) -> Callable[[_Decorated], _Decorated]:
    """Register what answers this request; `strangers` may ask without having signed in."""

    def register(method: _Decorated) -> _Decorated:
        _methods[request] = method
        if strangers:
            _open_to_strangers.add(request)
        return method

    return register


def answer(world: World, session: Session, request: Any) -> Any:
    """The answer to one request, an RpcError among them; raises DropConnection where that was ordered."""
    wants_updates = True
    while isinstance(request, _WRAPPERS):
        wants_updates = wants_updates and not isinstance(request, functions.InvokeWithoutUpdatesRequest)
        request = request.query
    world.note_call(request)
    try:
        world.faults.strike(request)
        return _call(world, session, request, wants_updates)
    except RpcFault as fault:
        return types.RpcError(fault.code, fault.message)


def _call(world: World, session: Session, request: Any, wants_updates: bool) -> Any:
    method = _methods.get(type(request))
    if method is None:
        log.warning("mtproto_method_unknown %s", type(request).__name__)
        raise RpcFault("INPUT_METHOD_INVALID")
    user = world.users.get(session.auth.user_id or 0)
    if user is None and type(request) not in _open_to_strangers:
        raise RpcFault("AUTH_KEY_UNREGISTERED")
    if user is not None and wants_updates:
        session.wants_updates = True
    try:
        return method(Call(world, session, user), request)
    except RpcFault:
        raise
    except Exception as error:
        log.exception("mtproto_method_failed %s", type(request).__name__)
        raise RpcFault("RPC_CALL_FAIL") from error
