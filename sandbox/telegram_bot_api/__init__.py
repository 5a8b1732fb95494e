"""A Bot API server on loopback that a real bot polls, with a chat page for the browser."""

from sandbox.telegram_bot_api.errors import ApiError
from sandbox.telegram_bot_api.people import Toast
from sandbox.telegram_bot_api.person import Person, Shown
from sandbox.telegram_bot_api.server import BotApi, Delivery

__all__ = ["ApiError", "BotApi", "Delivery", "Person", "Shown", "Toast"]
