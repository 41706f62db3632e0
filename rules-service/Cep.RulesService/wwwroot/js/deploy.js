// What it would mean to deploy a version, and deploying it. A version that ran before is rolled back to in the same way.
import { Problem, get, send } from "./api.js";
import { count, fill, h, note, table } from "./dom.js";
import { badge } from "./versions.js";

const policies = {
  carry: "Carry over: partial matches of rules that changed go on in the new rule where that is possible.",
  reset: "Reset: partial matches of rules that changed are dropped.",
  drain: "Drain: partial matches of rules that changed end under the old rule.",
};

export async function deploy(panel, view) {
  const [number, isBack] = [view.version.number, view.version.state === "retired"];
  const live = await view.live();
  let policy = "carry";
  const plan = h("div", { "aria-live": "polite" });
  const action = isBack ? `Roll back to version ${number}` : view.version.state === "live" ? `Deploy version ${number} again` : `Deploy version ${number}`;
  const button = h("button.primary", { disabled: true, onclick: () => carryOut() }, action);
  const showPlan = async () => {
    button.disabled = true;
    button.disabled = !tellPlan(plan, await planOf(number, policy, view.signal), live) || view.isDirty;
  };
  const carryOut = async () => {
    button.disabled = true;
    fill(button, "Deploying…");
    try {
      const { json } = await send("POST", `rule-sets/${number}/deployments`, { body: { policy }, etag: view.etag });
      await view.refresh();
      note(isBack ? `Rolled back to version ${number}.` : `Version ${number} runs.`);
      if (view.signal.aborted) return;
      view.deployed = json;
      view.show({ rest: [view.id, "deploy"] });
    } catch (e) {
      note(e.message, true);
      fill(button, action);
      button.disabled = false;
    }
  };
  const { deployed } = view;
  view.deployed = null;
  fill(panel, deployed && done(deployed),
    view.isDirty && h("p.warning", null, "Save the version first; what is not saved is not deployed."),
    live !== null && live !== number && h("fieldset.policy", null, h("legend", null, "Partial matches"), Object.entries(policies).map(([name, text]) => choice(name, text, name === policy, () => { policy = name; showPlan(); }))),
    plan, h("div.actions.left", null, button));
  await showPlan();
}

function choice(name, text, isChosen, onchange) {
  const [title, rest] = text.split(":");
  return h("label.choice", null, h("input", { type: "radio", name: "policy", value: name, checked: isChosen, onchange }), h("span", null, h("b", null, title), h("span.quiet", null, rest)));
}

/** The plan; where there is none because of errors, what they are. */
async function planOf(number, policy, signal) {
  try {
    return await get(`rule-sets/${number}/plan?policy=${policy}`, signal);
  } catch (e) {
    if (e instanceof Problem && e.status === 422) return { isPossible: false, refused: [`${e.message} They are shown under Files.`], rules: [] };
    throw e;
  }
}

/** Shows a plan and gives whether it can be carried out. */
function tellPlan(element, plan, live) {
  fill(element,
    plan.refused.map((why) => h("p.error", { role: "alert" }, why)),
    plan.rules.length > 0 ? [h("h3", null, `What it means for ${count(plan.rules.length, "rule")}`), rulesTable(plan.rules)]
      : plan.isPossible && h("p.quiet", null, live === null ? "Nothing runs yet; its rules begin with the first event." : "No rule runs whose place it would take."));
  return plan.isPossible;
}

function rulesTable(rules) {
  return table(["Rule", "Change", "In words"], rules.map((r) => [
    h("code", null, r.rule ?? r.before), badge(r.change), spoken(r.text),
  ]), "What it means for each rule");
}

/** A sentence with its `names` as code. */
function spoken(text) {
  return text.split("`").map((part, i) => (i % 2 ? h("code", null, part) : part));
}

function done(deployment) {
  return h("p.good", null, `Deployment ${deployment.id} is done${deployment.previous ? `: version ${deployment.version} took the place of version ${deployment.previous}` : ""}.`);
}
