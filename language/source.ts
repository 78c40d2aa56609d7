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
  const lines: SourceLine[] = [];
  if (!text.includes("\r")) {
    // The common case, several times faster than looking at every character.
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      lines.push({ text: text.slice(start, end), ending: "\n" });
      start = end + 1;
    }
    lines.push({ text: text.slice(start), ending: "" });
    return lines;
  }
  const endings = /\r\n|\n|\r/g;
  let start = 0;
  for (let match = endings.exec(text); match !== null; match = endings.exec(text)) {
    lines.push({ text: text.slice(start, match.index), ending: match[0] as LineEnding });
    start = match.index + match[0].length;
  }
  lines.push({ text: text.slice(start), ending: "" });
  return lines;
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
