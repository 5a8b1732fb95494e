"""What the bot answers to messages and taps; listed in bot.dispatcher alone."""
