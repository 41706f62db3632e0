// Alerts as they are told, with one of them explained beside the list.
import { get } from "./api.js";
import { fill, h, number, stamp, value } from "./dom.js";
import { explain } from "./alert.js";
import { follow } from "./stream.js";

const pollEveryMs = 2000;
const shownMax = 500;
let open = null;

export async function show(main, place, signal) {
  open = new AlertsView(main, place, signal);
  await open.read();
  open.choose(place.rest[0]);
  open.keep();
}

export function move(place) {
  const filter = JSON.stringify(filterOf(place.query));
  if (!open || open.signal.aborted || JSON.stringify(open.filter) !== filter) return false;
  open.choose(place.rest[0]);
  return true;
}

function filterOf(query) {
  return { rule: query.get("rule") ?? "", severity: query.get("severity") ?? "", acknowledged: query.get("acknowledged") ?? "" };
}

class AlertsView {
  constructor(main, place, signal) {
    Object.assign(this, { signal, filter: filterOf(place.query), alerts: [], next: null });
    this.list = h("ul.alerts", { "aria-label": "Alerts" });
    this.how = h("span.quiet");
    this.more = h("button", { onclick: () => this.older() }, "Older alerts");
    this.detail = h("section.detail", { "aria-label": "Explanation", tabindex: "-1" });
    this.rules = h("select", { onchange: (e) => this.refilter("rule", e.target.value) });
    fill(main, this.split = h("div.split", null,
      h("section.master", { "aria-label": "Alerts" }, h("div.title", null, h("h1", null, "Alerts"), this.how), this.bar(), this.list, h("div.actions.left", null, this.more)), this.detail));
    this.offerRules();
  }

  get query() { return new URLSearchParams(Object.entries(this.filter).filter(([, v]) => v !== "")).toString(); }

  bar() {
    const options = (name, all) => all.map(([v, text]) => h("option", { value: v, selected: this.filter[name] === v }, text));
    return h("div.bar", null,
      h("label", null, "Rule", this.rules),
      h("label", null, "Severity", h("select", { onchange: (e) => this.refilter("severity", e.target.value) },
        options("severity", [["", "all"], ...["critical", "high", "medium", "low"].map((s) => [s, s])]))),
      h("label", null, "Looked at", h("select", { onchange: (e) => this.refilter("acknowledged", e.target.value) },
        options("acknowledged", [["", "all"], ["false", "not yet"], ["true", "acknowledged"]]))));
  }

  async offerRules() {
    const offer = (names) => fill(this.rules, h("option", { value: "" }, "all"), names.map((name) => h("option", { value: name, selected: name === this.filter.rule }, name)));
    offer(this.filter.rule ? [this.filter.rule] : []);
    const live = await get("rule-sets/live", this.signal).catch(() => null);
    offer([...new Set([...(live?.rules ?? []).map((r) => r.name), ...this.alerts.map((a) => a.rule), ...(this.filter.rule ? [this.filter.rule] : [])])].sort());
  }

  refilter(name, to) {
    this.filter = { ...this.filter, [name]: to };
    const query = this.query;
    open = null;
    location.hash = `#/alerts${this.chosen ? `/${this.chosen}` : ""}${query ? `?${query}` : ""}`;
  }

  async read(before) {
    const query = [this.query, before ? `before=${before}` : "", "limit=50"].filter(Boolean).join("&");
    const page = await get(`alerts?${query}`, this.signal);
    this.take(page.items);
    if (before || this.next === null) this.next = page.next;
    this.list.classList.remove("reading");
    this.draw();
  }

  older() { return this.read(this.next); }

  take(alerts) {
    const all = new Map(this.alerts.map((a) => [a.place, a]));
    for (const alert of alerts) all.set(alert.place, alert);
    this.alerts = [...all.values()].sort((a, b) => b.place - a.place).slice(0, shownMax);
  }

  /** Told by the stream, which has all alerts. */
  told(alert) {
    const isWanted = (!this.filter.rule || alert.rule === this.filter.rule) && (!this.filter.severity || alert.severity === this.filter.severity)
      && (this.filter.acknowledged === "" || String(alert.acknowledgedBy !== null) === this.filter.acknowledged);
    this.last = Math.max(this.last ?? 0, alert.place);
    if (!isWanted) return;
    this.take([alert]);
    this.draw();
  }

  /** Keeps the list new: by the stream where there is one, else by asking again. */
  async keep() {
    let hasStream = true;
    this.last = this.alerts[0]?.place ?? 0;
    while (!this.signal.aborted) {
      try {
        if (hasStream) {
          fill(this.how, "live");
          hasStream = await follow(this.last, (alert) => this.told(alert), this.signal);
        }
        if (!hasStream) fill(this.how, "asked for every two seconds");
      } catch {
        if (!this.signal.aborted) fill(this.how, "no answer; trying again");
      }
      await new Promise((resolve) => { setTimeout(resolve, pollEveryMs); });
      if (!this.signal.aborted && !hasStream && !document.hidden) await this.read().catch(() => fill(this.how, "no answer; trying again"));
    }
  }

  draw() {
    const query = this.query;
    if (this.alerts.length === 0) fill(this.list, h("li.empty", null, query ? "No alert is like that." : "No alert has been told yet."));
    else fill(this.list, this.alerts.map((a) => h("li", null, this.item(a, query))));
    this.more.hidden = this.next === null;
    this.draws = (this.draws ?? 0) + 1;
  }

  item(alert, query) {
    const measures = Object.entries(alert.content?.measures ?? {}).map(([name, v]) => `${name} ${typeof v === "number" ? number(v) : value(v)}`);
    return h(`a.alert.${alert.severity}`, { href: `#/alerts/${alert.id}${query ? `?${query}` : ""}`, "aria-current": alert.id === this.chosen ? "true" : null },
      h("span.what", null, h("i", { "aria-hidden": "true" }), h("b", null, alert.rule), h("span.key", null, alert.key.map(value).join(" · "))),
      h("span.sub", null, h("span.severity", null, alert.severity), measures.length > 0 && h("span.measures", null, measures.join("  ")),
        h("time", { datetime: alert.detectedAt }, stamp(new Date(alert.detectedAt))), alert.acknowledgedBy && h("span.seen", { title: `Acknowledged by ${alert.acknowledgedBy}` }, "✓")));
  }

  async choose(id) {
    const wasFocused = this.list.contains(document.activeElement);
    this.chosen = id;
    this.split.classList.toggle("chosen", Boolean(id));
    this.draw();
    if (!id) return void fill(this.detail, h("p.empty", null, this.alerts.length > 0 ? "An alert that is chosen is explained here." : ""));
    try {
      const alert = await get(`alerts/${id}`, this.signal);
      if (this.chosen !== id) return;
      explain(this.detail, alert, { signal: this.signal, back: `#/alerts${this.query ? `?${this.query}` : ""}`, changed: (a) => { this.take([a]); this.draw(); } });
      if (wasFocused) this.list.querySelector("[aria-current]")?.focus({ preventScroll: true });
    } catch (e) {
      if (!this.signal.aborted) fill(this.detail, h("p.empty", { role: "alert" }, e.message));
    }
  }
}
