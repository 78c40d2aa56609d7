import { commentStart } from "./comment.ts";
import type { ScriptLine } from "./line.ts";
import type { Span } from "./syntax.ts";

/** The statement of a line: its text without indentation, comment and trailing blanks. */
export function statementSpan({ text }: ScriptLine): Span {
  const start = text.length - text.trimStart().length;
  const end = text.slice(0, commentStart(text)).trimEnd().length;
  return { start, length: Math.max(end - start, 1) };
}

/** {@link statementSpan}, looked for when somebody asks: most lines have no problem that would stand there. */
export class StatementPlace implements Span {
  private readonly line: ScriptLine;
  private found: Span | undefined;

  constructor(line: ScriptLine) {
    this.line = line;
  }

  private get span(): Span {
    this.found ??= statementSpan(this.line);
    return this.found;
  }

  get start(): number {
    return this.span.start;
  }

  get length(): number {
    return this.span.length;
  }
}
