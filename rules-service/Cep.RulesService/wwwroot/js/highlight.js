// Cuts rule text into words, for colours and for finding a rule in a file.

const keywords = new Set(("rule stream list test pattern from key match emit alert event where within as and or not in is null true false title description severity tags owner runbook "
  + "status suppress by for limit per unless on timeout skip watermark delay if then else of join any all until every after next last first past expect given").split(" "));
const types = new Set("string decimal double int long bool timestamp duration".split(" "));
const pattern = /\/\/[^\n]*|"(?:\\.|[^"\\\n])*"?|[A-Za-z_]\w*|\d[\d_]*(?:\.\d+)?[A-Za-z]*|@\w+|\s+|->|=>|[^\sA-Za-z_\d"@]/g;

/** The words of a text with their kinds: comment, string, keyword, type, number, list or null. */
export function* words(text) {
  for (const [word] of text.matchAll(pattern)) yield { word, kind: kindOf(word) };
}

function kindOf(word) {
  if (word.startsWith("//")) return "comment";
  if (word[0] === "\"") return "string";
  if (word[0] === "@") return "list";
  if (/^\d/.test(word)) return "number";
  if (word === "->" || word === "=>") return "keyword";
  if (keywords.has(word)) return "keyword";
  return types.has(word) ? "type" : null;
}

/** The text in coloured lines, each a list of nodes. */
export function lines(text, isRules = true) {
  const result = [[]];
  for (const { word, kind } of isRules ? words(text) : [{ word: text, kind: null }]) {
    word.split("\n").forEach((part, i) => {
      if (i > 0) result.push([]);
      if (part) result.at(-1).push({ text: part, kind });
    });
  }
  return result;
}

/** The lines of a rule in a file as [first, last], from 1, with the comment above it; null where it is not there. */
export function linesOf(rule, text) {
  let [line, depth, first, isIn, comment, before] = [1, 0, 0, false, 0, []];
  for (const { word, kind } of words(text)) {
    if (kind === "comment" && depth === 0) comment ||= line;
    else if (word.trim() && kind !== "comment") {
      if (depth === 0 && word === rule && before.at(-1) === "rule") [first, isIn] = [comment || line, true];
      if (word === "{") depth++;
      if (word === "}" && --depth === 0) {
        if (isIn) return [first, line];
        comment = 0;
      }
      if (depth === 0 && word !== "rule") comment = 0;
      before = [...before.slice(-1), word];
    } else if (/\n\s*\n/.test(word) && depth === 0) comment = 0;
    line += word.split("\n").length - 1;
  }
  return null;
}
