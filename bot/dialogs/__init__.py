"""One dialog a file; listed in bot.dispatcher alone."""
