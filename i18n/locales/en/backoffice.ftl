# Pages: confirming an address, unsubscribing, errors.
web-name = Platon
web-to-front = To the front page

web-front-title = Platon finds IT requests for you
web-front-what = It reads the channels and chats where IT specialists are sought and offered, understands each post, and tells you at once of those that fit: in Telegram or by e-mail.
web-front-how = Everything happens in the bot. To enter, ask your company’s administrator for an invitation link and open it.
web-front-open-bot = Open the bot
web-front-letters = Came to unsubscribe from e-mail? Open the link at the bottom of any letter.

web-confirm-title = Get e-mail at this address?
web-confirm-what = Press the button, and posts that fit will come to { $email }.
web-confirm-button = Yes, I confirm
web-confirm-otherwise = If you did not ask for this, just close the page: nothing will come.

web-confirmed-title = The address is confirmed
web-confirmed-what = E-mail comes to { $email } now. You can close this page.
web-confirmed-way-out = You can unsubscribe at any time: the link is at the bottom of each letter.

web-expired-title = The link is too old
web-expired-what = It worked for { $hours ->
    [one] { $hours } hour
   *[other] { $hours } hours
}. Shall we send { $email } a letter with a new one?
web-expired-button = Send a new letter

web-asked-title = The letter is on its way
web-asked-what = In a minute, open the mail of { $email } and press the button in the letter. If it is not there, have a look at “Spam”.

web-unknown-title = This link does not work
web-confirm-unknown-what = Either it was not copied whole, or a letter with a newer link has come since; then only that one works.
web-confirm-unknown-way-out = Open our newest letter. You can ask for another in the bot: /settings → “E-mail”. If a colleague added the address, ask them.

web-unsubscribe-title = Unsubscribe from e-mail?
web-unsubscribe-what = Nothing more will come to { $email }. Messages in Telegram go on.
web-unsubscribe-button = Unsubscribe
web-unsubscribe-less = Too many letters? In the bot you can narrow a subscription, or get one digest a day: /subscriptions.

web-unsubscribed-title = You are unsubscribed
web-unsubscribed-what = Nothing more will come to { $email }.
web-unsubscribed-undo-what = Pressed it by accident? We can send a letter with a button that brings everything back.
web-unsubscribed-undo = Get e-mail again

web-unsubscribe-unknown-what = It seems that it was not copied whole.
web-unsubscribe-unknown-way-out = Open any letter of ours and press “Unsubscribe” at the bottom. Your own address can also be taken out in the bot: /settings → “E-mail”.

web-problem-title = That did not work
web-not-found = There is no such page. Check the link: perhaps it was not copied whole.
web-wrong-method = This page cannot be opened like that. Go back to the letter and open its link.
web-too-large = The request is too large.
web-too-fast = Too many requests. Wait a minute and try again.
web-bad-request = We could not understand the request. Open the link in the letter once more.
web-incident = Something broke, and it is our fault. Try again in a minute; if that does not help, tell the administrator the number { $number }.
