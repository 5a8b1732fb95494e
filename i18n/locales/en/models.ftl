# Model versions, and what operators are told of them.
model-figure = { $figure ->
   *[exact] all right
    [relevance] relevant or not
    [kind] kind of post
    [core] stack
    [grade] grades
}: { $now }%
model-figure-against = { $figure ->
   *[exact] all right
    [relevance] relevant or not
    [kind] kind of post
    [core] stack
    [grade] grades
}: { $now }% (was { $before }%)
model-refused-worse = { $figure ->
   *[exact] all right
    [relevance] relevant or not
    [kind] kind of post
    [core] stack
    [grade] grades
}: worse, { $now }% instead of { $before }% { $set ->
   *[fixed] on the control posts
    [newest] on the newest labels
}
model-refused-not-better = on average it is not enough better to change the model
model-refused-law = it breaks a law that every model must keep: { $law }
model-refused-champion-changed = while it was learning, another was put to work
model-left-out = { $batch }: { $labels } { $labels ->
    [one] label
   *[other] labels
} not used: { $contradicted } of { $sure } contradict what the model is sure of

notice-model-better = 🎓 <b>The model got better</b>
    Last night it learned from your labels ({ $labels }). Version { $id } is at work; old posts are being read anew, quietly.
notice-model-refused = 🎓 <b>The model stays as it is</b>
    Last night version { $id } was trained on your labels ({ $labels }), but was not put to work:
notice-model-since = Version { $id } is not at work any more: the model was changed since.
notice-model-left-out = <b>Please look at these labels:</b>
notice-drift = 📈 <b>Posts have changed</b>
    In the last week they are not what they were in the months before:
notice-drift-figure = { $figure ->
    [unknown-words] unknown words
    [abstained] doubtful posts
    [request] requests
    [offer] offers
    [update] updates
   *[junk] junk
}: { $now }% (usually { $before }%)
notice-drift-advice = Judge some posts in /review: the model learns from them at night.

models-title = <b>Model versions</b>
models-none = There is no model yet. On the server: <code>platon train</code>
models-line = { $status ->
    [champion] ✅
    [challenger] ✖️
   *[retired] 💤
} <b>{ $id }</b> · { $when }{ $exact ->
    [none] { "" }
   *[other] { " " }· all right { $exact }%
}
models-button-promote = Put version { $id } to work
models-button-show = Version { $id }
models-button-roll-back = ↩︎ Back to version { $id }
models-button-sure = Yes, replace it
models-button-back = « Versions
models-sure = Put version { $id } to work instead of { $champion }? Posts are read anew, quietly; nobody is alerted.
models-promoted = Version { $id } is at work.
models-details = <b>Version { $id }</b> · { $status ->
    [champion] at work
    [challenger] not at work
   *[retired] was at work before
}
    Trained { $when } on { $examples } posts, { $labels } of them labelled by people.
models-refused = <b>Why it is not at work:</b>
