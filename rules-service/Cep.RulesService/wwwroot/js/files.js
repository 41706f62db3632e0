// The files of a version: a list, the text of one, and what was found in all.
import { Problem, send } from "./api.js";
import { ask, count, fill, h, note } from "./dom.js";
import { code, Editor } from "./code.js";

const checkAfterMs = 250;

export class Files {
  constructor(view) {
    this.view = view;
    const errors = view.diagnostics.find((d) => d.severity === "error");
    this.path = errors?.file ?? (view.content.find((f) => /^rule\s/m.test(f.text)) ?? view.content[0]).path;
    this.editor = new Editor({ onchange: (text) => this.type(text), onsave: () => view.save() });
  }

  get file() { return this.view.content.find((f) => f.path === this.path); }

  show(panel) {
    this.list = h("ul.files", { "aria-label": "Files" });
    this.text = h("div.text");
    this.found = h("div.found", { role: "status", "aria-label": "Diagnostics" });
    fill(panel, h("div.workbench", null,
      h("div.side", null, this.list, this.view.isDraft && h("div.actions.small", null,
        h("button.plain", { onclick: () => this.add() }, "Add"), h("button.plain", { onclick: () => this.rename() }, "Rename"), h("button.plain", { onclick: () => this.remove() }, "Remove"))),
      h("div", null, this.text, this.view.isDraft && h("p.quiet.keys", { id: "editor-keys" }, "Tab indents, Escape then Tab leaves the text, Ctrl+S saves."), this.found)));
    this.open(this.path);
    if (this.view.isDraft) this.check();
  }

  open(path, place) {
    this.path = path;
    if (this.view.isDraft) {
      if (this.text.firstChild !== this.editor.element) fill(this.text, this.editor.element);
      this.editor.show(path, this.file.text, this.of(path));
      if (place) this.editor.go(place.line, place.column);
    } else {
      fill(this.text, code(this.file.text, { path, diagnostics: this.of(path) }));
      if (place) this.text.querySelector(`[data-line="${place.line}"]`)?.scrollIntoView({ block: "nearest" });
    }
    this.tell();
  }

  of(path) { return this.view.diagnostics.filter((d) => d.file === path); }

  type(text) {
    this.file.text = text;
    this.view.changed();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.check(), checkAfterMs);
  }

  /** Compiles what is typed; only the answer to the last question counts. */
  async check() {
    const asked = this.asked = {};
    try {
      const { json } = await send("POST", "rule-sets/validation", { body: { files: this.view.content }, signal: this.view.signal });
      if (asked === this.asked) Object.assign(this.view, { diagnostics: json.diagnostics, rules: json.rules });
    } catch (e) {
      if (asked !== this.asked || this.view.signal.aborted) return;
      if (e instanceof Problem && e.body?.diagnostics) Object.assign(this.view, { diagnostics: e.body.diagnostics, rules: [] });
      else return void fill(this.found, h("p.error", null, e.message));
    }
    if (asked !== this.asked) return;
    this.editor.mark(this.of(this.path));
    this.tell();
  }

  tell() {
    const { content, diagnostics, rules } = this.view;
    fill(this.list, [...content].sort((a, b) => (a.path < b.path ? -1 : 1)).map(({ path }) => {
      const errors = this.of(path).filter((d) => d.severity === "error").length;
      const warnings = this.of(path).length - errors;
      return h("li", null, h("button.file", { onclick: () => this.open(path), "aria-current": path === this.path ? "true" : null }, h("span", null, path),
        errors > 0 ? h("span.count.error", { title: count(errors, "error") }, errors) : warnings > 0 && h("span.count.warning", { title: count(warnings, "warning") }, warnings)));
    }));
    fill(this.found, diagnostics.length === 0
      ? h("p.quiet", null, rules.length > 0 ? `No errors · ${count(rules.length, "rule")}` : "No errors · no rules yet")
      : h("ul.diagnostics", null, diagnostics.map((d) => h("li", null, h(`button.diagnostic.${d.severity}`, { onclick: () => this.open(d.file, d) },
        h("span.place", null, `${d.file}:${d.line}:${d.column}`), h("span", null, d.message, d.fix && h("span.fix", null, ` – ${d.fix}`)), h("span.quiet", null, d.code))))));
  }

  async add() {
    const path = await ask({ title: "Add a file", field: "Path, as fraud/card_testing.cep", initial: "rules/new.cep", action: "Add" });
    if (path && this.isFree(path)) this.changed([...this.view.content, { path, text: "" }], path);
  }

  async rename() {
    const path = await ask({ title: `Rename ${this.path}`, field: "Path", initial: this.path, action: "Rename" });
    if (path && path !== this.path && this.isFree(path)) this.changed(this.view.content.map((f) => (f.path === this.path ? { path, text: f.text } : f)), path);
  }

  async remove() {
    if (this.view.content.length === 1) return note("A rule set has at least one file.", true);
    if (!(await ask({ title: `Remove ${this.path}?`, text: "It stays in the versions before.", action: "Remove" }))) return;
    const rest = this.view.content.filter((f) => f.path !== this.path);
    this.changed(rest, rest[0].path);
  }

  isFree(path) {
    const isFree = !this.view.content.some((f) => f.path.toLowerCase() === path.toLowerCase());
    if (!isFree) note(`There is a file ${path} already.`, true);
    return isFree;
  }

  changed(content, path) {
    this.view.content = content;
    this.view.changed();
    this.open(path);
    this.check();
  }
}
