# Why a source or an account is not read, and what to do. Each is given { $detail }, not all need it.
source-problem-unknown-name = There is no channel of this name. Check the name, or add the channel by its new link.
source-problem-invite-expired = The invitation has expired. Ask for a new link and add the source again.
source-problem-private = The channel is closed or has shut our account out. Ask for an invitation and add the source by it.
source-problem-too-many-channels = The account is in as many channels as it may be. Leave some, or sign in another: platon login.
source-problem-requested = We have asked to join. Reading begins as soon as an admin agrees.
source-problem-known = This channel is read already, as “{ $detail }”; a second time is not needed.
source-problem-not-a-channel = This is neither a channel nor a supergroup, so there is nothing to read. Check the link.
source-problem-other-channel = Another channel has this name now: “{ $detail }”. Add the one you want by its new link.
source-problem-no-way-in = Our account has no way to this history: it came from a file. Add the channel by name or invitation.
source-problem-flood = Telegram asked us to wait. We go on by ourselves after { $detail }.
source-problem-network = Telegram does not answer now. We try again by ourselves. Details: { $detail }
source-problem-telegram = Telegram refused: { $detail }. We try again by ourselves; if it stays, look at the channel in the app.
source-problem-unexpected = Something went wrong ({ $detail }). We try again by ourselves; the log says more.
source-problem-no-account = Nobody can read it yet: there is no Telegram account. Sign in with platon login, or read the public page.
source-problem-no-preview = The channel has no public page: it is closed, a group, or the name is wrong. Read it with a Telegram account.
source-problem-not-a-preview = A page came, but it is no channel's feed. If it happens again, read the channel with a Telegram account.
source-problem-preview-paused = The site with public pages asked us to slow down. We go on by ourselves after { $detail }.
source-problem-preview-failing = The public page does not open ({ $detail }). We try again by ourselves.

source-account-signed-out = Telegram ended the account's session. Sign in again: platon login.
source-account-banned = Telegram banned the account ({ $detail }). Sign in another: platon login.
source-account-flood = Telegram asked the account to wait. We go on by ourselves after { $detail }.
source-account-network = Telegram cannot be reached. We keep trying. Details: { $detail }
source-account-key = The session was encrypted with another key. Put the old encryption key back, or sign in again: platon login.
source-account-unexpected = Something went wrong ({ $detail }). We keep trying; the log says more.

source-login-wrong-code = The code did not fit. Check it and enter it again.
source-login-wrong-password = The password did not fit. Try once more.
