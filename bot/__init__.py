"""The Telegram bot: hears and speaks, decides nothing."""
