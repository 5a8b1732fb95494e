"""A test data centre for MTProto that a real Telethon client signs in to."""

from sandbox.telegram_mtproto.cloud import Cloud
from sandbox.telegram_mtproto.faults import DropConnection, RpcFault
from sandbox.telegram_mtproto.handshake import distrust, trust
from sandbox.telegram_mtproto.state import Channel, User

__all__ = ["Channel", "Cloud", "DropConnection", "RpcFault", "User", "distrust", "trust"]
