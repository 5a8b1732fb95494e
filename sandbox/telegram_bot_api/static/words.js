// The page's own words, by the browser's language.
const RUSSIAN = {
  who: "Кто вы?",
  about: "Это Telegram-песочница: она работает только на этом компьютере. Каждый человек живёт в своей вкладке.",
  name: "Имя", enter: "Войти", switch: "Сменить", newGroup: "Новая группа", back: "Назад", invite: "Пригласить",
  block: "Заблокировать", unblock: "Разблокировать", cancel: "Отмена", commands: "Команды", attach: "Приложить файл",
  message: "Сообщение", send: "Отправить", start: "Начать", ok: "Готово", groupTitle: "Название группы",
  bot: "бот", typing: "печатает…", edited: "изменено", reply: "Ответить", forwarded: "Переслано от", via: "через",
  created: "создаёт группу", joined: "теперь в группе", photo: "Фото", nothing: "Ничего не нашлось", searching: "Ищу…",
  inlineHint: "Результаты бота", offline: "Нет связи с песочницей", copied: "Скопировано", empty: "Сообщений пока нет",
  everyone: "Все уже здесь", members: (n) => `участников: ${n}`,
  names: ["Анна", "Борис", "Вера", "Глеб", "Дина", "Егор"], guest: "Гость",
};
const ENGLISH = {
  who: "Who are you?",
  about: "This is a sandbox Telegram: it works on this computer only. Each person lives in a tab of their own.",
  name: "Name", enter: "Enter", switch: "Switch", newGroup: "New group", back: "Back", invite: "Invite",
  block: "Block", unblock: "Unblock", cancel: "Cancel", commands: "Commands", attach: "Attach a file",
  message: "Message", send: "Send", start: "Start", ok: "OK", groupTitle: "Group name",
  bot: "bot", typing: "is typing…", edited: "edited", reply: "Reply", forwarded: "Forwarded from", via: "via",
  created: "created the group", joined: "joined the group", photo: "Photo", nothing: "Nothing found", searching: "Searching…",
  inlineHint: "The bot's results", offline: "No connection to the sandbox", copied: "Copied", empty: "No messages yet",
  everyone: "Everybody is here", members: (n) => `${n} members`,
  names: ["Anna", "Boris", "Vera", "Gleb", "Dina", "Egor"], guest: "Guest",
};

export const language = navigator.language.toLowerCase().startsWith("ru") ? "ru" : "en";
export const words = language === "ru" ? RUSSIAN : ENGLISH;

export function nameOf(id) {
  return words.names[id - 1001] ?? `${words.guest} ${id}`;
}

export function translatePage() {
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = words[node.dataset.word];
  for (const node of document.querySelectorAll("[data-placeholder]")) node.placeholder = words[node.dataset.placeholder];
  for (const node of document.querySelectorAll("[data-title]")) node.title = words[node.dataset.title];
  for (const node of document.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", words[node.dataset.label]);
    node.title = words[node.dataset.label];
  }
}
