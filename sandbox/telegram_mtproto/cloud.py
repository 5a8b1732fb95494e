"""The whole of the sandbox's Telegram for user accounts: its state and two data centres on loopback."""

import json
from pathlib import Path
from typing import Any

from sandbox.telegram_mtproto import methods
from sandbox.telegram_mtproto.data_centre import DataCentre
from sandbox.telegram_mtproto.framing import Session
from sandbox.telegram_mtproto.handshake import ServerKey, distrust, trust
from sandbox.telegram_mtproto.world import World

DC_IDS = (1, 2)
HOME_DC = 2


class Cloud(World):
    """A Telegram that a real Telethon client signs in to.

    With a `state_dir` its RSA key, ports, auth keys, users, channels and messages outlive the process.
    """

    def __init__(self, state_dir: Path | None = None) -> None:
        if state_dir is not None:
            state_dir.mkdir(parents=True, exist_ok=True)
        super().__init__(state_dir)
        self._state_dir = state_dir
        self._key = ServerKey.kept_in(state_dir / "server_key.pem") if state_dir else ServerKey.generate()
        self.dcs = {dc_id: DataCentre(dc_id, self._key, self._answer, self.remember_auth) for dc_id in DC_IDS}
        self.restore()

    @property
    def public_key(self) -> str:
        """What another process passes to `trust` to accept these data centres (PKCS#1 PEM)."""
        return self._key.public_pem

    async def start(self, host: str = "127.0.0.1", ports: tuple[int, int] = (0, 0)) -> None:
        """Listen for both data centres and make Telethon in this process trust them.

        Port 0 means the port of the last run where it is free, else any. Raises OSError where a given port is taken.
        """
        remembered = self._remembered_ports()
        for dc, port in zip(self.dcs.values(), ports, strict=True):
            try:
                await dc.start(host, port or remembered.get(str(dc.id), 0))
            except OSError:
                if port:
                    raise
                await dc.start(host, 0)
        self._remember_ports()
        trust(self.public_key)

    async def stop(self) -> None:
        for dc in self.dcs.values():
            await dc.stop()
        distrust(self.public_key)

    def server_address(self) -> tuple[int, str, int]:
        """What a client's `session.set_dc` takes: id, host and port of the data centre users are at home in."""
        home = self.dcs[HOME_DC]
        return home.id, home.host, home.port

    async def _answer(self, session: Session, request: Any) -> Any:
        return methods.answer(self, session, request)

    def _remembered_ports(self) -> dict[str, int]:
        path = self._state_dir / "ports.json" if self._state_dir else None
        return json.loads(path.read_text()) if path and path.exists() else {}

    def _remember_ports(self) -> None:
        if self._state_dir:
            partial = self._state_dir / "ports.partial"
            partial.write_text(json.dumps({str(dc.id): dc.port for dc in self.dcs.values()}))
            partial.replace(self._state_dir / "ports.json")
