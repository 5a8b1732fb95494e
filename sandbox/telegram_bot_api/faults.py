"""Faults that a test asks for: refusals, and answers lost after the work was done."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.telegram_bot_api.errors import ApiError


@dataclass
class _Refusal:
    method: str
    chat_id: int | None
    error: ApiError
    left: int


@dataclass
class Faults:
    """What shall go wrong, each a counted number of times; a method named `*` means every one."""

    refusals: list[_Refusal] = field(default_factory=list)
    drops: dict[str, int] = field(default_factory=dict)

    def refuse(self, method: str, error: ApiError, times: int, chat_id: int | None) -> None:
        """Answer the next `times` calls of the method (to that chat) with the error."""
        self.refusals.append(_Refusal(method.lower(), chat_id, error, times))

    def drop(self, method: str, times: int) -> None:
        """Do what the next `times` calls ask for, but close the connection instead of answering."""
        self.drops[method.lower()] = self.drops.get(method.lower(), 0) + times

    def check(self, method: str, chat_id: object) -> None:
        """Raise the refusal that is due for this call, if any."""
        for refusal in self.refusals:
            if refusal.method in {method.lower(), "*"} and refusal.chat_id in {None, chat_id}:
                refusal.left -= 1
                if refusal.left <= 0:
                    self.refusals.remove(refusal)
                raise refusal.error

    def answer_is_lost(self, method: str) -> bool:
        """Whether this call's answer is to be dropped; counts it."""
        left = self.drops.get(method.lower(), 0)
        if left:
            self.drops[method.lower()] = left - 1
        return left > 0
