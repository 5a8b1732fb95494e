# Подписки: словами, списком, диалогом и одной строкой.

wish-kinds = Что:
wish-kinds-all = запросы и специалисты
wish-roles = Роли:
wish-any = Стек, любое из:
wish-all = Стек, всё сразу:
wish-none = Без:
wish-grades = Грейд:
wish-engagements = Формат:
wish-rate = Ставка:
wish-remote = Где:
wish-places = Место:
wish-words = Со словами:
wish-minus-words = Без слов:
wish-sources = Источники:
wish-sources-chosen = { $count ->
    [one] { $count } выбранный
   *[other] { $count } выбранных
}
wish-strict = Пропускать, если не указано:
wish-strict-roles = роль
wish-strict-technologies = стек
wish-strict-grades = грейд
wish-strict-engagement = формат
wish-strict-min-rate = ставка
wish-strict-remote = удалёнка или офис
wish-strict-places = место
wish-name-all = Все { $kinds }
wish-how = Как: <b>{ $when }, { $channels }, { $sound }</b>; уверенность от { $percent } %

how-telegram = в Telegram
how-email = на почту
how-both = в Telegram и на почту
how-nowhere = никуда
how-at-once = сразу
how-digest-at = сводкой в { $hour }
how-loud = со звуком
how-silent = без звука

subscription-list-title = <b>Ваши подписки</b>
subscription-list-empty = Подписок пока нет. Напишите одной строкой, кого ищут ваши клиенты или кого ищете вы, — и я начну следить.
    Например: <i>{ $example }</i>
subscription-list-line = { $state ->
   *[on] 🔔
    [silent] 🔕
    [digest] 🗞
    [paused] ⏸
} { $name }{ $count ->
    [0] { "" }
    [one] { " " }· { $count } за 30 дней
   *[other] { " " }· { $count } за 30 дней
}
subscription-list-hint = Нажмите на подписку, чтобы открыть её, или напишите новую одной строкой.
subscription-new = ➕ Новая подписка
subscription-title = <b>{ $name }</b>
subscription-is-paused = ⏸ На паузе: ничего не приходит.
subscription-would = { $count ->
    [0] За последние 30 дней не было бы ни одной публикации. Можно смягчить фильтры.
    [one] За последние 30 дней была бы <b>{ $count }</b> публикация.
    [few] За последние 30 дней было бы <b>{ $count }</b> публикации.
   *[many] За последние 30 дней было бы <b>{ $count }</b> публикаций.
}
subscription-email-is-silent = ✉️ Почта ещё не подтверждена: письма не идут. /settings

subscription-button-edit = ✏️ Фильтры
subscription-button-how = 🔔 Как сообщать
subscription-button-pause = ⏸ Пауза
subscription-button-resume = ▶️ Продолжить
subscription-button-recipients = 👥 Получатели
subscription-button-delete = 🗑 Удалить
subscription-button-delete-sure = Да, удалить
subscription-button-keep = Оставить
subscription-button-restore = ↩︎ Вернуть
subscription-button-list = « Все подписки
subscription-button-back = « Назад

subscription-delete-sure = Удалить подписку «{ $name }»? Больше по ней ничего не придёт.
subscription-deleted = Подписка «{ $name }» удалена.
subscription-restored = Подписка снова работает.
subscription-paused = На паузе.
subscription-resumed = Снова слежу.

subscription-understood = Понял так:
subscription-button-create = ✅ Создать
subscription-button-change = ✏️ Изменить
subscription-button-cancel = Отмена
subscription-created = ✅ Подписка «{ $name }» создана. Как только появится подходящее — напишу.
subscription-saved = ✅ Подписка «{ $name }» изменена.
subscription-cancelled = Хорошо, не создаю.
subscription-not-changed = Хорошо, оставил как было.
subscription-draft-is-old = Это старая строка. Напишите её ещё раз.
subscription-not-understood = Не понял, за чем следить: в строке нет ни технологии, ни роли, ни грейда, ни ставки.
    Напишите, например: <i>{ $example }</i>
subscription-line-missing = Напишите после команды, за чем следить, например:
    <code>/subscribe { $example }</code>
subscription-example-1 = запросы на middle react от 2000, без вордпресса
subscription-example-2 = запросы на senior java или kotlin, только удалёнка
subscription-example-3 = свободные специалисты python middle

recipients-title = <b>Получатели подписки «{ $name }»</b>
    Письма получают и те, у кого нет Telegram, — после того как сами подтвердят адрес.
recipients-none = Пока никого.
recipients-add = ➕ Добавить адрес
recipients-ask = Напишите адрес почты. Мы отправим туда письмо с вопросом, согласен ли человек получать подборку.
recipients-added = Письмо с подтверждением отправляется на { $email }. До ответа ничего туда не придёт.
recipients-line = { $state ->
   *[waiting] ⏳ { $email } — ждёт подтверждения
    [confirmed] ✅ { $email }
    [unsubscribed] 🚫 { $email } — человек отписался
    [refused] ⚠️ { $email } — почта не принимает письма
}
recipients-remove = Убрать { $email }
recipients-removed = Убрано: этой подписки там больше не будет.

wizard-summary = <b>Подписка</b>
wizard-summary-hint = Нажмите на то, что хотите уточнить, или пришлите новую строку.
wizard-kinds = <b>Что вам нужно?</b>
    Запросы — кто-то ищет людей. Специалисты — кто-то предлагает людей.
wizard-roles = <b>Какие роли?</b>
    Можно несколько. Если не выбирать, подойдёт любая.
wizard-technologies = <b>Какие технологии?</b>
    Напишите начало названия («rea») или несколько сразу («java, kotlin»).
wizard-technologies-mode = { $mode ->
   *[any] Отмечаю: подойдёт <b>любая</b> из выбранных.
    [all] Отмечаю: нужны <b>все</b> выбранные.
    [none] Отмечаю: <b>не должно</b> быть ни одной.
}
wizard-technologies-unknown = «{ $typed }» среди технологий не нашёл. Попробуйте иначе; слово можно добавить на шаге «Слова».
wizard-grades = <b>Какие грейды?</b>
wizard-engagements = <b>Какой формат?</b>
wizard-rate = <b>Минимальная ставка</b>
    Рублей в час. Нажмите или напишите число; запросы без ставки тоже придут.
wizard-rate-not-understood = Не понял ставку «{ $typed }». Напишите число рублей в час, например 2000.
wizard-where = <b>Где работать?</b>
    Отметьте или напишите город; несколько — через запятую.
wizard-words = <b>Слова в тексте</b>
    Напишите слова через запятую: хотя бы одно должно встретиться. С минусом — не должно: <code>банк, -казино</code>
wizard-sources = <b>Откуда?</b>
    Если не выбирать, слежу за всеми источниками.
wizard-how = <b>Как сообщать?</b>
wizard-strict = <b>Если в посте что-то не указано</b>
    Обычно такие посты приходят. Отметьте, без чего присылать не надо.

wizard-field = { $field }{ $value ->
    [0] { "" }
   *[other] { " " }· { $value }
}
wizard-field-kinds = Что
wizard-field-roles = Роли
wizard-field-technologies = Технологии
wizard-field-grades = Грейды
wizard-field-engagements = Формат
wizard-field-rate = Ставка
wizard-field-where = Где
wizard-field-words = Слова
wizard-field-sources = Источники
wizard-field-how = Как сообщать
wizard-field-strict = Строгость
wizard-next = Дальше »
wizard-skip = Пропустить »
wizard-back = « Назад
wizard-to-summary = К итогу
wizard-clear = Сбросить
wizard-create = ✅ Создать
wizard-save = ✅ Сохранить
wizard-cancel = Отмена
wizard-checked = ✅ { $name }
wizard-unchecked = { $name }
wizard-mode-any = любая из
wizard-mode-all = все сразу
wizard-mode-none = кроме
wizard-rate-any = Любая
wizard-how-telegram = Telegram
wizard-how-email = Почта
wizard-how-at-once = Сразу
wizard-how-digest = Сводка { $hour }
wizard-how-loud = Со звуком
wizard-how-silent = Без звука
wizard-how-confidence = Уверенность от { $percent } %
wizard-how-nowhere = Так ничего не придёт: оставьте Telegram или почту.
wizard-how-no-email = Чтобы получать письма, укажите почту в /settings.
