# What the bot says outside of subscriptions and cards.

bot-welcome = Hello, { $name }! I am Platon: I read the channels where IT specialists are sought and offered, and bring what you need. Your role is { $role }.
bot-welcome-admin = You can invite colleagues (/team) and add sources (/sources).
bot-welcome-manager = When a fitting request appears, one button takes it, and your colleagues will see that.
bot-welcome-viewer = You will see all that your subscriptions find.
bot-first-step = Let us begin with a subscription. Write in one line what you need, or tap an example, it is easy to change:
bot-step-by-step = 🧭 Step by step
bot-welcome-back = Welcome back, { $name }! Subscriptions are in /subscriptions, all else in /help. A new subscription can be just typed:
bot-already-in = You are in the team already, so the invitation was not needed. Subscriptions are in /subscriptions.
bot-stranger = Hello! This bot works for its team only. To get in, ask your company's administrator for an invitation link and open it.
bot-stranger-tap = You have no access now. Ask your administrator for a new invitation link.
bot-too-fast = Too fast for me. Please wait a few seconds.
bot-dialog-is-over = This conversation is over. Please begin anew: /subscriptions
bot-incident = Something broke, and it is our fault. It is written down under number { $number }. Please try again.
bot-unknown-command = I do not know this command. All that I can do is in /help.
bot-not-text = I understand text only. See /help for what I can do.
bot-old-button = This button does not work any more.
bot-cancelled = All right, cancelled.
bot-button-cancel = Cancel

command-subscriptions = My subscriptions
command-subscribe = New subscription in one line
command-review = Review doubtful posts
command-settings = Language, time, e-mail
command-team = Team and invitations
command-sources = Sources
command-models = Model versions
command-help = What the bot can do

settings-title = <b>Settings</b>
settings-language = Language: <b>{ $language }</b>
settings-timezone = Time zone: <b>{ $timezone }</b>, it is { $time } where you are
settings-quiet = Quiet hours: <b>{ $hours }</b>
settings-quiet-off = none
settings-quiet-explained = Nothing comes in quiet hours; in the morning there will be one digest.
settings-email = E-mail: { $state ->
   *[none] not given
    [waiting] <b>{ $email }</b> — ⏳ waiting for confirmation: open the link in the letter
    [confirmed] <b>{ $email }</b> — ✅ confirmed
    [unsubscribed] <b>{ $email }</b> — 🚫 you unsubscribed from letters
    [refused] <b>{ $email }</b> — ⚠️ the mailbox refuses letters
}
settings-button-language = 🌐 Русский
settings-button-timezone = 🕑 Time zone
settings-button-quiet = 🌙 Quiet hours
settings-button-email = ✉️ E-mail
settings-button-email-again = ✉️ Send the letter again
settings-button-back = « Settings
settings-timezone-ask = Choose a time zone, or write a city (“Berlin”, “Almaty”) or an offset (“UTC+3”).
settings-timezone-set = Time zone: <b>{ $timezone }</b>, it is { $time } where you are.
settings-quiet-ask = When shall I keep quiet?
settings-quiet-none = Never
settings-saved = Saved.
settings-email-ask = Write the e-mail address to send posts to.
settings-email-sent = A letter is on its way to <b>{ $email }</b>. Open the link in it, and e-mail will work.
settings-email-sent-again = The letter is sent to { $email } again.
settings-language-set = I speak English now.

zone-kaliningrad = Kaliningrad
zone-moscow = Moscow
zone-samara = Samara
zone-yekaterinburg = Yekaterinburg
zone-novosibirsk = Novosibirsk
zone-vladivostok = Vladivostok

review-title = <b>To review</b> · { $left } left{ $done ->
    [0] { "" }
   *[other] { " " }· { $done } done
}
review-guess = I think it is: <b>{ $kind }</b>, { $percent }%
review-source = { $when } · { $source }
review-empty = No doubtful posts. { $done ->
    [0] { "" }
   *[other] { $done } done, thank you!
}
review-button-skip = Skip
review-button-undo = ↩︎ Undo the last answer
review-button-fix = In detail…
review-labelled = Remembered: { $kind }.
review-said = { $name } says: <b>{ $kind }</b>
review-differs = Noted: { $kind }. { $name } says: { $other }.
review-undone = The last answer is undone.
review-nothing-to-undo = There is nothing to undo.

labels-title = <b>What is this post?</b>
labels-item = { $number } of { $count }
labels-kind = Kind: <b>{ $value }</b>
labels-engagement = Engagement: <b>{ $value }</b>
labels-role = Role: <b>{ $value }</b>
labels-grades = Grades: <b>{ $value }</b>
labels-core = Stack: <b>{ $value }</b>
labels-extra = Nice to have: <b>{ $value }</b>
labels-not-stated = not stated
labels-button-engagement = Engagement
labels-button-role = Role
labels-button-grades = Grades
labels-button-stack = Stack
labels-button-next-item = Next position ({ $number } of { $count })
labels-button-save = ✅ Save
labels-button-close = Close
labels-button-undo = ↩︎ Undo
labels-button-done = Done
labels-ask-stack = Write the technologies of this position with commas between. After a plus come those that are nice to have: <i>react, typescript + graphql</i>
labels-stack-unknown = I know none of the technologies in “{ $typed }”.
labels-saved = Thank you, remembered: <b>{ $summary }</b>. The model learns from this.
labels-withdrawn = Undone, the label is gone.
labels-old-form = This form is old, please open it again.

team-title = <b>Team</b>
team-line = { $number }. { $name } — { $role }{ $you ->
    [yes] { " " }(you)
   *[no] { "" }
}
team-button-invite = ➕ Invite: { $role }
team-button-remove = Remove { $name }
team-button-remove-sure = Yes, remove
team-invited = A one-use link for the role “{ $role }”, good for 7 days. Send it to the person yourself:
    { $link }
team-remove-sure = Remove { $name } from the team? Access ends at once, and so do their subscriptions.
team-removed = { $name } is not in the team any more.

source-title = <b>Sources</b> · { $count }, each with its last post
source-title-page = <b>Sources</b> · { $count }, page { $page } of { $pages }; each with its last post
source-line = { $mark } { $name }{ $last ->
    [none] { "" }
   *[other] { " " }· { $last }
}
source-state = { $state ->
   *[waiting] ⏳
    [reading] ✅
    [requested] 🚪
    [unreadable] ⚠️
}
source-requested = waiting to be let in by the chat's administrator
source-waiting = not read yet
source-unreadable = cannot be read
source-none = None yet. Add the first channel by its link.
source-button-add = ➕ Add by link
source-ask = Send a link to a channel or chat: <code>@name</code>, <code>t.me/name</code> or an invitation <code>t.me/+…</code>
source-added = Added “{ $name }”. Reading begins within a minute.
