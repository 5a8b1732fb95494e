"""Heavy or dangerous work in a process of its own: the loop stays live, and a crash there is an error here."""

import asyncio
import multiprocessing
import signal
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

START_SECONDS = 120.0
END_SECONDS = 2.0

Answer = Callable[[Any], Any]


class ChildDied(Exception):
    """The process ended, or gave no answer in time and was ended, while it worked on a question."""


class ChildFailed(Exception):
    """The question raised in the child, which lives on; carries the trace."""


class Child:
    """`start(*args)` runs once in the child and gives the function that answers questions, one at a time.

    All of them are pickled. A child whose parent dies ends by itself.
    """

    @classmethod
    async def begin(cls, start: Callable[..., Answer], *args: Any) -> "Child":
        """One that is ready. Raises ChildDied, ChildFailed."""
        # Handing over large arguments takes until the new process has read them: seconds on a busy machine.
        child = await asyncio.to_thread(cls, start, *args)
        try:
            await asyncio.to_thread(child._receive, START_SECONDS)
        except BaseException:
            child.end()
            raise
        return child

    def __init__(self, start: Callable[..., Answer], *args: Any) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, start, args), daemon=True)
        self._turn = threading.Lock()
        self._process.start()
        theirs.close()

    async def ask(self, question: Any, *, seconds: float) -> Any:
        """The answer. Raises ChildFailed; ChildDied, after which this object is of no more use."""
        return await asyncio.to_thread(self._ask, question, seconds)

    def end(self) -> None:
        """At once, whatever it is at."""
        self._process.kill()
        self._process.join(END_SECONDS)

    def _ask(self, question: Any, seconds: float) -> Any:
        with self._turn:
            try:
                self._connection.send(question)
            except OSError as error:
                raise ChildDied("it was dead already") from error
            return self._receive(seconds)

    def _receive(self, seconds: float) -> Any:
        try:
            if not self._connection.poll(seconds):
                self.end()
                raise ChildDied(f"no answer in {seconds} s")
            raised, answer = self._connection.recv()
        except (EOFError, OSError) as error:
            self.end()
            raise ChildDied(f"exit code {self._process.exitcode}") from error
        if raised:
            raise ChildFailed(answer)
        return answer


def _serve(connection: Connection, start: Callable[..., Answer], args: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent decides
    try:
        answer = start(*args)
    except Exception:
        connection.send((True, traceback.format_exc()))
        return
    reply: tuple[bool, Any] = (False, None)
    try:
        while True:
            connection.send(reply)
            reply = _reply(answer, connection.recv())
    except (EOFError, OSError):
        return  # the parent is gone


def _reply(answer: Answer, question: Any) -> tuple[bool, Any]:
    try:
        return False, answer(question)
    except Exception:
        return True, traceback.format_exc()
