/** A stretch of a line, columns from 0, `end` not included. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Longest expression that is looked for, in characters: brackets in a hostile line must not cost time by their number squared. */
const REACH = 500;

const NAME = /[A-Za-z_]\w*/y;
const FIELD = /\.[A-Za-z_]\w*/y;

/**
 * The whole expression under a column that a debugger can evaluate: a name with its index and its field (`GITS_BASER0.Type`,
 * `dte[0x10].valid`, `ite[nic, 1]`), not only the word. Inside the brackets of an index the inner name alone is meant when the
 * column is on it. Undefined in comments, strings, on numbers and on names that stand for an argument (`Size=4`).
 */
export function expressionAt(line: string, column: number): Stretch | undefined {
  let found: Stretch | undefined;
  for (const start of nameStarts(line)) {
    if (start > column) break;
    if (start < column - REACH) continue;
    const end = expressionEnd(line, start);
    if (column >= end || isArgument(line, end)) continue;
    found = { start, end, text: line.slice(start, end) };
  }
  return found;
}

/** Columns where a name begins that is neither a field, nor inside a number, a string or a comment. */
function nameStarts(line: string): number[] {
  const starts: number[] = [];
  const token = /#.*|"(?:[^"\\]|\\.)*"?|\d\w*|(\.?)[A-Za-z_]\w*/g;
  for (const match of line.matchAll(token)) {
    if (match[1] === "" && /^[A-Za-z_]/.test(match[0])) starts.push(match.index);
  }
  return starts;
}

/** Behind a name with what belongs to it. */
function expressionEnd(line: string, start: number): number {
  NAME.lastIndex = start;
  NAME.test(line);
  let end = NAME.lastIndex;
  for (;;) {
    if (line[end] === "[") {
      const close = closingBracket(line, end);
      if (close < 0) return end;
      end = close + 1;
      continue;
    }
    FIELD.lastIndex = end;
    if (!FIELD.test(line)) return end;
    end = FIELD.lastIndex;
  }
}

function closingBracket(line: string, open: number): number {
  let depth = 0;
  for (let at = open; at < Math.min(line.length, open + REACH); at++) {
    if (line[at] === "[") depth++;
    else if (line[at] === "]" && --depth === 0) return at;
  }
  return -1;
}

/** `Size=4`: the name of an argument; `a == b`, `write GITS_CBASER.Size = 0` are not. */
function isArgument(line: string, end: number): boolean {
  return /^=(?![=>])/.test(line.slice(end));
}
