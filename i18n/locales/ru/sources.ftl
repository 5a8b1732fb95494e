# Почему источник или аккаунт не читается и что с этим сделать. { $detail } есть у каждого, нужен не всем.
source-problem-unknown-name = Канала с таким именем нет. Проверьте имя или добавьте канал по новой ссылке.
source-problem-invite-expired = Приглашение больше не действует. Попросите новую ссылку и добавьте источник заново.
source-problem-private = Канал закрыт или закрыл доступ нашему аккаунту. Попросите приглашение и добавьте источник по нему.
source-problem-too-many-channels = Аккаунт состоит в предельном числе каналов. Выйдите из лишних или подключите ещё один: platon login.
source-problem-requested = Заявка на вступление отправлена. Начнём читать, как только администратор её примет.
source-problem-known = Этот канал уже читается как «{ $detail }», второй раз он не нужен.
source-problem-not-a-channel = Это не канал и не супергруппа, читать тут нечего. Проверьте ссылку.
source-problem-other-channel = Под этим именем теперь другой канал: «{ $detail }». Добавьте нужный по новой ссылке.
source-problem-no-way-in = У нашего аккаунта нет доступа к этой истории: она загружена из файла. Добавьте канал по имени или приглашению.
source-problem-flood = Telegram попросил подождать. Продолжим сами после { $detail }.
source-problem-network = Telegram сейчас не отвечает. Попробуем ещё раз сами. Подробности: { $detail }
source-problem-telegram = Telegram отказал: { $detail }. Попробуем ещё раз сами; если не пройдёт, проверьте канал из приложения.
source-problem-unexpected = Что-то пошло не так ({ $detail }). Попробуем ещё раз сами; подробности в журнале.
source-problem-no-account = Читать пока некому: нет аккаунта Telegram. Войдите командой platon login или читайте публичную страницу.
source-problem-no-preview = Публичной страницы у канала нет: он закрыт, это группа или имя неверное. Читайте его аккаунтом Telegram.
source-problem-not-a-preview = Страница пришла, но это не лента канала. Если повторится, читайте канал аккаунтом Telegram.
source-problem-preview-paused = Сайт с публичными страницами попросил не спешить. Продолжим сами после { $detail }.
source-problem-preview-failing = Публичная страница не открывается ({ $detail }). Попробуем ещё раз сами.

source-account-signed-out = Telegram завершил сеанс аккаунта. Войдите заново: platon login.
source-account-banned = Telegram заблокировал аккаунт ({ $detail }). Подключите другой: platon login.
source-account-flood = Telegram попросил аккаунт подождать. Продолжим сами после { $detail }.
source-account-network = До Telegram не достучаться. Пробуем снова. Подробности: { $detail }
source-account-key = Сеанс зашифрован другим ключом. Верните прежний ключ шифрования или войдите заново: platon login.
source-account-unexpected = Что-то пошло не так ({ $detail }). Пробуем снова; подробности в журнале.

source-login-wrong-code = Код не подошёл. Проверьте и введите ещё раз.
source-login-wrong-password = Пароль не подошёл. Попробуйте ещё раз.
