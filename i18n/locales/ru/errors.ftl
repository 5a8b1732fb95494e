error-not-found = Этого уже нет или оно вам не видно.
error-forbidden = Для этого у вас нет прав. Обратитесь к администратору.
error-conflict = Что-то успело измениться. Обновите и попробуйте ещё раз.
error-invalid = Так не получится: проверьте, что введено.
error-lead-already-taken = Этот лид уже взял(а) { $owner }.
error-invitation-used = Это приглашение уже использовано. Попросите новое.
error-already-member = Вы уже в команде.
error-link-expired = Срок действия ссылки истёк. Попросите новую.
error-link-used = Эта ссылка уже использована.
error-source-known = Этот источник уже есть: «{ $title }».
error-not-a-link = Не похоже на ссылку на канал. Нужно @имя, t.me/имя или приглашение t.me/+…
error-not-an-address = Не похоже на адрес почты. Пример: anna@example.com
error-not-a-timezone = Не знаю такого места. Напишите крупный город рядом или смещение, например «МСК+2».
error-closed-needs-account = Закрытый канал можно читать только аккаунтом Telegram: у него нет публичной страницы.
error-no-such-invitation = Такого приглашения нет: ссылка скопирована не целиком или отозвана. Попросите новую.
error-last-admin = Это единственный администратор: сначала назначьте другого.
error-address-taken = На этот адрес уже получает письма другой человек из вашей компании.
error-name-taken = Такое название уже занято.
error-too-many-subscriptions = Подписок уже слишком много. Удалите лишние или объедините.
error-too-soon = Письмо только что отправлено. Ещё раз можно через { $minutes ->
    [one] { $minutes } минуту
    [few] { $minutes } минуты
   *[many] { $minutes } минут
}.
error-wrong-encryption-key = Ключ шифрования не подходит к сохранённому входу: проверьте ENCRYPTION_KEY.
error-sign-in-failed = Telegram не впустил аккаунт: { $reason ->
    [code] код неверный
    [code-expired] код устарел, запросите новый
    [banned] этот номер заблокирован
    [api] API_ID и API_HASH не подходят
    [password] пароль неверный
    [phone] номер не подходит
    [flood] слишком много попыток, подождите
    [network] нет связи
   *[other] причина — { $reason }
}.
error-not-an-export = Это не выгрузка Telegram Desktop: нужен файл result.json.
error-export-cut = Файл обрывается или повреждён. Что было до этого места, сохранено: прочитано { $read }, новых { $new }.
error-export-is-closed = «{ $title }» — закрытый чат. Укажите компанию, которой достанется его история.
error-no-older-version = Возвращаться некуда: до этой модели другая не работала.
error-label-line = Строка { $line }: { $problem ->
    [json] это не JSON ({ $value })
    [object] нужен объект с text и kind
    [text] нет текста поста
    [kind] вид { $value } — не request, offer, update или junk
    [engagement] формат { $value } не подходит
    [items] позиции не по форме руководства
    [role] нет такой роли: { $value }
    [technologies] нет такой технологии: { $value }
    [count] число людей меньше одного
    [place] такого сообщения у нас нет: { $value }
   *[date] дата не читается: { $value }
}.
