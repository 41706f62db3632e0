// The rules that run, with their figures.
import { find, get, request } from "./api.js";
import { fill, h, number, table } from "./dom.js";

const everyMs = 5000;
const figures = {
  cep_rule_events: "Events", cep_rule_matches: "Matches", cep_rule_partial_matches: "Partial matches", cep_rule_alerts_suppressed: "Suppressed",
  cep_rule_alerts_limited: "Limited", cep_rule_errors: "Errors",
};

export async function show(main, place, signal) {
  const live = await find("rule-sets/live", signal);
  if (!live) {
    fill(main, h("div.title", null, h("h1", null, "Rules")), h("p.empty", null, "No rule set has been deployed. ", h("a", { href: "#/versions" }, "Rule sets"), " is where one is written."));
    return;
  }
  const body = h("div");
  fill(main, h("div.title", null, h("h1", null, "Rules"), h("span.quiet", null, "of ", h("a", { href: `#/versions/${live.version.number}` }, `version ${live.version.number}`), ", which runs")), body);
  for (let hasMetrics = true; !signal.aborted;) {
    if (!document.hidden || !body.firstChild) {
      const [metrics, alerts] = await Promise.all([hasMetrics ? read(signal) : null, get("alerts?limit=500", signal)]);
      hasMetrics = metrics !== null;
      if (!signal.aborted) fill(body, ruleTable(live.rules, metrics, alerts), alerts.next !== null && h("p.quiet", null, "Alerts are counted among the last 500."));
      if (!main.contains(body)) return;
    }
    await once(signal);
  }
}

function once(signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, everyMs);
    signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}

function ruleTable(rules, metrics, alerts) {
  const columns = metrics ? Object.entries(figures).filter(([name]) => metrics.has(name)) : [];
  return table(["Rule", "Tags", "Owner", "Streams", ...columns.map(([, title]) => `#${title}`), "#Alerts"], rules.map((rule) => [
    [h("b.name", null, rule.name), rule.status === "draft" && h("span.badge.draft", null, "draft"), rule.title && h("div.quiet", null, rule.title)],
    rule.tags.map((tag) => h("span.tag", null, tag)), rule.owner ?? "–", rule.streams.join(", "),
    ...columns.map(([name]) => number(metrics.get(name).get(rule.name) ?? 0)),
    h("a", { href: `#/alerts?rule=${encodeURIComponent(rule.name)}` }, number(alerts.items.filter((a) => a.rule === rule.name).length)),
  ]), "Rules");
}

/** The figures of /metrics that have a rule: name to rule to sum. Null where the service has none. */
async function read(signal) {
  const response = await request("GET", "/metrics", { signal });
  if (!response.ok || !response.headers.get("content-type")?.startsWith("text/plain")) return null;
  const result = new Map();
  for (const line of (await response.text()).split("\n")) {
    const match = /^(cep_rule_\w+?)(?:_total)?\{(.*)\} (\S+)/.exec(line);
    const rule = match && /(?:^|,)rule="([^"]*)"/.exec(match[2])?.[1];
    if (!rule) continue;
    const name = Object.keys(figures).find((f) => match[1] === f || match[1].replace(/_(matches|events|alerts|errors)$/, "") === f) ?? match[1];
    const of = result.get(name) ?? result.set(name, new Map()).get(name);
    of.set(rule, (of.get(rule) ?? 0) + Number(match[3]));
  }
  return result.size > 0 ? result : null;
}
