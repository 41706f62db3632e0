// Why an alert was told: the events in their order, the conditions that they met, and the rule as it was then.
import { find, send } from "./api.js";
import { code } from "./code.js";
import { fill, h, note, number, span, table, time, value } from "./dom.js";
import { linesOf } from "./highlight.js";
import { badge } from "./versions.js";

export function explain(element, alert, { signal, back, changed }) {
  const content = alert.content;
  const rule = h("div", null, h("p.quiet", null, "Reading the rule…"));
  const deliveries = h("div");
  const acknowledged = h("div.acknowledged");
  fill(element,
    h("a.back", { href: back }, "‹ All alerts"),
    h("div.title", null, h("h2", null, alert.rule), h(`span.badge.${alert.severity}`, null, alert.severity), content.kind === "timeout" && badge("timeout"), acknowledged),
    facts(alert),
    h("h3", null, "Events"), h("ol.events", null, eventsOf(content).map((e) => event(e, content.start))),
    h("h3", null, "Rule ", h("a", { href: `#/versions/${alert.ruleVersion}` }, `as of version ${alert.ruleVersion}`)), rule, deliveries);
  showAcknowledged(acknowledged, alert, changed);
  showRule(rule, alert, signal).catch((e) => fill(rule, h("p.quiet", null, e.message)));
  showDeliveries(deliveries, alert, signal).catch(() => {});
}

function facts(alert) {
  const { content } = alert;
  const rows = [
    ...(alert.key.length ? [["Key", h("code", null, alert.key.map(value).join(" · "))]] : []),
    ...Object.entries(content.measures ?? {}).map(([name, v]) => [name, h("b", null, typeof v === "number" ? number(v) : value(v))]),
    ["Detected", time(alert.detectedAt)],
    ["Spans", span(new Date(content.end) - new Date(content.start))],
    ["Told", time(alert.toldAt)],
    ...(content.suppressed ? [["Suppressed before", number(content.suppressed)]] : []),
    ...(content.limited ? [["Limited before", number(content.limited)]] : []),
  ];
  return h("dl.facts", null, rows.map(([name, content]) => h("div", null, h("dt", null, name), h("dd", null, content))));
}

/** What the explanation says, each with the event itself: those of a step are in the same order in both. */
function eventsOf(content) {
  const taken = {};
  const explained = (content.explanation ?? []).map((e) => {
    const index = taken[e.step] = (taken[e.step] ?? -1) + 1;
    return { ...e, fields: content.events?.[e.step]?.[index] };
  });
  return explained.length > 0 ? explained : Object.entries(content.events ?? {}).flatMap(([step, all]) => all.map((fields) => ({ step, fields, values: {} })));
}

function event({ step, event: name, time: at, met, values, fields }, start) {
  const after = at ? new Date(at) - new Date(start) : 0;
  return h("li", null,
    h("div.event-head", null, h("b.step", null, step), name && h("span.quiet", null, name.replace("#", " no. ")), at && h("span.when", null, time(at), after > 0 && h("span.quiet", null, ` +${span(after)}`))),
    met && h("p.met", null, ...condition(met)),
    fields && h("dl.fields", null, Object.entries(fields).map(([field, v]) => h(field in (values ?? {}) ? "div.read" : "div", null, h("dt", null, field), h("dd", null, value(v))))));
}

/** A condition whose values stand in brackets behind it. */
function condition(met) {
  if (met === "any event") return [h("span.quiet", null, "any event")];
  return met.split(/(\[[^\]]*\])/).map((part) => (part.startsWith("[") ? h("span.with", null, part.slice(1, -1)) : h("code", null, part)));
}

function showAcknowledged(element, alert, changed) {
  if (alert.acknowledgedBy) return void fill(element, h("span.quiet", null, `✓ acknowledged by ${alert.acknowledgedBy}, `, time(alert.acknowledgedAt)));
  fill(element, h("button", { onclick: async (e) => {
    e.target.disabled = true;
    try {
      const { json } = await send("POST", `alerts/${alert.id}/acknowledgement`);
      showAcknowledged(element, json, changed);
      changed(json);
    } catch (problem) {
      note(problem.message, true);
      e.target.disabled = false;
    }
  } }, "Acknowledge"));
}

async function showRule(element, alert, signal) {
  const version = await find(`rule-sets/${alert.ruleVersion}`, signal);
  for (const { path, text } of version?.files ?? []) {
    const found = path.endsWith(".cep") && linesOf(alert.rule, text);
    if (found) return void fill(element, code(text.split("\n").slice(found[0] - 1, found[1]).join("\n"), { path, first: found[0] }), h("p.quiet.keys", null, path));
  }
  fill(element, h("p.quiet", null, `The rule is not in version ${alert.ruleVersion}.`));
}

async function showDeliveries(element, alert, signal) {
  const list = await find(`alerts/${alert.id}/deliveries`, signal);
  if (!list?.length) return;
  fill(element, h("h3", null, "Deliveries"), table(["Sink", "State", "#Attempts", "Delivered", "Last error"],
    list.map((d) => [d.sink, badge(d.state), number(d.attempts), time(d.deliveredAt), d.lastError ?? ""]), "Deliveries"));
}
