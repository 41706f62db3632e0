// Runs the test blocks of a version, where the service has the route for it.
import { send } from "./api.js";
import { count, fill, h } from "./dom.js";

export async function tests(panel, view) {
  const result = h("div", { "aria-live": "polite" });
  const button = h("button.primary", { onclick: () => run() }, "Run tests");
  const run = async () => {
    button.disabled = true;
    fill(result, h("p.quiet", null, "Running…"));
    try {
      const { json } = await send("POST", `rule-sets/${view.version.number}/tests`, { body: {}, signal: view.signal });
      tell(result, json);
    } catch (e) {
      fill(result, h("p.error", { role: "alert" }, e.message));
    } finally {
      button.disabled = false;
    }
  };
  fill(panel, view.isDirty && h("p.warning", null, "What is not saved is not tested."), h("div.actions.left", null, button), result);
}

function tell(element, report) {
  const list = Array.isArray(report) ? report : report.tests ?? report.results ?? report.items ?? [];
  if (list.length === 0) return void fill(element, h("p.empty", null, "The version has no tests."));
  const failed = list.filter((test) => !passed(test)).length;
  fill(element, h(failed ? "p.error" : "p.good", null, failed ? `${count(failed, "test")} of ${list.length} failed.` : `${count(list.length, "test")} passed.`),
    h("ul.tests", null, list.map((test) => h(passed(test) ? "li.passed" : "li.failed", null, h("b", null, test.name ?? test.test ?? ""), test.rule && h("span.quiet", null, ` ${test.rule}`),
      why(test).map((text) => h("pre", null, text))))));
}

function passed(test) {
  return test.passed ?? test.isPassed ?? test.hasPassed ?? (test.outcome ?? test.result) === "passed";
}

function why(test) {
  return [test.failures ?? test.messages ?? test.problems ?? test.message ?? test.detail ?? []].flat().map((f) => (typeof f === "string" ? f : f.message ?? f.detail ?? JSON.stringify(f)));
}
