// How the engine is: pausing it, its savepoints, and the streams that it reads.
import { get, send } from "./api.js";
import { ask, fill, h, note, number, table, time } from "./dom.js";
import { badge } from "./versions.js";

export async function show(main, place, signal) {
  const [facts, streams, savepoints] = [h("div"), h("div"), h("div")];
  const draw = async () => {
    const [status, allStreams, allSavepoints] = await Promise.all([get("engine", signal), get("streams", signal), get("savepoints", signal)]);
    tellStatus(facts, status, act);
    tellStreams(streams, allStreams);
    tellSavepoints(savepoints, allSavepoints, status, act);
  };
  const act = async (button, method, path, body, done) => {
    button.disabled = true;
    try {
      await send(method, path, { body });
      note(done);
    } catch (e) {
      note(e.message, true);
    }
    if (!signal.aborted) await draw();
  };
  fill(main, h("div.title", null, h("h1", null, "Engine")), facts, h("h2", null, "Streams"), streams, h("h2", null, "Savepoints"), savepoints);
  await draw();
  document.addEventListener("engine", () => {
    // A button that has the focus is not taken away.
    if (!main.contains(document.activeElement) || document.activeElement === main) draw().catch(() => {});
  }, { signal });
}

function tellStatus(element, status, act) {
  const isPaused = status.state === "paused" || status.state === "failed";
  fill(element,
    h("dl.facts", null, [
      ["State", badge(status.state)], ["Version", status.version ? h("a", { href: `#/versions/${status.version}` }, String(status.version)) : "none"],
      ["Since", time(status.since)], ["Checkpoint", number(status.checkpoint)], ["Restarts after failures", number(status.restarts)],
    ].map(([name, content]) => h("div", null, h("dt", null, name), h("dd", null, content)))),
    status.reason && h("p.error", { role: "alert" }, status.reason),
    h("div.actions.left", null,
      isPaused ? h("button.primary", { onclick: (e) => act(e.target, "POST", "engine/resume", undefined, "The engine goes on.") }, "Resume")
        : h("button", { disabled: status.state !== "running", onclick: (e) => act(e.target, "POST", "engine/pause", undefined, "The engine is paused; events that come are kept for it.") }, "Pause"),
      h("button", { disabled: status.state !== "running", onclick: (e) => rescale(e.target, act) }, "Change parallelism")));
}

async function rescale(button, act) {
  const answer = await ask({ title: "On how many subtasks are rules to run?", text: "1 to 128. The engine goes on from a savepoint.", field: "Subtasks", type: "number", initial: "2", action: "Change" });
  if (answer) await act(button, "PUT", "engine/parallelism", { parallelism: Number(answer) }, `Rules run on ${answer} subtasks.`);
}

function tellStreams(element, streams) {
  fill(element, streams.length === 0 ? h("p.quiet", null, "No stream is declared by a rule set that runs.")
    : table(["Stream", "#Events in its log", "Fields"], streams.map((s) => [
      h("b.name", null, s.name), number(s.events), h("span.fieldlist", null, s.fields.map((f) => h("span", null, f.name, h("span.quiet", null, ` ${f.type}${f.isOptional ? "?" : ""}`)))),
    ]), "Streams"));
}

function tellSavepoints(element, savepoints, status, act) {
  fill(element, savepoints.length === 0 ? h("p.quiet", null, "None has been taken.")
    : table(["Savepoint", "Version", "#Bytes", ""], savepoints.map((s) => [
      h("code", null, s.name), s.version ?? "–", number(s.bytes), h("button.plain", { onclick: (e) => restore(e.target, s, act) }, "Go back to it"),
    ]), "Savepoints"),
  h("div.actions.left", null, h("button", { disabled: status.state !== "running", onclick: (e) => act(e.target, "POST", "savepoints", undefined, "A savepoint was taken.") }, "Take a savepoint")));
}

async function restore(button, savepoint, act) {
  if (await ask({ title: `Go back to ${savepoint.name}?`, text: "Its rules and partial matches come back, and events since are read again. Alerts that were told are not told again.", action: "Go back" }))
    await act(button, "POST", `savepoints/${encodeURIComponent(savepoint.name)}/restoration`, undefined, `The engine is back at ${savepoint.name}.`);
}
