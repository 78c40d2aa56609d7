import { commentStart } from "../parse/comment.ts";
import type { Span } from "../parse/syntax.ts";

/** An id in `# allow L-11, L-14`, with its place in the line. */
export interface AllowedId extends Span {
  readonly id: string;
}

/** What the comment of a line allows. */
export interface Allowance {
  readonly ids: readonly AllowedId[];
  /** Whether the line has nothing but the comment, which then speaks of the statement below. */
  readonly alone: boolean;
}

/** `# allow ID, ID: reason`. What does not look like an id is prose. */
const form = /^#\s*allow\s+(?=[A-Za-z]+-?\d)/;
const id = /\s*([A-Za-z]+-?\d+\w*)\s*(,?)/y;

/** What the comment of a line allows; undefined where it is no such comment, or there is none. */
export function allowanceOf(text: string): Allowance | undefined {
  // Nearly every line ends here.
  if (!text.includes("allow")) return undefined;
  const comment = commentStart(text);
  const head = form.exec(text.slice(comment))?.[0];
  if (head === undefined) return undefined;
  const ids: AllowedId[] = [];
  id.lastIndex = comment + head.length;
  for (let found = id.exec(text); found !== null; found = id.exec(text)) {
    const [whole, name, comma] = found;
    const start = found.index + whole.indexOf(name);
    ids.push({ id: name.toUpperCase(), start, length: name.length });
    if (comma === "") break;
  }
  return { ids, alone: text.slice(0, comment).trim() === "" };
}

interface Allowing {
  readonly allowance: Allowance | undefined;
}

/** What is allowed on a line: by its own comment, and by comments on lines of their own directly above. @param visit is told each id and the line that has it */
function eachAllowed(lines: readonly Allowing[], line: number, visit: (id: string, at: number) => boolean): boolean {
  const own = lines[line]?.allowance;
  if (own?.ids.some(({ id: name }) => visit(name, line))) return true;
  for (let at = line - 1; at >= 0; at--) {
    const above = lines[at].allowance;
    if (above?.alone !== true) return false;
    if (above.ids.some(({ id: name }) => visit(name, at))) return true;
  }
  return false;
}

/** The line whose comment allows a rule to be broken on a line; undefined: none does. */
export function allowedBy(lines: readonly Allowing[], line: number, rule: string): number | undefined {
  let found: number | undefined;
  eachAllowed(lines, line, (name, at) => {
    if (name !== rule) return false;
    found = at;
    return true;
  });
  return found;
}

/** The statement that a comment speaks of: its own line, or the first below that is no such comment. */
export function allowedLine(lines: readonly Allowing[], line: number): number {
  let at = line;
  while (lines[at]?.allowance?.alone === true) at++;
  return at;
}
