// One message as a node: formatting, files, inline buttons.
import { language, words } from "./words.js";

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", spoiler: "span",
  blockquote: "blockquote", expandable_blockquote: "blockquote", text_link: "a", url: "a", email: "a",
  bot_command: "a", mention: "span", hashtag: "span",
};
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

export function make(tag, className = "", text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

export function initials(name) {
  return [...name].slice(0, 1).join("").toUpperCase();
}

function opened(entity, text, act) {
  const node = make(TAGS[entity.type], entity.type);
  const covered = text.slice(entity.offset, entity.offset + entity.length);
  if (entity.type === "bot_command") {
    node.href = "#";
    node.addEventListener("click", (event) => { event.preventDefault(); act.say(covered); });
  } else if (entity.type === "spoiler") {
    node.addEventListener("click", () => node.classList.add("shown"));
  } else if (node.tagName === "A") {
    const guess = entity.type === "email" ? `mailto:${covered}` : /^\w+:/.test(covered) ? covered : `https://${covered}`;
    act.link(node, entity.url ?? guess);
  }
  return node;
}

// Entities nest; offsets are UTF-16 units, as JavaScript counts too.
export function rich(text, entities, act) {
  const root = make("div", "text");
  const open = [{ node: root, end: Infinity }];
  const starts = entities.filter((entity) => TAGS[entity.type]);
  const blocks = starts.filter((entity) => BLOCKS.has(entity.type));
  const edges = new Set([0, text.length]);
  for (const entity of starts) edges.add(entity.offset).add(entity.offset + entity.length);
  const points = [...edges].sort((a, b) => a - b);
  points.forEach((point, index) => {
    while (open.at(-1).end <= point) open.pop();
    for (const entity of starts.filter((candidate) => candidate.offset === point && candidate.length)) {
      const node = opened(entity, text, act);
      open.at(-1).node.append(node);
      open.push({ node, end: entity.offset + entity.length });
    }
    if (index + 1 < points.length) open.at(-1).node.append(between(point, points[index + 1]));
  });
  return root;

  // A block stands on lines of its own: the line break that parts it from the text beside it is not drawn.
  function between(start, end) {
    const after = blocks.some((entity) => entity.offset + entity.length === start) && text[start] === "\n";
    const before = blocks.some((entity) => entity.offset === end) && text[end - 1] === "\n";
    return text.slice(start + (after ? 1 : 0), Math.max(start, end - (before ? 1 : 0)));
  }
}

function attached(message) {
  const nodes = [];
  if (message.photo) {
    const picture = make("img");
    picture.src = `/page/file/${message.photo.at(-1).file_id}`;
    picture.alt = words.photo;
    nodes.push(picture);
  }
  if (message.document) {
    const link = make("a", "document");
    link.href = `/page/file/${message.document.file_id}`;
    link.download = message.document.file_name;
    const size = message.document.file_size;
    link.append(make("strong", "", message.document.file_name));
    link.append(make("small", "", size < 1024 ? `${size} B` : `${Math.round(size / 1024)} KB`));
    nodes.push(link);
  }
  return nodes;
}

function inlineButtons(message, act) {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  const box = make("div", "buttons");
  for (const row of rows) {
    const line = make("div", "row");
    for (const button of row) {
      const node = make("button", "", button.text);
      if (button.url) node.classList.add("leads-out");
      node.addEventListener("click", () => act.press(message, button, node));
      line.append(node);
    }
    box.append(line);
  }
  return rows.length ? [box] : [];
}

function service(message) {
  if (message.group_chat_created) return `${message.from.first_name} ${words.created}`;
  const newcomers = message.new_chat_members;
  return newcomers ? `${newcomers.map((person) => person.first_name).join(", ")} ${words.joined}` : "";
}

export function timeOf(message) {
  return new Date(message.date * 1000).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
}

export function dayOf(message) {
  return new Date(message.date * 1000).toLocaleDateString(language, { day: "numeric", month: "long" });
}

export function summary(message) {
  return message.text ?? message.caption ?? (service(message) || message.document?.file_name || words.photo);
}

export function show(message, me, inGroup, act) {
  const told = service(message);
  const item = make("li", told ? "service" : message.from.id === me ? "mine" : "theirs");
  item.id = `m${message.message_id}`;
  if (told) {
    item.append(make("span", "", told));
    return item;
  }
  const bubble = make("div", "bubble");
  if (inGroup && message.from.id !== me) bubble.append(make("strong", "author", message.from.first_name));
  if (message.via_bot) bubble.append(make("small", "origin", `${words.via} @${message.via_bot.username}`));
  if (message.forward_origin) {
    bubble.append(make("small", "origin", `${words.forwarded} ${message.forward_origin.sender_user.first_name}`));
  }
  if (message.reply_to_message) {
    const quote = make("div", "answered");
    quote.append(make("strong", "", message.reply_to_message.from.first_name));
    quote.append(make("span", "", summary(message.reply_to_message).slice(0, 120)));
    bubble.append(quote);
  }
  bubble.append(...attached(message));
  const text = message.text ?? message.caption;
  if (text) bubble.append(rich(text, message.entities ?? message.caption_entities ?? [], act));
  const foot = make("small", "time", `${message.edit_date ? `${words.edited} ` : ""}${timeOf(message)}`);
  const reply = make("button", "reply", "↩");
  reply.setAttribute("aria-label", words.reply);
  reply.title = words.reply;
  reply.addEventListener("click", () => act.replyTo(message));
  bubble.append(foot);
  const column = make("div", "column");
  column.append(bubble, ...inlineButtons(message, act));
  item.append(column, reply);
  return item;
}
