import type { Diagnostic } from "./diagnostic.ts";
import { errors } from "./errors.ts";
import { limits } from "./limits.ts";
import type { ScriptLine } from "./parse/line.ts";
import { blockKinds } from "./parse/parse-block.ts";
import { statementSpan } from "./parse/statement-place.ts";
import type { BlockStatement, Statement } from "./parse/syntax.ts";

/** What a block is; `else` opens one behind that of its `if`. */
export type BlockKind = BlockStatement["kind"] | "else";

/** Lines from the one that opens a block to the one that closes it. Lines from 0. */
export interface Block {
  readonly kind: BlockKind;
  /** The line that opens it. */
  readonly open: number;
  /** The line with its `}`; of a block that is not closed the last line that seems to be meant for it. */
  readonly close: number;
  /** Whether it has its `}`. One that has not executes nothing. */
  readonly closed: boolean;
  /** The block that it stands in. */
  readonly parent: Block | undefined;
  /** The `else` block that begins where this one ends. */
  readonly next: Block | undefined;
  /** The line of the `if` that an `else` belongs to; of every other block the one that opens it. */
  readonly head: number;
}

type Open = { -readonly [Key in keyof Block]: Block[Key] };

/** Whether a line, or a statement, opens a block that a `}` further down closes. */
export function opensBlock({ kind }: Pick<Statement, "kind">): boolean {
  return blockKinds.has(kind);
}

/** Whether a line opens or closes a block. */
export function isBlockLine({ kind }: ScriptLine): boolean {
  return kind === "end" || blockKinds.has(kind);
}

/** The blocks of a script: which line closes which, and what stands in what. */
export class Blocks {
  /** Of a script that has none. */
  static readonly none = new Blocks([]);

  /** In the order of the lines that open them. */
  readonly list: readonly Block[];
  private readonly opened = new Map<number, Block>();
  private readonly closed = new Map<number, Block>();
  private readonly wrong = new Map<number, Diagnostic>();

  private constructor(lines: readonly ScriptLine[]) {
    this.list = lines.length === 0 ? [] : this.read(lines);
    for (const block of this.list) {
      this.opened.set(block.open, block);
      if (block.closed) this.closed.set(block.close, block);
    }
  }

  /** Whether one has no `}`. */
  get hasOpen(): boolean {
    return this.list.length > this.closed.size;
  }

  static of(lines: readonly ScriptLine[]): Blocks {
    return lines.some(isBlockLine) ? new Blocks(lines) : Blocks.none;
  }

  /** The block that a line opens. */
  openedAt(line: number): Block | undefined {
    return this.opened.get(line);
  }

  /** The block that a line closes. */
  closedAt(line: number): Block | undefined {
    return this.closed.get(line);
  }

  /** Line behind a block and what its `}` opens: all its `else` blocks, and an `else` that belongs to no `if`. */
  behind(block: Block): number {
    let last = block;
    for (let next = this.openedAt(last.close); next !== undefined && next !== last; next = this.openedAt(last.close))
      last = next;
    return last.close + 1;
  }

  /** The innermost block that a line stands in; the lines that open and close it do not. */
  around(line: number): Block | undefined {
    let from = 0;
    let to = this.list.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.list[middle].open < line) from = middle + 1;
      else to = middle;
    }
    let block: Block | undefined = this.list[from - 1];
    while (block !== undefined && line >= insideEnd(block)) block = block.parent;
    return block;
  }

  /** What is wrong with a line as one that opens or closes a block. */
  problemOf(line: number): Diagnostic | undefined {
    return this.wrong.get(line);
  }

  /**
   * The first line whose block is another than before an edit, of an `else` that of its `if`; undefined: none is.
   * @param before the blocks before @param to line behind those that the edit replaced, as it was then @param delta lines that came to be
   */
  firstDifference(before: Blocks, to: number, delta: number): number | undefined {
    const now = (line: number | undefined): number | undefined =>
      line !== undefined && line >= to ? line + delta : line;
    const count = Math.max(this.list.length, before.list.length);
    for (let at = 0; at < count; at++) {
      const [block, old] = [this.list[at], before.list[at]];
      const opened = now(old?.open);
      const head = Math.min(block?.head ?? Number.POSITIVE_INFINITY, now(old?.head) ?? Number.POSITIVE_INFINITY);
      if (block?.open !== opened) return head;
      const isSame =
        block.kind === old.kind &&
        block.closed === old.closed &&
        block.close === now(old.close) &&
        block.parent?.open === now(old.parent?.open) &&
        block.next?.open === now(old.next?.open);
      if (!isSame) return head;
    }
    return undefined;
  }

  /**
   * Pairs braces. One that stands left of the line that it would close, and right below one further out, closes that one: what is between
   * has lost its own.
   */
  private read(lines: readonly ScriptLine[]): Block[] {
    const list: Block[] = [];
    const stack: Open[] = [];
    const unclosed: Open[] = [];
    const indent = (line: number): number => lines[line].text.length - lines[line].text.trimStart().length;
    const open = (line: number, kind: BlockKind): Open => {
      const parent = stack.at(-1);
      const block = { kind, open: line, close: line, closed: false, parent, next: undefined, head: line };
      list.push(block);
      this.checkNesting(stack, block, lines);
      stack.push(block);
      return block;
    };
    for (let line = 0; line < lines.length; line++) {
      const { kind } = lines[line];
      if (blockKinds.has(kind)) open(line, kind as BlockKind);
      else if (kind === "end") {
        const left = indent(line);
        const meant = stack.findLastIndex((block) => indent(block.open) === left);
        if (meant >= 0 && indent(stack[stack.length - 1].open) > left) unclosed.push(...stack.splice(meant + 1));
        const block = stack.pop();
        const { syntax } = lines[line];
        if (block === undefined) this.wrong.set(line, errors.nothingToClose(statementSpan(lines[line])));
        else {
          block.close = line;
          block.closed = true;
        }
        if (syntax.kind !== "end" || syntax.else === undefined) continue;
        const next = open(line, "else");
        if (block?.kind === "if" || isElseIf(block, lines)) chain(block as Open, next);
        else if (block !== undefined) this.wrong.set(line, errors.elseWithoutIf(syntax.else));
      }
    }
    for (const block of [...unclosed, ...stack]) {
      block.close = lastMeant(block, lines, indent);
      const { syntax } = lines[block.open];
      const word = "word" in syntax && syntax.word !== undefined ? syntax.word : statementSpan(lines[block.open]);
      if (!this.wrong.has(block.open)) this.wrong.set(block.open, errors.blockNotClosed(word));
    }
    return list;
  }

  /** Tests and macros stand in no other block, in a batch stands no block, and nothing is nested too deep. */
  private checkNesting(stack: readonly Open[], block: Open, lines: readonly ScriptLine[]): void {
    const outer = stack.at(-1);
    const place = statementSpan(lines[block.open]);
    if (stack.length >= limits.blockDepth) this.wrong.set(block.open, errors.blocksTooDeep(place));
    else if (outer !== undefined && (block.kind === "test" || block.kind === "macro"))
      this.wrong.set(block.open, errors.onlyOutside(place, block.kind));
    else if (outer?.kind === "batch") this.wrong.set(block.open, errors.notInBatch(place));
  }
}

function chain(block: Open, next: Open): void {
  block.next = next;
  next.head = block.head;
}

/** Whether a block may be followed by an `else`, being one of `else if`. */
function isElseIf(block: Open | undefined, lines: readonly ScriptLine[]): boolean {
  const syntax = block?.kind === "else" ? lines[block.open].syntax : undefined;
  return syntax?.kind === "end" && syntax.condition !== undefined;
}

/** The block whose end is the end of the names that a line in `block` defines; undefined: they are seen to the end of the script. */
export function scopeOf(block: Block | undefined): Block | undefined {
  let scope = block;
  while (scope?.kind === "place" || scope?.kind === "batch") scope = scope.parent;
  return scope;
}

/** Where what stands in a block ends. */
function insideEnd({ close, closed }: Block): number {
  return closed ? close : close + 1;
}

/** Of a block without `}`: the lines right below that stand further in. */
function lastMeant(block: Open, lines: readonly ScriptLine[], indent: (line: number) => number): number {
  const left = indent(block.open);
  let last = block.open;
  for (let line = block.open + 1; line < lines.length; line++) {
    if (lines[line].text.trim() === "") continue;
    if (indent(line) <= left) break;
    last = line;
  }
  return last;
}
