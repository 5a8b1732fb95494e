# Письма. Названия того, что бывает в объявлениях, — в cards.ftl.
mail-moscow-time = { $when } МСК

mail-told-again = 🔁 Пишем ещё раз: условия стали лучше — ставка выше или появился прямой заказчик.

mail-fact-core = Стек
mail-fact-extra = Будет плюсом
mail-fact-rate = Ставка
mail-fact-grades = Грейд
mail-fact-people = Сколько
mail-fact-where = Где
mail-fact-engagement = Формат
mail-fact-client = Заказчик
mail-client-direct = прямой
mail-fact-request-id = Номер
mail-fact-owner = Взял(а)

mail-open-post = Открыть в Telegram

mail-footer-own = Вы получаете это письмо, потому что включили почту в своей подписке. Изменить подписку можно в боте: /subscriptions.
mail-footer-recipient = Вы получаете это письмо, потому что коллега добавил ваш адрес к своей подписке, а вы это подтвердили.
mail-unsubscribe = Отписаться от писем

mail-digest-title = { $bundle ->
   *[digest] Сводка
    [morning] За ночь
    [recovered] Догнали пропущенное
}
mail-digest-count = { $count ->
    [one] { $count } новое объявление
    [few] { $count } новых объявления
   *[many] { $count } новых объявлений
}
mail-digest-recovered = Мы какое-то время не могли читать каналы. Вот что появилось за это время; что-то уже могло закрыться.

mail-confirmation-subject = Подтвердите адрес для писем Платона
mail-confirmation-preheader = Одно нажатие — и письма начнут приходить
mail-confirmation-hello = Здравствуйте! Это Платон: он читает каналы, где ищут и предлагают ИТ-специалистов, и присылает то, что подходит.
mail-confirmation-own = Вы указали адрес { $email }, чтобы получать находки по почте. Подтвердите, что он ваш.
mail-confirmation-recipient = Коллега хочет присылать находки и на ваш адрес { $email }. Если вы не против, подтвердите это.
mail-confirmation-button = Подтвердить адрес
mail-confirmation-good-for = Ссылка действует { $hours ->
    [one] { $hours } час
    [few] { $hours } часа
   *[many] { $hours } часов
}.
mail-confirmation-plain-link = Если кнопка не нажимается, откройте ссылку:
mail-confirmation-otherwise = Не ждали этого письма? Просто не обращайте на него внимания: без подтверждения мы больше не напишем.
