import type { SemanticTokens, SemanticTokensDelta, SemanticTokensEdit } from "vscode-languageserver";
import type { ScriptLine } from "../../language/index.ts";
import type { Script } from "../scripts/script.ts";
import { numbersOf, type TokenChoice, wordCount } from "./semantic-tokens.ts";

/** What a client was told of a script: its lines then, and how many words each had. */
interface Told {
  readonly id: string;
  readonly lines: readonly ScriptLine[];
  readonly words: Uint32Array;
}

/** Numbers a word in the protocol. */
const FIVE = 5;

/** Colours that are told as changes to what was told before. A line that has not changed is the same object, so nothing is compared but those. */
export class TokenDeltas {
  private readonly told = new Map<string, Told>();
  private count = 0;

  /** All tokens of a script, to which later changes refer. */
  full(script: Script, choice: TokenChoice): SemanticTokens {
    const lines = script.document.lines.slice();
    const data = numbersOf(lines, 0, lines.length, { before: 0, choice });
    const words = new Uint32Array(lines.length);
    for (let at = 0, line = 0; at < data.length; at += FIVE) {
      line += data[at];
      words[line]++;
    }
    const told = { id: String(++this.count), lines, words };
    this.told.set(script.uri, told);
    return { resultId: told.id, data };
  }

  /** What is different from an earlier answer to the same choice; all tokens where that one is not known any more. */
  delta(script: Script, previous: string, choice: TokenChoice): SemanticTokens | SemanticTokensDelta {
    const before = this.told.get(script.uri);
    if (before === undefined || before.id !== previous) return this.full(script, choice);
    const now = this.tell(script, before, choice);
    const edit = editBetween(before, now, choice);
    return { resultId: now.id, edits: edit === undefined ? [] : [edit] };
  }

  /** Forgets a script that was closed. */
  forget(uri: string): void {
    this.told.delete(uri);
  }

  private tell({ uri, document }: Script, before: Told, choice: TokenChoice): Told {
    const lines = document.lines.slice();
    const words = new Uint32Array(lines.length);
    const same = commonStart(before.lines, lines);
    const end = commonEnd(before.lines, lines, same);
    words.set(before.words.subarray(0, same));
    words.set(before.words.subarray(before.words.length - end), words.length - end);
    for (let line = same; line < lines.length - end; line++) words[line] = wordCount(lines[line], choice);
    const told = { id: String(++this.count), lines, words };
    this.told.set(uri, told);
    return told;
  }
}

function editBetween(before: Told, now: Told, choice: TokenChoice): SemanticTokensEdit | undefined {
  const start = commonStart(before.lines, now.lines);
  const end = commonEnd(before.lines, now.lines, start);
  // The first word behind the change counts its lines from the word before it, so its line is told again.
  let oldEnd = before.lines.length - end;
  let newEnd = now.lines.length - end;
  if (start === oldEnd && start === newEnd) return undefined;
  while (newEnd < now.lines.length && now.words[newEnd] === 0) {
    newEnd++;
    oldEnd++;
  }
  if (newEnd < now.lines.length) {
    newEnd++;
    oldEnd++;
  }
  let last = start - 1;
  while (last >= 0 && now.words[last] === 0) last--;
  return {
    start: FIVE * sum(before.words, 0, start),
    deleteCount: FIVE * sum(before.words, start, oldEnd),
    data: numbersOf(now.lines, start, newEnd, { before: Math.max(last, 0), choice }),
  };
}

function commonStart(one: readonly ScriptLine[], other: readonly ScriptLine[]): number {
  const most = Math.min(one.length, other.length);
  let count = 0;
  while (count < most && one[count] === other[count]) count++;
  return count;
}

/** Equal lines at the end, beside `start` at the beginning. */
function commonEnd(one: readonly ScriptLine[], other: readonly ScriptLine[], start: number): number {
  const most = Math.min(one.length, other.length) - start;
  let count = 0;
  while (count < most && one[one.length - 1 - count] === other[other.length - 1 - count]) count++;
  return count;
}

function sum(words: Uint32Array, from: number, to: number): number {
  let total = 0;
  for (let at = from; at < to; at++) total += words[at];
  return total;
}
