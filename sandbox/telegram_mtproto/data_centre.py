"""One data centre: a listening socket, its auth keys and its sessions."""

import asyncio
import logging
import os
from collections.abc import Callable

from sandbox.telegram_mtproto.framing import Answer, Auth, Connection, Exchange, Session
from sandbox.telegram_mtproto.handshake import ServerKey

log = logging.getLogger(__name__)


class DataCentre:
    """Serves clients on one port; `answer` is asked for every request."""

    def __init__(self, dc_id: int, server_key: ServerKey, answer: Answer, on_new_auth: Callable[[Auth], None]) -> None:
        self.id = dc_id
        self.host = ""
        self.port = 0
        self.auths: dict[int, Auth] = {}
        self.sessions: dict[tuple[int, int], Session] = {}
        salt = int.from_bytes(os.urandom(7), "big")
        self._shared = Exchange(dc_id, server_key, answer, self.auths, self.sessions, salt, on_new_auth)
        self._connections: set[Connection] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> None:
        """Listen; raises OSError where the port is taken."""
        self._server = await asyncio.start_server(self._accept, host, port)
        self.host = host
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self.kick_connections()
            await asyncio.gather(*self._serving, return_exceptions=True)
            await self._server.wait_closed()

    def kick_connections(self) -> None:
        for connection in list(self._connections):
            connection.abort()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(Connection(self._shared, reader, writer)))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, connection: Connection) -> None:
        self._connections.add(connection)
        try:
            await connection.serve()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except Exception:
            log.exception("mtproto_connection_failed")
        finally:
            self._connections.discard(connection)
