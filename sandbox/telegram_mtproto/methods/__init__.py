"""What each API method answers, by area; importing this package registers them all."""

from sandbox.telegram_mtproto.dispatch import answer
from sandbox.telegram_mtproto.methods import channels, files, history, signing_in, updates

__all__ = ["answer", "channels", "files", "history", "signing_in", "updates"]
