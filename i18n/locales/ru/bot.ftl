# Что бот говорит вне подписок и карточек.

bot-welcome = Здравствуйте, { $name }! Я Платон: читаю каналы, где ищут и предлагают ИТ-специалистов, и приношу то, что нужно вам. Ваша роль — { $role }.
bot-welcome-admin = Вы можете приглашать коллег (/team) и добавлять источники (/sources).
bot-welcome-manager = Когда появится подходящий запрос, вы сможете взять его одной кнопкой — коллеги это увидят.
bot-welcome-viewer = Вы будете видеть всё, что находят ваши подписки.
bot-first-step = Начнём с подписки. Напишите одной строкой, что вам нужно, — или нажмите на пример, его легко поправить:
bot-step-by-step = 🧭 Собрать по шагам
bot-welcome-back = С возвращением, { $name }! Подписки — /subscriptions, всё остальное — /help. Новую подписку можно просто написать строкой:
bot-already-in = Вы уже в команде, приглашение не понадобилось. Подписки — /subscriptions.
bot-stranger = Здравствуйте! Этот бот работает только для своей команды. Чтобы войти, попросите у администратора вашей компании ссылку-приглашение и откройте её.
bot-stranger-tap = У вас сейчас нет доступа. Попросите у администратора новую ссылку-приглашение.
bot-too-fast = Слишком быстро, не успеваю. Подождите несколько секунд.
bot-dialog-is-over = Этот разговор уже окончен. Начните заново: /subscriptions
bot-incident = Что-то сломалось, и это наша вина. Уже записал, номер { $number }. Попробуйте ещё раз.
bot-unknown-command = Такой команды не знаю. Всё, что умею, — в /help.
bot-not-text = Я понимаю только текст. Что умею — в /help.
bot-old-button = Эта кнопка уже не действует.
bot-cancelled = Хорошо, отменил.
bot-button-cancel = Отмена

command-subscriptions = Мои подписки
command-subscribe = Новая подписка одной строкой
command-review = Разобрать сомнительные посты
command-settings = Язык, время, почта
command-team = Команда и приглашения
command-sources = Источники
command-models = Версии модели
command-help = Что умеет бот

settings-title = <b>Настройки</b>
settings-language = Язык: <b>{ $language }</b>
settings-timezone = Часовой пояс: <b>{ $timezone }</b>, сейчас у вас { $time }
settings-quiet = Тихие часы: <b>{ $hours }</b>
settings-quiet-off = нет
settings-quiet-explained = В тихие часы ничего не приходит, утром будет одна сводка.
settings-email = Почта: { $state ->
   *[none] не указана
    [waiting] <b>{ $email }</b> — ⏳ ждёт подтверждения: откройте ссылку из письма
    [confirmed] <b>{ $email }</b> — ✅ подтверждена
    [unsubscribed] <b>{ $email }</b> — 🚫 вы отписались от писем
    [refused] <b>{ $email }</b> — ⚠️ почта не принимает письма
}
settings-button-language = 🌐 English
settings-button-timezone = 🕑 Часовой пояс
settings-button-quiet = 🌙 Тихие часы
settings-button-email = ✉️ Почта
settings-button-email-again = ✉️ Отправить письмо ещё раз
settings-button-back = « Настройки
settings-timezone-ask = Выберите часовой пояс или напишите город («Казань», «Белград») либо смещение («МСК+2»).
settings-timezone-set = Часовой пояс: <b>{ $timezone }</b>, сейчас у вас { $time }.
settings-quiet-ask = Когда не беспокоить?
settings-quiet-none = Беспокоить всегда
settings-saved = Сохранено.
settings-email-ask = Напишите адрес почты, на который присылать подборку.
settings-email-sent = Отправляю письмо на <b>{ $email }</b>. Откройте ссылку из него — и почта заработает.
settings-email-sent-again = Письмо отправляется ещё раз на { $email }.
settings-language-set = Теперь говорю по-русски.

zone-kaliningrad = Калининград
zone-moscow = Москва
zone-samara = Самара
zone-yekaterinburg = Екатеринбург
zone-novosibirsk = Новосибирск
zone-vladivostok = Владивосток

review-title = <b>На проверку</b> · осталось { $left }{ $done ->
    [0] { "" }
   *[other] { " " }· разобрано { $done }
}
review-guess = Думаю, это: <b>{ $kind }</b>, { $percent } %
review-source = { $when } · { $source }
review-empty = Сомнительных постов нет. { $done ->
    [0] { "" }
    [one] Разобран { $done }, спасибо!
    [few] Разобрано { $done }, спасибо!
   *[many] Разобрано { $done }, спасибо!
}
review-button-skip = Пропустить
review-button-undo = ↩︎ Отменить прошлый ответ
review-button-fix = Подробнее…
review-labelled = Запомнил: { $kind }.
review-said = { $name } говорит: <b>{ $kind }</b>
review-differs = Запомнил: { $kind }. А { $name } говорит: { $other }.
review-undone = Прошлый ответ отменён.
review-nothing-to-undo = Отменять нечего.

labels-title = <b>Что это за пост?</b>
labels-item = { $number } из { $count }
labels-kind = Вид: <b>{ $value }</b>
labels-engagement = Формат: <b>{ $value }</b>
labels-role = Роль: <b>{ $value }</b>
labels-grades = Грейды: <b>{ $value }</b>
labels-core = Стек: <b>{ $value }</b>
labels-extra = Желательно: <b>{ $value }</b>
labels-not-stated = не указано
labels-button-engagement = Формат
labels-button-role = Роль
labels-button-grades = Грейды
labels-button-stack = Стек
labels-button-next-item = Следующая позиция ({ $number } из { $count })
labels-button-save = ✅ Сохранить
labels-button-close = Закрыть
labels-button-undo = ↩︎ Отменить
labels-button-done = Готово
labels-ask-stack = Напишите технологии этой позиции через запятую. После плюса — те, что желательны: <i>react, typescript + graphql</i>
labels-stack-unknown = Не узнал ни одной технологии в «{ $typed }».
labels-saved = Спасибо, запомнил: <b>{ $summary }</b>. На этом учится модель.
labels-withdrawn = Отменил, метка снята.
labels-old-form = Эта форма устарела, откройте её заново.

team-title = <b>Команда</b>
team-line = { $number }. { $name } — { $role }{ $you ->
    [yes] { " " }(вы)
   *[no] { "" }
}
team-button-invite = ➕ Пригласить: { $role }
team-button-remove = Убрать { $name }
team-button-remove-sure = Да, убрать
team-invited = Одноразовая ссылка для роли «{ $role }», действует 7 дней. Отправьте её человеку лично:
    { $link }
team-remove-sure = Убрать { $name } из команды? Доступ пропадёт сразу, подписки остановятся.
team-removed = { $name } больше не в команде.

source-title = <b>Источники</b> · { $count }, справа — последний пост
source-title-page = <b>Источники</b> · { $count }, страница { $page } из { $pages }; справа — последний пост
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
source-requested = ждём, пока администратор чата впустит
source-waiting = ещё не читали
source-unreadable = не читается
source-none = Пока ни одного. Добавьте первый канал по ссылке.
source-button-add = ➕ Добавить по ссылке
source-ask = Пришлите ссылку на канал или чат: <code>@имя</code>, <code>t.me/имя</code> или приглашение <code>t.me/+…</code>
source-added = Добавил «{ $name }». Начну читать в ближайшую минуту.
