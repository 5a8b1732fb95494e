# Слова, которыми названо всё, что бывает в карточках, и сама карточка.
language-code = ru
language-name = русский

kind-request = Запрос
kind-offer = Специалист
kind-update = Обновление
kind-junk = Мусор
kinds-request = запросы
kinds-offer = специалисты

engagement-outstaff = аутстафф
engagement-inhouse = в штат
engagement-freelance = фриланс
engagement-unknown = формат не указан

grade-junior = Junior
grade-middle = Middle
grade-senior = Senior
grade-lead = Lead

remote-remote = удалённо
remote-office = офис
remote-hybrid = гибрид

state-open = открыт
state-paused = на паузе
state-closed = закрыт

role-admin = администратор
role-manager = менеджер
role-viewer = наблюдатель

moment = { $day } { $month ->
    [1] января
    [2] февраля
    [3] марта
    [4] апреля
    [5] мая
    [6] июня
    [7] июля
    [8] августа
    [9] сентября
    [10] октября
    [11] ноября
   *[12] декабря
}, { $time }

rate-exact = { $currency ->
    [RUB] { $amount } ₽
    [USD] { $amount } $
    [EUR] { $amount } €
   *[other] { $amount } { $currency }
}
rate-from = от { $currency ->
    [RUB] { $amount } ₽
    [USD] { $amount } $
    [EUR] { $amount } €
   *[other] { $amount } { $currency }
}
rate-up-to = до { $currency ->
    [RUB] { $amount } ₽
    [USD] { $amount } $
    [EUR] { $amount } €
   *[other] { $amount } { $currency }
}
rate-range = { $currency ->
    [RUB] { $low }–{ $high } ₽
    [USD] { $low }–{ $high } $
    [EUR] { $low }–{ $high } €
   *[other] { $low }–{ $high } { $currency }
}
rate-per = { $period ->
   *[hour] { $amount }/ч
    [day] { $amount } в день
    [month] { $amount } в месяц
    [project] { $amount } за проект
}

card-somebody = ИТ-специалист
card-request = Запрос: { $role }
card-offer = Специалист: { $role }
card-unsure = ❔ Не уверен, что это { $kind ->
    [offer] предложение
   *[other] запрос
}
card-state = { $state ->
   *[closed] ⛔ Закрыт
    [paused] ⏸ На паузе
}
card-gone = 🗑 Публикация удалена
card-state-since = { $mark } с { $when }
card-possible-double = ⚠️ Возможно, вы это уже видели: связь оборвалась при отправке.
card-people = { $count ->
    [one] { $count } человек
    [few] { $count } человека
   *[many] { $count } человек
}
card-direct-client = прямой заказчик
card-roughly = ≈ { $rate }
card-seen-once = { $when } · { $source }
card-seen-often = Впервые { $when } · { $count ->
    [one] { $count } публикация
    [few] { $count } публикации
   *[many] { $count } публикаций
} { $sources ->
    [1] в одном источнике
    [one] в { $sources } источнике
   *[many] в { $sources } источниках
}
card-more = … и ещё { $count }
card-no-title = источник
card-taken = 🤝 Взял(а) { $who }
card-taken-by-you = 🤝 Взято вами
card-matched = Подошло:
card-subscription = Подписка «{ $name }»
card-reason-word = «{ $word }»
card-reason-source = выбранный источник
card-dismissed = 🙈 Не подходит
card-hidden = 🗑 Не то

card-button-take = 🤝 Взять
card-button-release = Отпустить
card-button-dismiss = Не подходит
card-button-undismiss = ↩︎ Вернуть
card-button-fix = Исправить метки
card-button-why = Почему?
card-button-is-request = Это запрос: да
card-button-is-offer = Это специалист: да
card-button-is-not = нет
card-button-numbered = { $number } · { $what }
card-button-details = Подробнее

card-toast-taken = Взято. Теперь этот лид ваш.
card-toast-released = Лид отпущен, его снова может взять любой.
card-toast-dismissed = Убрано. Больше об этом не напомню.
card-toast-undismissed = Вернул на место.
card-toast-labelled = Спасибо! Запомнил: { $kind }.
card-toast-is-now = { $mark }! { $done }

card-why-title = Почему это «{ $kind }», уверенность { $percent } %
card-why-for = За это говорят слова:
card-why-against = Против:
card-why-written = { $what } (в тексте «{ $words }»)
card-why-no-words = Решили не отдельные слова, а текст в целом.
card-why-subscription = Почему вам: подписка «{ $name }»:
card-why-subscription-any = Почему вам: подписка «{ $name }» пропускает всё.

digest-title = { $bundle ->
   *[digest] 🗞 <b>Сводка</b>
    [morning] ☀️ <b>Доброе утро! Пришло за ночь</b>
    [recovered] 🔌 <b>Догнали пропущенное</b>
}
digest-explained = { $bundle ->
   *[digest] { "" }
    [morning] { "" }
    [recovered] Связь с Telegram прерывалась; вот что появилось за это время.
}
digest-count = { $count ->
    [one] { $count } публикация
    [few] { $count } публикации
   *[many] { $count } публикаций
}
digest-part = часть { $part } из { $parts }
