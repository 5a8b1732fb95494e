error-not-found = This no longer exists, or you cannot see it.
error-forbidden = You do not have permission to do this. Please ask your administrator.
error-conflict = Something has changed meanwhile. Please look again and retry.
error-invalid = That does not work: please check what you entered.
error-lead-already-taken = { $owner } has taken this lead already.
error-invitation-used = This invitation was used already. Please ask for a new one.
error-already-member = You are in the team already.
error-link-expired = The link has expired. Please ask for a new one.
error-link-used = This link was used already.
error-source-known = This source is here already: “{ $title }”.
error-not-a-link = This does not look like a link to a channel. It takes @name, t.me/name or an invitation t.me/+…
error-not-an-address = This does not look like an e-mail address. Example: anna@example.com
error-not-a-timezone = I do not know this place. Write a large city nearby, or an offset such as “UTC+3”.
error-closed-needs-account = A closed channel can be read by a Telegram account only: it has no public page.
error-no-such-invitation = There is no such invitation: the link was cut off or withdrawn. Please ask for a new one.
error-last-admin = This is the only administrator: make somebody else one first.
error-address-taken = Somebody else in your company gets letters at this address.
error-name-taken = This name is taken.
error-too-many-subscriptions = There are too many subscriptions. Delete or merge some.
error-too-soon = The letter was sent just now. You can ask again in { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}.
error-wrong-encryption-key = The encryption key does not fit the stored sign-in: check ENCRYPTION_KEY.
error-sign-in-failed = Telegram did not let the account in: { $reason ->
    [code] the code is wrong
    [code-expired] the code is too old, ask for a new one
    [banned] this number is banned
    [api] API_ID and API_HASH do not fit
    [password] the password is wrong
    [phone] the number does not work
    [flood] too many attempts, please wait
    [network] no connection
   *[other] the reason is { $reason }
}.
error-not-an-export = This is no export of Telegram Desktop: a file result.json is needed.
error-export-cut = The file ends in the middle or is damaged. All before that is stored: { $read } read, { $new } new.
error-export-is-closed = “{ $title }” is a closed chat. Name the company that its history belongs to.
error-no-older-version = There is nothing to go back to: no other model was at work before this one.
error-label-line = Line { $line }: { $problem ->
    [json] this is not JSON ({ $value })
    [object] an object with text and kind is expected
    [text] it has no text
    [kind] the kind { $value } is none of request, offer, update and junk
    [engagement] the engagement { $value } does not fit
    [items] its items are not of the guide's form
    [role] there is no role { $value }
    [technologies] there is no technology { $value }
    [count] fewer than one person
    [place] we have no such message: { $value }
   *[date] the date { $value } cannot be read
}.
