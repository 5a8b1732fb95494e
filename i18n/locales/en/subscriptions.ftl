# Subscriptions: in words, as a list, as a dialog and as one line.

wish-kinds = What:
wish-kinds-all = requests and specialists
wish-roles = Roles:
wish-any = Stack, any of:
wish-all = Stack, all of:
wish-none = Without:
wish-grades = Grade:
wish-engagements = Engagement:
wish-rate = Rate:
wish-remote = Where:
wish-places = Place:
wish-words = With words:
wish-minus-words = Without words:
wish-sources = Sources:
wish-sources-chosen = { $count } chosen
wish-strict = Skip posts that do not state:
wish-strict-roles = role
wish-strict-technologies = stack
wish-strict-grades = grade
wish-strict-engagement = engagement
wish-strict-min-rate = rate
wish-strict-remote = remote or office
wish-strict-places = place
wish-name-all = All { $kinds }
wish-how = How: <b>{ $when }, { $channels }, { $sound }</b>; confidence from { $percent }%

how-telegram = in Telegram
how-email = by e-mail
how-both = in Telegram and by e-mail
how-nowhere = nowhere
how-at-once = at once
how-digest-at = as a digest at { $hour }
how-loud = with sound
how-silent = silently

subscription-list-title = <b>Your subscriptions</b>
subscription-list-empty = No subscriptions yet. Write in one line whom your clients look for, or whom you look for, and I will keep watch.
    For example: <i>{ $example }</i>
subscription-list-line = { $state ->
   *[on] 🔔
    [silent] 🔕
    [digest] 🗞
    [paused] ⏸
} { $name }{ $count ->
    [0] { "" }
   *[other] { " " }· { $count } in 30 days
}
subscription-list-hint = Tap a subscription to open it, or write a new one in one line.
subscription-new = ➕ New subscription
subscription-title = <b>{ $name }</b>
subscription-is-paused = ⏸ Paused: nothing comes.
subscription-would = { $count ->
    [0] In the last 30 days there would have been no posts. Consider loosening the filters.
    [one] In the last 30 days there would have been <b>{ $count }</b> post.
   *[other] In the last 30 days there would have been <b>{ $count }</b> posts.
}
subscription-email-is-silent = ✉️ Your e-mail is not confirmed yet, so no letters are sent. /settings

subscription-button-edit = ✏️ Filters
subscription-button-how = 🔔 Notifications
subscription-button-pause = ⏸ Pause
subscription-button-resume = ▶️ Resume
subscription-button-recipients = 👥 Recipients
subscription-button-delete = 🗑 Delete
subscription-button-delete-sure = Yes, delete
subscription-button-keep = Keep
subscription-button-restore = ↩︎ Bring back
subscription-button-list = « All subscriptions
subscription-button-back = « Back

subscription-delete-sure = Delete the subscription “{ $name }”? It will bring nothing any more.
subscription-deleted = Subscription “{ $name }” deleted.
subscription-restored = The subscription works again.
subscription-paused = Paused.
subscription-resumed = Watching again.

subscription-understood = Here is what I understood:
subscription-button-create = ✅ Create
subscription-button-change = ✏️ Change
subscription-button-cancel = Cancel
subscription-created = ✅ Subscription “{ $name }” created. I will write as soon as something fits.
subscription-saved = ✅ Subscription “{ $name }” changed.
subscription-cancelled = All right, nothing was created.
subscription-not-changed = All right, it stays as it was.
subscription-draft-is-old = This line is old. Please write it again.
subscription-not-understood = I do not see what to watch for: the line names no technology, role, grade or rate.
    Try, for example: <i>{ $example }</i>
subscription-line-missing = Write after the command what to watch for, for example:
    <code>/subscribe { $example }</code>
subscription-example-1 = requests for middle react from 2000, without wordpress
subscription-example-2 = requests for senior java or kotlin, remote only
subscription-example-3 = available specialists, middle python

recipients-title = <b>Recipients of the subscription “{ $name }”</b>
    People without Telegram can get letters too, once they have confirmed their address.
recipients-none = Nobody yet.
recipients-add = ➕ Add an address
recipients-ask = Write the e-mail address. We will send a letter that asks whether the person wants to get these posts.
recipients-added = A letter that asks for confirmation is on its way to { $email }. Nothing else is sent there before the answer.
recipients-line = { $state ->
   *[waiting] ⏳ { $email } — waiting for confirmation
    [confirmed] ✅ { $email }
    [unsubscribed] 🚫 { $email } — unsubscribed
    [refused] ⚠️ { $email } — the mailbox refuses letters
}
recipients-remove = Remove { $email }
recipients-removed = Removed: this subscription is not sent there any more.

wizard-summary = <b>Subscription</b>
wizard-summary-hint = Tap what you want to refine, or send a new line.
wizard-kinds = <b>What do you need?</b>
    Requests: somebody looks for people. Specialists: somebody offers people.
wizard-roles = <b>Which roles?</b>
    Several are fine. If none is chosen, any role fits.
wizard-technologies = <b>Which technologies?</b>
    Write the beginning of a name (“rea”), or several at once (“java, kotlin”).
wizard-technologies-mode = { $mode ->
   *[any] Choosing: <b>any</b> of these fits.
    [all] Choosing: <b>all</b> of these are needed.
    [none] Choosing: <b>none</b> of these may be there.
}
wizard-technologies-unknown = I know no technology “{ $typed }”. Try another spelling; a word can be added at the step “Words”.
wizard-grades = <b>Which grades?</b>
wizard-engagements = <b>Which engagement?</b>
wizard-rate = <b>Minimum rate</b>
    Roubles an hour. Tap or type a number; posts that state no rate come too.
wizard-rate-not-understood = “{ $typed }” is not a rate I understand. Write roubles an hour, for example 2000.
wizard-where = <b>Where is the work?</b>
    Tap, or write a city; several with commas between.
wizard-words = <b>Words in the text</b>
    Write words with commas between: at least one must be there. With a minus, it must not: <code>bank, -casino</code>
wizard-sources = <b>From where?</b>
    If none is chosen, I watch all sources.
wizard-how = <b>How should I notify you?</b>
wizard-strict = <b>If a post does not state something</b>
    Usually such posts come too. Tick what must be stated.

wizard-field = { $field }{ $value ->
    [0] { "" }
   *[other] { " " }· { $value }
}
wizard-field-kinds = What
wizard-field-roles = Roles
wizard-field-technologies = Technologies
wizard-field-grades = Grades
wizard-field-engagements = Engagement
wizard-field-rate = Rate
wizard-field-where = Where
wizard-field-words = Words
wizard-field-sources = Sources
wizard-field-how = Notifications
wizard-field-strict = Strictness
wizard-next = Next »
wizard-skip = Skip »
wizard-back = « Back
wizard-to-summary = To the summary
wizard-clear = Clear
wizard-create = ✅ Create
wizard-save = ✅ Save
wizard-cancel = Cancel
wizard-checked = ✅ { $name }
wizard-unchecked = { $name }
wizard-mode-any = any of
wizard-mode-all = all of
wizard-mode-none = none of
wizard-rate-any = Any
wizard-how-telegram = Telegram
wizard-how-email = E-mail
wizard-how-at-once = At once
wizard-how-digest = Digest { $hour }
wizard-how-loud = With sound
wizard-how-silent = Silently
wizard-how-confidence = Confidence from { $percent }%
wizard-how-nowhere = Nothing would come that way: keep Telegram or e-mail.
wizard-how-no-email = To get letters, give your e-mail address in /settings.
