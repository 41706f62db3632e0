// Rule sets: the versions, and how each came to run.
import { get } from "./api.js";
import { fill, h, table, time } from "./dom.js";

export async function show(main, place, signal) {
  const [list, deployments] = await Promise.all([get("rule-sets?limit=100", signal), get("deployments?limit=20", signal)]);
  const source = list.items.find((v) => v.state === "live") ?? list.items[0];
  fill(main,
    h("div.title", null, h("h1", null, "Rule sets"),
      h("a.button.primary", { href: source ? `#/versions/new?from=${source.number}` : "#/versions/new" }, "New version")),
    list.items.length === 0
      ? h("p.empty", null, "There is no rule set yet. A version holds the files that declare streams and rules; it is written here, checked as it is written, and deployed.")
      : versionTable(list.items),
    list.next && h("p.quiet", null, "Older versions are listed by the REST interface."),
    deployments.items.length > 0 && [h("h2", null, "Deployments"), deploymentTable(deployments.items)]);
}

function versionTable(versions) {
  return table(["#Version", "State", "Comment", "Changed", "By", "First deployed"], versions.map((v) => [
    h("a", { href: `#/versions/${v.number}` }, String(v.number)), badge(v.state), v.comment ?? "", time(v.changedAt), v.createdBy, time(v.deployedAt),
  ]), "Versions");
}

function deploymentTable(deployments) {
  return table(["#No.", "Version", "Outcome", "Partial matches", "Requested", "By", "Detail"], deployments.map((d) => [
    String(d.id), [h("a", { href: `#/versions/${d.version}` }, String(d.version)), d.previous ? h("span.quiet", null, `\u00a0after\u00a0${d.previous}`) : ""],
    badge(d.outcome), d.previous ? d.policy : "–", time(d.requestedAt), d.requestedBy, d.detail ?? "",
  ]), "Deployments");
}

/** A word in a frame, whose colour is by the word. */
export function badge(word) {
  return h(`span.badge.${word}`, null, word);
}
