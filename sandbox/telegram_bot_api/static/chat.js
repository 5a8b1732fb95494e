// The chat page: draws what the sandbox tells over server-sent events and sends what the person does.
import { dayOf, initials, make, show, summary, timeOf } from "./message.js";
import { apply, lastOf, markRead, people, post, titleOf, unread, upload, world } from "./world.js";
import { nameOf, translatePage, words } from "./words.js";

const get = (id) => document.getElementById(id);
let current = 0;
let answered = null;
let inlineTimer = 0;
let actionTimer = 0;
const pressed = new Map();

// ---- passing notes

let toastTimer = 0;
function toast(text) {
  get("toast").textContent = text;
  get("toast").hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { get("toast").hidden = true; }, 3500);
}

const tried = (promise) => promise.catch((error) => toast(error.message));

// ---- what the person does

function say(text) {
  if (!text.trim()) return;
  const values = { chat: current, text, ...(answered ? { reply_to: answered.message_id } : {}) };
  replyTo(null);
  tried(post("send", values));
}

function deepLink(address) {
  const url = URL.canParse(address) ? new URL(address) : null;
  const ours = url?.hostname === "t.me" && url.pathname.slice(1).toLowerCase() === world.bot.username.toLowerCase();
  return ours ? url.searchParams.get("start") ?? "" : null;
}

function follow(address) {
  const payload = deepLink(address);
  if (payload === null) window.open(address, "_blank", "noopener");
  else tried(post("start", { payload })).then(() => openChat(world.me));
}

function link(node, address) {
  if (!/^(https?|mailto):/i.test(address)) return;
  node.href = address;
  node.target = "_blank";
  node.rel = "noopener";
  if (deepLink(address) !== null) node.addEventListener("click", (event) => { event.preventDefault(); follow(address); });
}

function press(message, button, node) {
  if (button.callback_data !== undefined) {
    node.classList.add("busy");
    setTimeout(() => node.classList.remove("busy"), 10000);
    tried(post("click", { chat: current, message: message.message_id, data: button.callback_data }).then((id) => pressed.set(id, node)));
  } else if (button.url ?? button.web_app?.url) follow(button.url ?? button.web_app.url);
  else if (button.copy_text) navigator.clipboard.writeText(button.copy_text.text).then(() => toast(words.copied));
  else ask(button.switch_inline_query_current_chat ?? button.switch_inline_query ?? "");
}

function replyTo(message) {
  answered = message;
  get("replying").hidden = !message;
  get("replying").firstElementChild.textContent = message ? `↩ ${summary(message)}` : "";
  if (message) get("text").focus();
}

const act = { say, press, link, replyTo };

// ---- inline mode

function ask(query) {
  get("text").value = `@${world.bot.username} ${query}`;
  get("text").focus();
  typed();
}

function choices(nodes) {
  get("choices").replaceChildren(...nodes);
  get("choices").hidden = !nodes.length;
}

function typed() {
  const box = get("text");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
  clearTimeout(inlineTimer);
  const match = box.value.match(/^@(\w+) ([^]*)$/);
  if (match?.[1].toLowerCase() !== world.bot.username.toLowerCase()) return choices([]);
  choices([make("p", "hint", words.searching)]);
  inlineTimer = setTimeout(() => inline(match[2], box.value), 300);
}

async function inline(query, written) {
  const chat = current;
  const found = await tried(post("inline", { chat, text: query }));
  if (get("text").value !== written || chat !== current) return;
  const nodes = (found?.results ?? []).map((result) => {
    const node = make("button", "choice");
    node.append(make("strong", "", result.title ?? result.shown.text ?? ""), make("span", "", result.description ?? ""));
    node.addEventListener("click", () => {
      get("text").value = "";
      typed();
      tried(post("choose", { chat, query: found.query, result: result.id }));
    });
    return node;
  });
  choices([make("p", "hint", nodes.length ? words.inlineHint : words.nothing), ...nodes]);
}

// ---- drawing

function drawChats() {
  const entries = [...world.chats.values()].sort((a, b) => (lastOf(b)?.message_id ?? 0) - (lastOf(a)?.message_id ?? 0));
  const nodes = entries.map((entry) => {
    const last = lastOf(entry);
    const count = entry.chat.id === current && document.hasFocus() ? 0 : unread(entry);
    const node = make("button", "chat");
    if (entry.chat.id === current) node.setAttribute("aria-current", "true");
    const lines = make("span", "words");
    lines.append(make("strong", "", titleOf(entry)), make("span", "", last ? summary(last) : words.empty));
    const side = make("span", "side");
    side.append(make("small", "", last ? timeOf(last) : ""));
    if (count) side.append(make("b", "count", String(count)));
    node.append(make("span", "avatar", initials(titleOf(entry))), lines, side);
    node.addEventListener("click", () => openChat(entry.chat.id));
    return node;
  });
  get("chats").replaceChildren(...nodes);
  const total = entries.reduce((sum, entry) => sum + unread(entry), 0);
  document.title = `${total ? `(${total}) ` : ""}${world.person.first_name} — ${world.bot.first_name}`;
}

function drawHead(entry) {
  const inGroup = entry.chat.type !== "private";
  get("chat-title").textContent = titleOf(entry);
  get("chat-avatar").textContent = initials(titleOf(entry));
  get("chat-note").textContent = inGroup ? words.members(entry.members.length) : words.bot;
  get("chat-note").title = entry.members.map((member) => member.first_name).join(", ");
  get("invite").hidden = !inGroup;
  get("block").hidden = inGroup || !entry.messages.size;
  get("block").textContent = world.blocked ? words.unblock : words.block;
}

function drawFoot(entry) {
  const fresh = entry.chat.type === "private" && !entry.messages.size;
  get("start").hidden = !fresh;
  get("write").hidden = fresh;
  get("commands").hidden = !world.commands.length;
  const markup = entry.keyboard;
  get("text").placeholder = markup?.input_field_placeholder ?? words.message;
  get("keyboard").hidden = !markup?.keyboard;
  const rows = (markup?.keyboard ?? []).map((row) => {
    const line = make("div", "row");
    for (const button of row) {
      const label = button.text ?? button;
      const node = make("button", "", label);
      node.type = "button";
      node.addEventListener("click", () => say(label));
      line.append(node);
    }
    return line;
  });
  get("keyboard").replaceChildren(...rows);
}

function drawLog(entry) {
  const nodes = [];
  let day = "";
  for (const message of entry.messages.values()) {
    if (dayOf(message) !== day) {
      day = dayOf(message);
      const mark = make("li", "service day");
      mark.append(make("span", "", day));
      nodes.push(mark);
    }
    nodes.push(show(message, world.me, entry.chat.type !== "private", act));
  }
  get("log").replaceChildren(...nodes);
}

function draw(scroll) {
  const entry = world.chats.get(current);
  const log = get("log");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 120;
  if (entry) {
    drawHead(entry);
    drawLog(entry);
    drawFoot(entry);
    if (document.hasFocus()) markRead(entry);
    if (scroll || atEnd) log.scrollTop = log.scrollHeight;
  }
  drawChats();
}

function openChat(id) {
  current = id;
  document.body.classList.add("in-chat");
  replyTo(null);
  choices([]);
  draw(true);
}

// ---- events

function redrawMessage(entry, message) {
  const old = get(`m${message.message_id}`);
  if (!old) return draw(message.from.id === world.me);
  const log = get("log");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 120;
  old.replaceWith(show(message, world.me, entry.chat.type !== "private", act));
  if (atEnd) log.scrollTop = log.scrollHeight;
  drawChats();
}

function heard(event) {
  apply(event);
  if (event.kind === "state") return begin();
  if (event.kind === "toast") return answeredTap(event);
  if (event.kind === "action") return acting(event);
  if (event.kind === "message") {
    const entry = world.chats.get(event.message.chat.id);
    if (entry?.chat.id !== current) return drawChats();
    clearTimeout(actionTimer);
    redrawMessage(entry, event.message);
    return drawHead(entry);
  }
  if (event.kind === "keyboard") {
    if (event.chat_id !== current) return undefined;
    drawFoot(world.chats.get(current));
    get("log").scrollTop = get("log").scrollHeight;
    if (event.keyboard?.force_reply) replyTo(lastOf(world.chats.get(current)));
    return undefined;
  }
  return draw(false);
}

function answeredTap(event) {
  pressed.get(event.query_id)?.classList.remove("busy");
  pressed.delete(event.query_id);
  if (event.url) follow(event.url);
  if (!event.text) return;
  if (!event.alert) return void toast(event.text);
  get("alert").firstElementChild.textContent = event.text;
  if (!get("alert").open) get("alert").showModal();
}

function acting(event) {
  if (event.chat_id !== current) return;
  get("chat-note").textContent = words.typing;
  clearTimeout(actionTimer);
  actionTimer = setTimeout(() => drawHead(world.chats.get(current)), 5000);
}

async function begin() {
  get("me-name").textContent = world.person.first_name;
  get("me-avatar").textContent = initials(world.person.first_name);
  if (world.start !== null) {
    const payload = world.start;
    world.start = null;
    history.replaceState(null, "", `/?me=${world.me}`);
    current = world.me;
    document.body.classList.add("in-chat");
    await tried(post("start", { payload }));
  }
  const wide = matchMedia("(min-width: 721px)").matches;
  current = world.chats.has(current) ? current : wide ? world.me : 0;
  draw(true);
}

// ---- groups

async function gather(title, candidates, withTitle) {
  const dialog = get("gather");
  const form = dialog.firstElementChild;
  form.reset();
  form.querySelector("h2").textContent = title;
  form.elements.title.hidden = !withTitle;
  form.elements.title.required = withTitle;
  const nodes = candidates.map((one) => {
    const label = make("label");
    const box = make("input");
    box.type = "checkbox";
    box.value = one.id;
    box.checked = withTitle && one.is_bot;
    label.append(box, make("span", "", one.is_bot ? `${one.first_name} (${words.bot})` : one.first_name));
    return label;
  });
  get("candidates").replaceChildren(...(nodes.length ? nodes : [make("p", "hint", words.everyone)]));
  dialog.returnValue = "cancel";
  dialog.showModal();
  await new Promise((done) => dialog.addEventListener("close", done, { once: true }));
  const chosen = [...get("candidates").querySelectorAll(":checked")].map((box) => Number(box.value));
  return dialog.returnValue === "ok" ? { title: form.elements.title.value.trim(), chosen } : null;
}

async function newGroup() {
  const others = [world.bot, ...world.people.filter((one) => one.id !== world.me)];
  const made = await gather(words.newGroup, others, true);
  if (!made?.title) return;
  const invited = made.chosen.filter((id) => id !== world.bot.id);
  const values = { title: made.title, invite: invited, with_bot: made.chosen.includes(world.bot.id) };
  const id = await tried(post("group", values));
  if (id) openChat(id);
}

async function inviteHere() {
  const chat = world.chats.get(current);
  const inside = new Set(chat.members.map((member) => member.id));
  const outside = [world.bot, ...world.people].filter((one) => !inside.has(one.id));
  const made = await gather(words.invite, outside, false);
  for (const person of made?.chosen ?? []) await tried(post("invite", { chat: current, person }));
}

function showCommands() {
  if (!get("choices").hidden) return choices([]);
  return choices(world.commands.map((command) => {
    const node = make("button", "choice");
    node.append(make("strong", "", `/${command.command}`), make("span", "", command.description));
    node.addEventListener("click", () => { choices([]); say(`/${command.command}`); });
    return node;
  }));
}

// ---- the first screen

async function welcome() {
  const known = (await people()).people;
  const nodes = known.map((person) => {
    const node = make("a");
    node.href = `/?me=${person.id}`;
    node.append(make("span", "avatar", initials(person.first_name)), make("span", "", person.first_name));
    const item = make("li");
    item.append(node);
    return item;
  });
  get("persons").replaceChildren(...nodes);
  get("join").elements.first_name.value = nameOf(1001 + known.length);
  get("join").addEventListener("submit", async (event) => {
    event.preventDefault();
    const first_name = get("join").elements.first_name.value.trim();
    const person = await tried(post("join", { first_name, language_code: navigator.language.slice(0, 2) }));
    if (person) location.href = `/?me=${person.id}`;
  });
  get("welcome").hidden = false;
}

function wire() {
  get("write").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = get("text").value;
    get("text").value = "";
    typed();
    say(text);
  });
  get("text").addEventListener("input", typed);
  get("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      get("write").requestSubmit();
    }
  });
  get("file").addEventListener("change", async () => {
    const [file] = get("file").files;
    const response = file && await upload(current, file);
    if (response && !response.ok) toast(await response.text());
    get("file").value = "";
  });
  get("start").addEventListener("click", () => tried(post("start", {})));
  get("block").addEventListener("click", () => tried(post("block", { blocked: !world.blocked })));
  get("invite").addEventListener("click", inviteHere);
  get("new-group").addEventListener("click", newGroup);
  get("commands").addEventListener("click", showCommands);
  get("replying").lastElementChild.addEventListener("click", () => replyTo(null));
  get("back").addEventListener("click", () => { document.body.classList.remove("in-chat"); current = 0; draw(false); });
  window.addEventListener("focus", () => { if (world.person) draw(false); });
}

async function enter() {
  const known = (await people()).people;
  if (!known.some((person) => person.id === world.me)) {
    await post("join", { id: world.me, first_name: nameOf(world.me), language_code: navigator.language.slice(0, 2) });
  }
  get("desk").hidden = false;
  wire();
  const source = new EventSource(`/page/events?me=${world.me}`);
  source.addEventListener("message", (event) => heard(JSON.parse(event.data)));
  source.addEventListener("error", () => toast(words.offline));
}

translatePage();
tried(world.me ? enter() : welcome());
