// Rule text with line numbers, colours and diagnostics at their place: to read, or to edit.
import { h, fill } from "./dom.js";
import { lines } from "./highlight.js";

/** Text to read. `first` is the number of its first line. */
export function code(text, { path = "x.cep", first = 1, diagnostics = [] } = {}) {
  const pre = h("pre", { tabindex: "0", "aria-label": path });
  paint(pre, text.replace(/\n$/, ""), path, diagnostics, first);
  return h("div.code", null, pre);
}

function paint(pre, text, path, diagnostics, first = 1) {
  fill(pre, lines(text, path.endsWith(".cep")).map((line, i) => {
    const here = diagnostics.filter((d) => d.line === i + first);
    const worst = here.find((d) => d.severity === "error") ?? here[0];
    return h(worst ? `span.line.${worst.severity}` : "span.line", { "data-line": i + first },
      cut(line, here), worst && h("span.inline", { "data-message": worst.message, "aria-hidden": "true" }));
  }));
}

/** The words of a line, cut where a diagnostic begins and ends. Columns are code points, from 1. */
function cut(line, diagnostics) {
  const nodes = [];
  let column = 1;
  for (const { text, kind } of line) {
    let run = "";
    let of = null;
    for (const point of text) {
      const at = column++;
      const found = diagnostics.find((d) => at >= d.column && (d.endLine > d.line || at < Math.max(d.endColumn, d.column + 1))) ?? null;
      if (found !== of && run) {
        nodes.push(piece(run, kind, of));
        run = "";
      }
      of = found;
      run += point;
    }
    nodes.push(piece(run, kind, of));
  }
  return nodes;
}

function piece(text, kind, diagnostic) {
  const word = kind ? h(`span.${kind}`, null, text) : text;
  return diagnostic ? h(`mark.${diagnostic.severity}`, { title: diagnostic.message }, word) : word;
}

/** Text to edit: a text area, whose letters are see-through, over the coloured text. */
export class Editor {
  constructor({ onchange, onsave }) {
    this.pre = h("pre", { "aria-hidden": "true" });
    this.area = h("textarea", {
      spellcheck: "false", autocapitalize: "off", autocomplete: "off", wrap: "off", "aria-label": "Rule text", "aria-describedby": "editor-keys",
      oninput: () => { this.paint(); onchange(this.area.value); },
      onkeydown: (e) => this.#key(e, onsave),
    });
    this.element = h("div.code.editor", null, h("div.layers", null, this.pre, this.area));
    this.diagnostics = [];
  }

  show(path, text, diagnostics) {
    this.path = path;
    this.area.value = text;
    this.area.setAttribute("aria-label", `Text of ${path}`);
    this.mark(diagnostics);
  }

  mark(diagnostics) {
    this.diagnostics = diagnostics;
    this.area.setAttribute("aria-invalid", diagnostics.some((d) => d.severity === "error"));
    this.paint();
  }

  paint() {
    paint(this.pre, this.area.value, this.path, this.diagnostics);
  }

  /** Puts the caret at a line and column, in code points, from 1. */
  go(line, column) {
    const all = this.area.value.split("\n");
    const before = all.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    const place = before + [...(all[line - 1] ?? "")].slice(0, column - 1).join("").length;
    this.area.focus({ preventScroll: true });
    this.area.setSelectionRange(place, place);
    this.pre.children[line - 1]?.scrollIntoView({ block: "nearest" });
  }

  // Tab indents; Escape lets go of the text, so that Tab goes on to the next control.
  #key(e, onsave) {
    if (e.key === "Tab" && !e.shiftKey && !this.isLeaving) {
      e.preventDefault();
      document.execCommand("insertText", false, "    ");
    } else if (e.key === "s" && (e.ctrlKey || e.metaKey)) {
      e.preventDefault();
      onsave();
    }
    this.isLeaving = e.key === "Escape";
  }
}
