// Builds elements. Text is always set as text, never as markup.

/** An element: `h("p.note", { id: "x", onclick: f }, "text", child)`; null and false children are left out. */
export function h(selector, attributes, ...children) {
  const [tag, ...classes] = selector.split(".");
  const element = document.createElement(tag || "div");
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "disabled") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  add(element, children);
  return element;
}

function add(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
}

/** Puts children in the place of those there are. */
export function fill(element, ...children) {
  element.replaceChildren();
  add(element, children);
  return element;
}

/** A table; rows are arrays of cells. A head that begins with `#` is of numbers. */
export function table(heads, rows, label) {
  const isNumber = heads.map((head) => head.startsWith("#"));
  const cell = (tag, content, i) => h(isNumber[i] ? `${tag}.number` : tag, null, content);
  return h("div.scroll", null, h("table", { "aria-label": label },
    h("thead", null, h("tr", null, heads.map((head, i) => cell("th", head.replace("#", ""), i)))),
    h("tbody", null, rows.map((row) => h("tr", null, row.map((content, i) => cell("td", content, i)))))));
}

/** A time as `2026-01-01 00:01:00`, in UTC as rules mean it. */
export function time(iso) {
  if (!iso) return "–";
  const date = new Date(iso);
  return h("time", { datetime: date.toISOString(), title: `${date.toISOString()} (UTC)` }, stamp(date));
}

/** The same as text. */
export function stamp(date) {
  return date.toISOString().slice(0, 19).replace("T", " ");
}

/** A length of time in the two largest units, as `1 h 5 min`. */
export function span(ms) {
  const units = [["d", 86_400_000], ["h", 3_600_000], ["min", 60_000], ["s", 1000], ["ms", 1]];
  const parts = [];
  let rest = Math.abs(ms);
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    if (count > 0 && parts.length < 2) parts.push(`${count} ${unit}`);
    rest -= count * size;
  }
  return parts.length === 0 ? "0 s" : parts.join(" ");
}

/** A number with thin gaps between its thousands. */
export function number(value) {
  return value === null || value === undefined ? "–" : value.toLocaleString("en").replaceAll(",", "\u202f");
}

/** A value of an event as rules write it. */
export function value(v) {
  if (v === null || v === undefined) return "null";
  return typeof v === "object" ? JSON.stringify(v) : String(v);
}

export function count(n, one, many = `${one}s`) {
  return `${number(n)} ${n === 1 ? one : many}`;
}

/** Tells something at the foot of the page for a while; an error stays until it is closed. */
export function note(text, isError = false) {
  const element = h(isError ? "div.note.error" : "div.note", null, h("span", null, text),
    h("button.plain", { onclick: () => element.remove(), "aria-label": "Close" }, "×"));
  document.getElementById("notes").append(element);
  if (!isError) setTimeout(() => element.remove(), 6000);
}

/** Asks in a dialog. Gives the text that was typed, true where there is no field, and null where it was called off. */
export function ask({ title, text, field, initial = "", type = "text", action = "OK" }) {
  return new Promise((resolve) => {
    const input = field ? h("input", { type, value: initial, "aria-label": field, autocomplete: "off", spellcheck: "false" }) : null;
    let answer = null;
    const dialog = h("dialog", { onclose: () => { dialog.remove(); resolve(answer); } },
      h("form", { onsubmit: (e) => { e.preventDefault(); answer = input ? input.value.trim() : true; dialog.close(); } },
        h("h2", null, title), text && h("p", null, text), input && h("label", null, field, input),
        h("div.actions", null, h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"), h("button.primary", { type: "submit" }, action))));
    document.body.append(dialog);
    dialog.showModal();
    input?.select();
  });
}
