"""The champion at work, in a process of its own, exchanged for a new one when another is promoted."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

from crm import model_versions
from db.session import Sessions
from db.wakes import wait
from language.prediction import Prediction
from worker.child import Child, ChildDied

log = logging.getLogger(__name__)

POLL_SECONDS = 60.0
LABEL_SECONDS = 120.0
SWITCH_SECONDS = 150.0


class Labels(Protocol):
    def label(self, texts: Sequence[str]) -> Sequence[Prediction]: ...


class Labelled(NamedTuple):
    predictions: list[Prediction]
    version_id: int


def load_labeller(artifact: bytes) -> Labels:
    from ml import labeller  # in the child alone: CatBoost is heavy

    return labeller.load(artifact)


class Model:
    """`load` turns an artifact into what labels; it runs in the child."""

    def __init__(self, load: Callable[[bytes], Labels] = load_labeller) -> None:
        self._load = load
        self._child: Child | None = None
        self._artifact = b""
        self._version_id = 0
        self._present = asyncio.Event()
        self._changed = asyncio.Condition()

    @property
    def version_id(self) -> int | None:
        """The model version at work; None as long as there is none."""
        return self._version_id or None

    async def use(self, version_id: int, artifact: bytes) -> None:
        """Work with this version from now on; the one before works until this one is ready."""
        fresh = await Child.begin(_start, self._load, artifact)
        old, self._child = self._child, fresh
        self._artifact, self._version_id = artifact, version_id
        self._present.set()
        async with self._changed:
            self._changed.notify_all()
        if old is not None:
            old.end()

    async def until(self, version_id: int) -> None:
        """Wait until this version is at work. Raises TimeoutError."""
        async with asyncio.timeout(SWITCH_SECONDS), self._changed:
            await self._changed.wait_for(lambda: self._version_id == version_id)

    async def label(self, texts: Sequence[str]) -> Labelled:
        """Waits for a first model. Raises ChildFailed; ChildDied, after which the next call starts a new child."""
        await self._present.wait()
        if self._child is None:
            self._child = await Child.begin(_start, self._load, self._artifact)
        child, version_id = self._child, self._version_id
        try:
            return Labelled(await child.ask(list(texts), seconds=LABEL_SECONDS), version_id)
        except ChildDied:
            if self._child is child:
                self._child = None
            raise

    def close(self) -> None:
        if self._child is not None:
            self._child.end()


async def keep_current(sessions: Sessions, model: Model, woken: asyncio.Event, *, stop: asyncio.Event) -> None:
    """Work with the champion until `stop`: looked for at once, when woken, and each minute."""
    while not stop.is_set():
        woken.clear()
        try:
            await _take_champion(sessions, model)
        except Exception:
            log.exception("the champion could not be loaded, again in %s s", POLL_SECONDS)
        await _either(woken, stop)


async def _take_champion(sessions: Sessions, model: Model) -> None:
    async with sessions.of_system() as session:
        champion = await model_versions.champion(session)
        if champion is None or champion.id == model.version_id:
            return
        artifact = await model_versions.artifact(session, champion.id)
    await model.use(champion.id, artifact)
    log.info("model version %s is at work", champion.id)


async def _either(woken: asyncio.Event, stop: asyncio.Event) -> None:
    stopping = asyncio.ensure_future(stop.wait())
    stopping.add_done_callback(lambda _: woken.set())
    await wait(woken, POLL_SECONDS)
    stopping.cancel()


def _start(load: Callable[[bytes], Labels], artifact: bytes) -> Callable[[Any], list[Prediction]]:
    labels = load(artifact)
    return lambda texts: list(labels.label(texts))
