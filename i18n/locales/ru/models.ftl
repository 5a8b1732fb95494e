# Версии модели и то, что о них говорят операторам.
model-figure = { $figure ->
   *[exact] всё верно
    [relevance] нужное от лишнего
    [kind] вид поста
    [core] стек
    [grade] грейды
}: { $now } %
model-figure-against = { $figure ->
   *[exact] всё верно
    [relevance] нужное от лишнего
    [kind] вид поста
    [core] стек
    [grade] грейды
}: { $now } % (было { $before } %)
model-refused-worse = { $figure ->
   *[exact] всё верно
    [relevance] нужное от лишнего
    [kind] вид поста
    [core] стек
    [grade] грейды
}: хуже, { $now } % вместо { $before } % — { $set ->
   *[fixed] на контрольных постах
    [newest] на свежих метках
}
model-refused-not-better = в среднем не стало лучше настолько, чтобы менять модель
model-refused-law = нарушено правило, обязательное для каждой модели: { $law }
model-refused-champion-changed = пока она училась, в работу поставили другую
model-left-out = { $batch }: { $labels } { $labels ->
    [one] метка
    [few] метки
   *[many] меток
} не учли — { $contradicted } из { $sure } противоречат тому, в чём модель уверена

notice-model-better = 🎓 <b>Модель стала лучше</b>
    Ночью она доучилась на ваших метках ({ $labels }). Версия { $id } уже работает, старые посты тихо перечитываются.
notice-model-refused = 🎓 <b>Модель осталась прежней</b>
    Ночью обучилась версия { $id } на ваших метках ({ $labels }), но в работу не пошла:
notice-model-since = Версия { $id } уже не работает: с тех пор модель сменили.
notice-model-left-out = <b>Присмотритесь к меткам:</b>
notice-drift = 📈 <b>Посты изменились</b>
    За последнюю неделю они не такие, как в прошлые месяцы:
notice-drift-figure = { $figure ->
    [unknown-words] незнакомых слов
    [abstained] сомнительных постов
    [request] запросов
    [offer] предложений
    [update] обновлений
   *[junk] лишнего
}: { $now } % (обычно { $before } %)
notice-drift-advice = Разберите посты в /review — ночью модель на них доучится.

models-title = <b>Версии модели</b>
models-none = Моделей ещё нет. На сервере: <code>platon train</code>
models-line = { $status ->
    [champion] ✅
    [challenger] ✖️
   *[retired] 💤
} <b>{ $id }</b> · { $when }{ $exact ->
    [none] { "" }
   *[other] { " " }· всё верно { $exact } %
}
models-button-promote = Версию { $id } — в работу
models-button-show = Версия { $id }
models-button-roll-back = ↩︎ Вернуть версию { $id }
models-button-sure = Да, заменить
models-button-back = « Версии
models-sure = Поставить в работу версию { $id } вместо { $champion }? Посты тихо перечитаются заново, уведомлений не будет.
models-promoted = Работает версия { $id }.
models-details = <b>Версия { $id }</b> · { $status ->
    [champion] работает
    [challenger] не в работе
   *[retired] работала раньше
}
    Обучена { $when } на { $examples } постах, меток от людей: { $labels }.
models-refused = <b>Почему не в работе:</b>
