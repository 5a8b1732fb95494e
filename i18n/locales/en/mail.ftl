# Letters. The words for what listings hold are in cards.ftl.
mail-moscow-time = { $when } Moscow time

mail-told-again = 🔁 Told once more, as it got better: a higher rate, or a direct client has appeared.

mail-fact-core = Stack
mail-fact-extra = Nice to have
mail-fact-rate = Rate
mail-fact-grades = Grade
mail-fact-people = How many
mail-fact-where = Where
mail-fact-engagement = Engagement
mail-fact-client = Client
mail-client-direct = direct
mail-fact-request-id = Number
mail-fact-owner = Taken by

mail-open-post = Open in Telegram

mail-footer-own = You get this letter because your subscription sends e-mail. It can be changed in the bot: /subscriptions.
mail-footer-recipient = You get this letter because a colleague added your address to their subscription and you agreed.
mail-unsubscribe = Unsubscribe from e-mail

mail-digest-title = { $bundle ->
   *[digest] Digest
    [morning] Overnight
    [recovered] Caught up
}
mail-digest-count = { $count ->
    [one] { $count } new listing
   *[other] { $count } new listings
}
mail-digest-recovered = For some time we could not read the channels. This appeared meanwhile; some of it may be closed by now.

mail-confirmation-subject = Confirm your address for Platon’s e-mail
mail-confirmation-preheader = One click, and the letters begin
mail-confirmation-hello = Hello! This is Platon: it reads the channels where IT specialists are sought and offered, and sends what fits.
mail-confirmation-own = You gave the address { $email } to get findings by e-mail. Please confirm that it is yours.
mail-confirmation-recipient = A colleague would like to send findings to your address { $email } too. If that is fine with you, please confirm.
mail-confirmation-button = Confirm the address
mail-confirmation-good-for = The link works for { $hours ->
    [one] { $hours } hour
   *[other] { $hours } hours
}.
mail-confirmation-plain-link = If the button does not work, open this link:
mail-confirmation-otherwise = Did not expect this letter? Just leave it: without your confirmation we will not write again.
