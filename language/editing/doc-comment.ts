import type { ScriptPart } from "../includes/script-part.ts";

/** Lines of a doc comment that are kept. */
const MOST_LINES = 100;

/**
 * What the comments that begin with `##` right above a line say of what it defines: their text, line by line.
 * @returns undefined where there are none
 */
export function docComment({ lines }: Pick<ScriptPart, "lines">, line: number): string | undefined {
  const text: string[] = [];
  for (let at = line - 1; at >= 0 && text.length < MOST_LINES; at--) {
    const [, comment] = /^\s*##\s?(.*)$/.exec(lines[at].text) ?? [];
    if (comment === undefined) break;
    text.unshift(comment.trimEnd());
  }
  return text.length === 0 ? undefined : text.join("\n");
}
