// One version: its files, how it differs from another, what it would mean to deploy it.
import { find, get, request, send } from "./api.js";
import { ask, fill, h, note, time } from "./dom.js";
import { badge } from "./versions.js";
import { changes } from "./changes.js";
import { deploy } from "./deploy.js";
import { Files } from "./files.js";
import { tests } from "./tests.js";

const firstText = "// Streams say what events are like; rules say what to look for in them.\n";
const tabs = { files: "Files", changes: "Changes", tests: "Tests", deploy: "Deploy" };
let open = null;

export async function show(main, place, signal) {
  open = new VersionView(main, signal);
  await open.load(place);
  addEventListener("beforeunload", (e) => { if (open?.isDirty) e.preventDefault(); }, { signal });
}

/** Another tab of the same version is shown without reading it again. */
export function move(place) {
  return open?.show(place) ?? false;
}

export async function mayLeave(to) {
  if (!open?.isDirty) return true;
  const here = open.hash;
  history.replaceState(null, "", here);
  if (!(await ask({ title: "Leave without saving?", text: "What was changed in this version is lost then.", action: "Leave" }))) return false;
  open.isDirty = false;
  history.replaceState(null, "", to);
  return true;
}

class VersionView {
  constructor(main, signal) {
    Object.assign(this, { main, signal, isDirty: false, version: null, etag: null });
  }

  get isDraft() { return this.version === null || this.version.state === "draft"; }
  get hash() { return `#/versions/${this.id}${this.tab === "files" ? "" : `/${this.tab}`}`; }

  async load(place) {
    this.id = place.rest[0];
    const from = this.id === "new" ? place.query.get("from") : this.id;
    const { json, etag } = from ? await send("GET", `rule-sets/${from}`, { signal: this.signal })
      : { json: { version: null, files: [{ path: "rules.cep", text: firstText }], diagnostics: [], rules: [] } };
    this.take(this.id === "new" ? { ...json, version: null } : json, etag);
    this.hasTests = this.version !== null && (await request("GET", `rule-sets/${this.id}/tests`)).status !== 404;
    this.files = new Files(this);
    this.show(place);
  }

  take({ version, files, diagnostics, rules }, etag) {
    Object.assign(this, { version, content: files, diagnostics, rules, etag, isDirty: false });
  }

  show(place) {
    if (place.rest[0] !== this.id) return false;
    this.tab = place.rest[1] in tabs ? place.rest[1] : "files";
    this.panel = h("section", { "aria-label": tabs[this.tab] });
    fill(this.main, this.head(), this.panel);
    const fail = (e) => { if (!this.signal.aborted) fill(this.panel, h("p.empty", { role: "alert" }, e.message)); };
    if (this.tab === "files") this.files.show(this.panel);
    else ({ changes, tests, deploy })[this.tab](this.panel, this).catch(fail);
    return true;
  }

  head() {
    const v = this.version;
    this.status = h("span.quiet");
    this.tellStatus();
    return [
      h("div.title", null, h("h1", null, v ? `Version ${v.number}` : "New version"), v && badge(v.state), this.status,
        h("div.actions", null,
          v && this.isDraft && h("button", { onclick: () => this.discard() }, "Discard"),
          this.isDraft ? this.saveButton = h("button.primary", { onclick: () => this.save(), title: "Ctrl+S" }, "Save")
            : h("a.button", { href: `#/versions/new?from=${v.number}` }, "Edit as a new version"))),
      v && h("p.quiet", null, v.comment ? `${v.comment} · ` : "", `by ${v.createdBy}, changed `, time(v.changedAt), v.deployedAt && [", first deployed ", time(v.deployedAt)]),
      v && h("nav.tabs", { "aria-label": "Parts of the version" }, Object.entries(tabs).filter(([name]) => name !== "tests" || this.hasTests).map(([name, title]) =>
        h("a", { href: name === "files" ? `#/versions/${v.number}` : `#/versions/${v.number}/${name}`, "aria-current": name === this.tab ? "page" : null },
          name === "deploy" && v.state === "retired" ? "Roll back" : title))),
    ];
  }

  tellStatus() {
    if (this.status) fill(this.status, this.isDirty ? "not saved" : "");
  }

  changed() {
    this.isDirty = true;
    this.tellStatus();
  }

  async save() {
    if (!this.isDraft) return;
    try {
      let comment = this.version?.comment ?? null;
      if (this.version === null) {
        const said = await ask({ title: "Save as a new version", field: "What is new in it (optional)", action: "Save" });
        if (said === null) return;
        comment = said || null;
      }
      const body = { files: this.content, comment };
      const { json, etag } = this.version === null ? await send("POST", "rule-sets", { body })
        : await send("PUT", `rule-sets/${this.id}`, { body, etag: this.etag });
      const isNew = this.version === null;
      this.take(json, etag);
      note(`Version ${json.version.number} is saved.`);
      if (isNew) location.hash = `#/versions/${json.version.number}`;
      else this.show({ rest: [this.id, this.tab] });
    } catch (e) {
      note(e.message, true);
    }
  }

  async discard() {
    if (!(await ask({ title: `Discard version ${this.id}?`, text: "A draft that is discarded cannot be brought back.", action: "Discard" }))) return;
    try {
      await send("DELETE", `rule-sets/${this.id}`, { etag: this.etag });
      this.isDirty = false;
      location.hash = "#/versions";
    } catch (e) {
      note(e.message, true);
    }
  }

  /** Reads the version again, after something was done with it. */
  async refresh() {
    const { json, etag } = await send("GET", `rule-sets/${this.id}`);
    this.take(json, etag);
  }

  /** The number of the version that runs; null for none. */
  async live() {
    return (await find("rule-sets/live", this.signal))?.version.number ?? null;
  }

  async all() {
    return (await get("rule-sets?limit=100", this.signal)).items;
  }
}
