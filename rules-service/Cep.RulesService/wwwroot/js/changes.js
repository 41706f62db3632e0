// How the text of a version differs from that of another.
import { get } from "./api.js";
import { fill, h } from "./dom.js";
import { lines } from "./highlight.js";

export async function changes(panel, view) {
  const [versions, live] = await Promise.all([view.all(), view.live()]);
  const others = versions.filter((v) => v.number !== view.version.number);
  const result = h("div");
  if (others.length === 0) return void fill(panel, h("p.empty", null, "There is no other version to compare with."));
  const chosen = live !== null && live !== view.version.number ? live : others.find((v) => v.number < view.version.number)?.number ?? others[0].number;
  const show = async (against) => fill(result, files(await get(`rule-sets/${view.version.number}/diff?against=${against}`, view.signal)));
  const select = h("select", { onchange: () => show(select.value) },
    others.map((v) => h("option", { value: v.number, selected: v.number === chosen }, `version ${v.number}${v.state === "live" ? ", which runs" : v.state === "draft" ? ", a draft" : ""}`)));
  fill(panel, view.isDirty && h("p.warning", null, "What is not saved is not compared."), h("div.bar", null, h("label", null, "Compared with", select)), result);
  await show(chosen);
}

function files(diff) {
  if (diff.files.length === 0) return h("p.empty", null, "The texts are the same.");
  return diff.files.map((file) => {
    const added = file.lines.filter((l) => l.change === "added").length;
    const removed = file.lines.filter((l) => l.change === "removed").length;
    return h("section.diff", { "aria-label": file.path },
      h("h3", null, file.path, h("span.quiet", null, file.change === "changed" ? "" : ` ${file.change} `), h("span.plus", null, ` +${added}`), h("span.minus", null, ` −${removed}`)),
      h("div.code", null, h("pre", { tabindex: "0", "aria-label": `Changes of ${file.path}` }, rows(file))));
  });
}

function rows(file) {
  let last = null;
  return file.lines.map((line) => {
    const isGap = last !== null && ((line.before ?? last.before + 1) > last.before + 1 || (line.after ?? last.after + 1) > last.after + 1);
    last = { before: line.before ?? last?.before ?? 0, after: line.after ?? last?.after ?? 0 };
    const sign = { added: "+", removed: "−", same: " " }[line.change];
    const text = lines(line.text, file.path.endsWith(".cep"))[0].map(({ text: t, kind }) => (kind ? h(`span.${kind}`, null, t) : t));
    return [isGap && h("span.gap", { "aria-hidden": "true" }, "⋯"),
      h(`span.line.${line.change}`, { "data-before": line.before ?? "", "data-after": line.after ?? "" }, h("span.sign", null, sign), text)];
  });
}
