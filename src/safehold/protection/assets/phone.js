// An assessment on a phone whose line may go: each answer is sealed as it is left, sent when there is
// a line, and deleted here once the unit says that it has it.
import { open } from "./phone-keeping.js";
import { seal, toHex } from "./phone-sealing.js";

const root = document.querySelector("[data-phone]");
const line = document.querySelector("[data-line]");
const AGAIN = 15000;
const TYPING = 800;
let keep, asked, keys, filling, sending, onceMore;
let panels = [];

function make(tag, options, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(options || {})) {
    if (name === "text") {
      made.textContent = value;
    } else if (name.startsWith("on")) {
      made.addEventListener(name.slice(2), value);
    } else {
      made.setAttribute(name, value);
    }
  }
  made.append(...children);
  return made;
}

function say(text) {
  if (line.textContent !== text) {
    line.textContent = text;
  }
}

function clock(moment) {
  return new Date(moment).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

function button(words, act, plain) {
  const look = plain ? "govuk-button govuk-button--secondary" : "govuk-button";
  return make("button", { type: "button", class: look, text: words, onclick: act });
}

async function post(message) {
  const answer = await fetch(root.dataset.send, {
    method: "POST",
    body: JSON.stringify(message),
    headers: { "Content-Type": "application/json" },
    redirect: "error",
  });
  const said = await answer.json();
  if (!said.kept) {
    throw Object.assign(new Error("not kept"), { why: said.why });
  }
}

async function sendOne(begun) {
  const { id: start } = begun;
  try {
    if (!begun.told) {
      const { instrument, began } = begun;
      await post({ kind: "start", start, instrument, began });
      await keep.change(start, (row) => (row.told = true));
    }
    const waiting = (await keep.all("waiting")).filter((row) => row.start === start);
    for (const row of waiting.sort((one, other) => one.order - other.order)) {
      await post({ kind: "answer", start, id: row.id, sealed: row.sealed });
      await keep.arrived(row);
    }
    const now = await keep.get("begun", start);
    const left = (await keep.all("waiting")).some((row) => row.start === start);
    if (now && now.finished && !left) {
      await post({ kind: "finish", start, count: now.count });
      await keep.over(start);
    }
  } catch (error) {
    if (error.why === "start") {
      await keep.change(start, (row) => (row.told = false));
    }
    throw error;
  }
}

// One at a time: what is begun while another run is under way is sent by the run after it.
async function send() {
  if (sending) {
    onceMore = true;
    return;
  }
  sending = true;
  try {
    do {
      onceMore = false;
      for (const begun of await keep.all("begun")) {
        await sendOne(begun);
      }
    } while (onceMore);
    await show();
  } catch (error) {
    await show(
      error.why === "phone"
        ? "The unit does not take anything from this phone: it is not approved, or was ended. " +
            "What you saved stays here, sealed. Ask for this phone again, or ring the unit."
        : error.why
          ? "The unit did not take what was sent. It stays here, sealed. Ring the unit."
          : "",
    );
  } finally {
    sending = false;
  }
}

async function show(problem) {
  const [begun, waiting, sent] = await Promise.all(["begun", "waiting", "sent"].map(keep.all));
  const unknown = begun.filter((row) => !row.told);
  if (problem) {
    say(problem);
  } else if (unknown.length) {
    say("No connection. Nobody knows yet that you began: the unit is told first of all.");
  } else if (waiting.length || begun.some((row) => row.finished)) {
    say("No connection. What you saved waits on this phone, sealed, and is sent by itself.");
  } else {
    say(begun.length ? "All that you saved is with the unit." : "");
  }
  if (!filling) {
    await list(begun, waiting, sent);
    return;
  }
  const here = new Set(waiting.filter((row) => row.start === filling).map((row) => row.item));
  const there = new Set(sent.filter((row) => row.start === filling).map((row) => row.item));
  for (const panel of panels) {
    panel.mark(here.has(panel.item), there.has(panel.item));
  }
}

function labelOf(key) {
  return asked.instruments.find((each) => each.key === key);
}

async function list(begun, waiting, sent) {
  const rows = begun.map((row) => {
    const made = labelOf(row.instrument);
    const here = waiting.filter((one) => one.start === row.id).length;
    const there = sent.filter((one) => one.start === row.id).length;
    const words = make("p", {
      text:
        `${made ? made.label : "Assessment"}, begun at ${clock(row.began)}. ` +
        `${there} answered and with the unit, ${here} waiting on this phone.` +
        (row.finished ? " Finished: it goes when there is a connection." : ""),
    });
    const item = make("li", {}, words);
    if (!row.finished && made) {
      item.append(button("Go on", () => fill(row.id, made)));
    }
    return item;
  });
  const under = make("section", { class: "panel" }, make("h2", { text: "Begun on this phone" }));
  under.append(
    rows.length
      ? make("ul", { class: "spaced" }, ...rows)
      : make("p", { text: "Nothing is begun. Begin from the assessment’s own page, if you can." }),
  );
  root.replaceChildren(under, startForm());
}

function startForm() {
  const choices = asked.instruments.map((each, number) =>
    radio("instrument", `start-${number}`, each.key, each.label),
  );
  const form = make(
    "form",
    { class: "panel", autocomplete: "off" },
    make("h2", { text: "Begin without a connection" }),
    make("p", {
      text: "Only where you cannot open the case. Nobody knows that you began until there is a line.",
    }),
    make(
      "fieldset",
      { class: "govuk-fieldset" },
      make("legend", { class: "govuk-fieldset__legend", text: "What is filled in?" }),
      make("div", { class: "govuk-radios govuk-form-group" }, ...choices),
    ),
    button("Begin", () => begin(form), true),
  );
  return form;
}

async function begin(form) {
  const chosen = form.querySelector("input:checked");
  if (!chosen) {
    say("Choose what is filled in.");
    return;
  }
  const id = crypto.randomUUID();
  const began = new Date().toISOString();
  const row = { id, instrument: chosen.value, began, told: false, finished: false };
  try {
    await keep.put("begun", { ...row, order: 0, count: 0 });
  } catch {
    say("This phone keeps nothing: its storage is full. Fill the assessment in at a desk.");
    return;
  }
  fill(id, labelOf(row.instrument));
  send();
}

function radio(name, id, value, words, kind) {
  const look = kind === "checkbox" ? "govuk-checkboxes" : "govuk-radios";
  return make(
    "div",
    { class: `${look}__item` },
    make("input", { type: kind || "radio", class: `${look}__input`, name, id, value }),
    make("label", { class: `govuk-label ${look}__label`, for: id, text: words }),
  );
}

// One question. Its boxes are emptied as soon as it is left: then nothing of the answer can be read.
class Panel {
  constructor(start, item) {
    this.start = start;
    this.item = item.key;
    this.several = item.options.length > 0;
    this.changed = false;
    this.waiting = 0;
    this.saving = Promise.resolve();
    const id = (name) => `${item.key}-${name}`;
    this.note = make("p", { class: "muted", id: id("note"), "aria-live": "polite" });
    this.words = make("textarea", {
      class: "govuk-textarea", id: id("words"), rows: 2, maxlength: asked.longest,
    }); // prettier-ignore
    const boxes = item.options.map(([key, words], at) =>
      radio(id("options"), id(`o${at}`), key, words, "checkbox"),
    );
    const choices = item.choices.map(([key, words], at) =>
      radio(id("given"), id(`g${at}`), key, words),
    );
    const group = (...children) => make("div", { class: "govuk-form-group" }, ...children);
    this.box = make(
      "div",
      { class: "panel" },
      make(
        "fieldset",
        { class: "govuk-fieldset", "aria-describedby": id("note") },
        make("legend", {
          class: "govuk-fieldset__legend govuk-fieldset__legend--s", text: item.asked,
        }), // prettier-ignore
        ...(boxes.length ? [group(make("div", { class: "govuk-checkboxes" }, ...boxes))] : []),
        group(make("div", { class: "govuk-radios govuk-radios--inline" }, ...choices)),
        group(
          make("label", {
            class: "govuk-label", for: id("words"), text: "In their words, or what you saw (optional)",
          }), // prettier-ignore
          this.words,
        ),
        this.note,
      ),
    );
    this.box.addEventListener("input", () => this.touched());
    this.box.addEventListener("focusout", () => setTimeout(() => this.left(), 300));
  }

  mark(here, there) {
    if (this.changed || this.wrong) {
      return;
    }
    this.note.textContent = here
      ? "Saved on this phone, sealed. What you choose now stands in its place."
      : there
        ? "With the unit. What you choose now stands in its place; words alone stand beside it."
        : "";
  }

  touched() {
    this.changed = true;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.save(), TYPING);
  }

  left() {
    if (!this.box.contains(document.activeElement) || document.hidden) {
      this.save(true);
    }
  }

  read() {
    const marked = [...this.box.querySelectorAll("input:checked")];
    return {
      given: (marked.find((box) => box.type === "radio") || { value: "" }).value,
      options: marked.filter((box) => box.type === "checkbox").map((box) => box.value),
      words: this.words.value.trim(),
    };
  }

  problem({ given, options, words }) {
    if (given === "not_asked" && !words) {
      return "Not saved yet. Write why it was not asked.";
    }
    return given && options.length
      ? "Not saved yet. Choose from the list, or say why there is no answer: not both."
      : "";
  }

  save(leave) {
    clearTimeout(this.waiting);
    this.saving = this.saving.then(() => this.keepIt(leave));
    return this.saving;
  }

  async keepIt(leave) {
    const said = this.read();
    this.wrong = "";
    if (!said.given && !said.options.length && !said.words) {
      this.changed = false; // typed and taken away again: nothing was said
      await show();
    }
    if (this.changed) {
      this.wrong = this.problem(said);
      if (this.wrong) {
        this.note.textContent = this.wrong;
        return;
      }
      this.changed = false;
      try {
        await keepAnswer(this.start, this.item, {
          ...said,
          given: this.several && said.options.length ? "said" : said.given,
        });
      } catch {
        this.changed = true;
        this.note.textContent =
          "Not saved: the storage of this phone is full. What you wrote is still here.";
        return;
      }
      await show();
      send();
    }
    if (leave && !this.changed) {
      this.box.querySelectorAll("input").forEach((box) => (box.checked = false));
      this.words.value = "";
    }
  }
}

async function keepAnswer(start, item, said) {
  const id = crypto.randomUUID();
  const order = await keep.number(start);
  const content = { ...said, item, order, at: new Date().toISOString() };
  const sealed = toHex(seal(content, `phone ${start} ${id}`, keys));
  await keep.answer({ id, start, item, order, sealed });
}

async function fill(start, made) {
  if (!keys.length) {
    say("This phone was not made ready while it had a connection. Open this page once with one.");
    return;
  }
  filling = start;
  panels = [];
  const parts = [make("h2", { text: made.label, tabindex: "-1" })];
  parts.push(
    make("p", {
      text:
        "Nothing has to be answered; what you leave stays not answered, and is never a no." +
        (made.licensed ? "" : " The questions stand here in our own words."),
    }),
  );
  for (const section of made.sections) {
    parts.push(make("h3", { text: section.title }));
    for (const item of section.items) {
      const panel = new Panel(start, item);
      panels.push(panel);
      parts.push(panel.box);
    }
  }
  parts.push(
    button("Finish: I have asked what I could", () => finish(start)),
    button("Back, and go on later", back, true),
  );
  root.replaceChildren(...parts);
  parts[0].focus();
  await show();
}

async function leaveAll() {
  await Promise.all(panels.map((panel) => panel.save(true)));
  const stays = panels.find((panel) => panel.changed || panel.wrong);
  if (stays && stays.changed) {
    stays.words.focus();
    return false;
  }
  return true;
}

async function back() {
  if (await leaveAll()) {
    filling = "";
    panels = [];
    await show();
  }
}

async function finish(start) {
  if (!(await leaveAll())) {
    return;
  }
  await keep.change(start, (row) => (row.finished = true));
  filling = "";
  panels = [];
  await show();
  send();
}

async function ready() {
  const answer = await fetch(root.dataset.state, { redirect: "error" });
  const said = await answer.json();
  if (said.phone !== "approved") {
    return said.phone;
  }
  keys = said.keys;
  await keep.put("kept", { name: "keys", keys });
  const known = new Set((await keep.all("begun")).map((row) => row.id));
  for (const each of said.starts) {
    if (!known.has(each.id)) {
      await keep.put("begun", { ...each, told: true, finished: false, order: 0, count: 0 });
    }
  }
  return said.phone;
}

function instead(words, path, link) {
  root.replaceChildren(make("p", { class: "note note--soon", text: `${words} ` }));
  root.firstChild.append(make("a", { href: path, text: link }));
}

async function begun() {
  try {
    keep = await open();
    await keep.put("kept", { name: "try" });
  } catch {
    instead(
      "This phone keeps nothing: its storage is full, or this is a private window. Fill the assessment in on its own page.",
      "/staff/cases/",
      "Cases",
    );
    return;
  }
  if (navigator.storage && navigator.storage.persist) {
    navigator.storage.persist();
  }
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(root.dataset.worker).catch(() => {});
  }
  const kept = await keep.get("kept", "keys");
  keys = kept ? kept.keys : [];
  let word = "";
  try {
    word = await ready();
  } catch {
    // No line, or signed out: what is kept goes on, and is sent by the phone's own secret.
  }
  if (word && word !== "approved" && !(await keep.all("begun")).length) {
    instead(
      word === "waits"
        ? "Somebody else has to approve this phone first."
        : "This is no phone that the unit knows.",
      root.dataset.enrol,
      "Phones",
    );
    return;
  }
  try {
    asked = await (await fetch(root.dataset.questions, { redirect: "error" })).json();
  } catch {
    instead("The questions are not here yet. Open this page once with a connection.", root.dataset.enrol, "Phones"); // prettier-ignore
    return;
  }
  await show();
  send();
  addEventListener("online", send);
  setInterval(send, AGAIN);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      panels.forEach((panel) => panel.save(true));
    } else {
      send();
    }
  });
}

if (root) {
  begun();
}
