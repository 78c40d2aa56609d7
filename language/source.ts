/** A line of source: its text without its ending, and the ending (empty for the last line). */
export interface SourceLine {
  readonly text: string;
  readonly ending: LineEnding;
}

export type LineEnding = "" | "\n" | "\r\n" | "\r";

/** A place in a text. Lines and columns begin at 0; columns are UTF-16 units. As in the Language Server Protocol. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Replaces the text between two places by another. */
export interface TextChange {
  readonly start: Position;
  readonly end: Position;
  readonly text: string;
}

/** Cuts a text into lines at `\n`, `\r\n` and `\r`. Text and endings joined give the text again; the last line has no ending. */
export function splitLines(text: string): SourceLine[] {
  return [...eachLine(text)];
}

/** The lines that {@link splitLines} gives, one after another. */
export function* eachLine(text: string): Generator<SourceLine> {
  let start = 0;
  if (!text.includes("\r")) {
    // The common case, several times faster than looking at every character.
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      yield { text: text.slice(start, end), ending: "\n" };
      start = end + 1;
    }
  } else {
    const endings = /\r\n|\n|\r/g;
    for (let match = endings.exec(text); match !== null; match = endings.exec(text)) {
      yield { text: text.slice(start, match.index), ending: match[0] as LineEnding };
      start = match.index + match[0].length;
    }
  }
  yield { text: text.slice(start), ending: "" };
}

/** How many lines {@link splitLines} gives. */
export function countLines(text: string): number {
  let count = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  for (let at = text.indexOf("\r"); at >= 0; at = text.indexOf("\r", at + 1)) if (text[at + 1] !== "\n") count++;
  return count;
}

/** Applies a change to a whole text. Places beyond a line's or the text's end mean that end. */
export function applyChange(text: string, change: TextChange): string {
  const lines = splitLines(text);
  const starts: number[] = [];
  let offset = 0;
  for (const line of lines) {
    starts.push(offset);
    offset += line.text.length + line.ending.length;
  }
  const offsetOf = ({ line, column }: Position) => {
    if (line >= lines.length) return text.length;
    if (line < 0) return 0;
    return starts[line] + Math.min(Math.max(column, 0), lines[line].text.length);
  };
  const start = offsetOf(change.start);
  return text.slice(0, start) + change.text + text.slice(Math.max(start, offsetOf(change.end)));
}
