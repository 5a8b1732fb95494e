# The words by which everything on a card is named, and the card itself.
language-code = en
language-name = English

kind-request = Request
kind-offer = Specialist
kind-update = Update
kind-junk = Junk
kinds-request = requests
kinds-offer = specialists

engagement-outstaff = outstaff
engagement-inhouse = in-house
engagement-freelance = freelance
engagement-unknown = engagement not stated

grade-junior = Junior
grade-middle = Middle
grade-senior = Senior
grade-lead = Lead

remote-remote = remote
remote-office = office
remote-hybrid = hybrid

state-open = open
state-paused = paused
state-closed = closed

role-admin = administrator
role-manager = manager
role-viewer = viewer

moment = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $day }, { $time }

rate-exact = { $currency ->
    [RUB] ₽{ $amount }
    [USD] ${ $amount }
    [EUR] €{ $amount }
   *[other] { $amount } { $currency }
}
rate-from = from { $currency ->
    [RUB] ₽{ $amount }
    [USD] ${ $amount }
    [EUR] €{ $amount }
   *[other] { $amount } { $currency }
}
rate-up-to = up to { $currency ->
    [RUB] ₽{ $amount }
    [USD] ${ $amount }
    [EUR] €{ $amount }
   *[other] { $amount } { $currency }
}
rate-range = { $currency ->
    [RUB] ₽{ $low }–{ $high }
    [USD] ${ $low }–{ $high }
    [EUR] €{ $low }–{ $high }
   *[other] { $low }–{ $high } { $currency }
}
rate-per = { $period ->
   *[hour] { $amount }/h
    [day] { $amount } a day
    [month] { $amount } a month
    [project] { $amount } a project
}

card-somebody = IT specialist
card-request = Request: { $role }
card-offer = Specialist: { $role }
card-unsure = ❔ Not sure that it is { $kind ->
    [offer] an offer
   *[other] a request
}
card-state = { $state ->
   *[closed] ⛔ Closed
    [paused] ⏸ Paused
}
card-gone = 🗑 The post was deleted
card-state-since = { $mark } since { $when }
card-possible-double = ⚠️ You may have seen this: the connection broke while it was being sent.
card-people = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
card-direct-client = direct client
card-roughly = ≈ { $rate }
card-seen-once = { $when } · { $source }
card-seen-often = First seen { $when } · { $count ->
    [one] { $count } post
   *[other] { $count } posts
} in { $sources ->
    [1] one source
    [one] { $sources } source
   *[other] { $sources } sources
}
card-more = … and { $count } more
card-no-title = source
card-taken = 🤝 Taken by { $who }
card-taken-by-you = 🤝 Taken by you
card-matched = Matched:
card-subscription = Subscription “{ $name }”
card-reason-word = “{ $word }”
card-reason-source = a source you chose
card-dismissed = 🙈 Not relevant
card-hidden = 🗑 Not what it seemed

card-button-take = 🤝 Take
card-button-release = Release
card-button-dismiss = Not relevant
card-button-undismiss = ↩︎ Put back
card-button-fix = Fix labels
card-button-why = Why?
card-button-is-request = A request: yes
card-button-is-offer = A specialist: yes
card-button-is-not = no
card-button-numbered = { $number } · { $what }
card-button-details = Details

card-toast-taken = Taken. The lead is yours now.
card-toast-released = Released: anybody may take it again.
card-toast-dismissed = Put away. I will not bring it up again.
card-toast-undismissed = Put back.
card-toast-labelled = Thank you! Remembered: { $kind }.
card-toast-is-now = { $mark }! { $done }

card-why-title = Why this is “{ $kind }”, { $percent }% sure
card-why-for = Words that speak for it:
card-why-against = Against:
card-why-written = { $what } (written “{ $words }”)
card-why-no-words = No single words decided, but the text as a whole.
card-why-subscription = Why you: subscription “{ $name }”:
card-why-subscription-any = Why you: subscription “{ $name }” lets everything through.

digest-title = { $bundle ->
   *[digest] 🗞 <b>Digest</b>
    [morning] ☀️ <b>Good morning! This came overnight</b>
    [recovered] 🔌 <b>Caught up</b>
}
digest-explained = { $bundle ->
   *[digest] { "" }
    [morning] { "" }
    [recovered] The connection to Telegram was down; this appeared meanwhile.
}
digest-count = { $count ->
    [one] { $count } post
   *[other] { $count } posts
}
digest-part = part { $part } of { $parts }
