// Which view is shown, by the fragment of the address: #/alerts, #/alerts/ID, #/rules, #/versions/4/changes, #/engine.
import { get } from "./api.js";
import { fill, h } from "./dom.js";
import * as alerts from "./alerts.js";
import * as engine from "./engine.js";
import * as rules from "./rules.js";
import * as versions from "./versions.js";
import * as version from "./version.js";

const main = document.getElementById("main");
const state = document.getElementById("engine-state");
const engineEveryMs = 4000;
let leaving = new AbortController();
let shown = null;

async function route() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const [name = "", ...rest] = path.split("/").map(decodeURIComponent);
  const view = { alerts, rules, engine, versions: rest.length ? version : versions }[name] ?? alerts;
  const place = { rest, query: new URLSearchParams(query ?? "") };
  // A view that is shown may go on with another place of its own.
  if (shown === view && view.move?.(place)) return;
  if (shown?.mayLeave && !(await shown.mayLeave(location.hash))) return;
  leaving.abort();
  leaving = new AbortController();
  shown = view;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.dataset.view === (name || "alerts")) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const signal = leaving.signal;
  fill(main);
  try {
    await view.show(main, place, signal);
  } catch (e) {
    if (!signal.aborted) fill(main, h("p.empty", { role: "alert" }, e.message));
  }
}

async function showEngine() {
  try {
    if (!document.hidden) {
      const status = await get("engine");
      state.className = `state ${status.state}`;
      fill(state, h("i", { "aria-hidden": "true" }), `${status.state}${status.version ? ` · version ${status.version}` : ""}`);
      document.dispatchEvent(new CustomEvent("engine", { detail: status }));
    }
  } catch {
    state.className = "state failed";
    fill(state, h("i", { "aria-hidden": "true" }), "no answer");
  }
  setTimeout(showEngine, engineEveryMs);
}

document.querySelector(".skip").addEventListener("click", (e) => {
  e.preventDefault();
  main.focus();
});
addEventListener("hashchange", route);
route();
showEngine();
