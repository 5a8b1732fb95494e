// What this tab knows of the sandbox, and the calls that change it.
const query = new URLSearchParams(location.search);

export const world = {
  me: Number(query.get("me")) || 0,
  start: query.get("start"),
  person: null,
  bot: null,
  people: [],
  commands: [],
  blocked: false,
  chats: new Map(),
};

export async function post(path, values) {
  const response = await fetch(`/page/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ me: world.me, ...values }),
  });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

export async function people() {
  return (await fetch("/page/people")).json();
}

export function upload(chat, file) {
  const form = new FormData();
  form.append("file", file);
  return fetch(`/page/file?me=${world.me}&chat=${chat}`, { method: "POST", body: form });
}

function remember(entry) {
  const messages = new Map(entry.messages.map((message) => [message.message_id, message]));
  world.chats.set(entry.chat.id, { ...entry, messages });
}

// Applies an event to what is known; whoever draws is told which chat it touched.
export function apply(event) {
  const chat = world.chats.get(event.chat_id ?? event.message?.chat.id);
  if (event.kind === "state") {
    Object.assign(world, { person: event.me, bot: event.bot, people: event.people, commands: event.commands, blocked: event.blocked });
    world.chats.clear();
    remember({ chat: { id: world.me, type: "private" }, members: [], messages: [], keyboard: null });
    event.chats.forEach(remember);
  } else if (event.kind === "chat") remember(event);
  else if (event.kind === "message") chat?.messages.set(event.message.message_id, event.message);
  else if (event.kind === "delete") chat?.messages.delete(event.message_id);
  else if (event.kind === "keyboard" && chat) chat.keyboard = event.keyboard;
  else if (event.kind === "blocked") world.blocked = event.blocked;
  else if (event.kind === "commands") world.commands = event.commands;
  else if (event.kind === "person") world.people = [...world.people.filter((one) => one.id !== event.person.id), event.person];
}

export function titleOf(entry) {
  return entry.chat.type === "private" ? world.bot.first_name : entry.chat.title;
}

export function lastOf(entry) {
  return [...entry.messages.values()].at(-1);
}

const readKey = (id) => `read:${world.me}:${id}`;

export function unread(entry) {
  const seen = Number(localStorage.getItem(readKey(entry.chat.id))) || 0;
  return [...entry.messages.values()].filter((one) => one.message_id > seen && one.from.id !== world.me).length;
}

export function markRead(entry) {
  const last = lastOf(entry);
  if (last) localStorage.setItem(readKey(entry.chat.id), last.message_id);
}
