import type { BlockKind, ScriptPart } from "../../language/index.ts";
import type { QueuedCommand } from "../execute.ts";

/** A name that lines of a block see, and those that they saw before it. */
export interface Local {
  readonly name: string;
  readonly value: bigint;
  readonly next: Local | undefined;
}

/** Where a loop is: the value of its present turn, and the last one. */
export interface Turn {
  readonly value: bigint;
  readonly to: bigint;
  readonly step: bigint;
}

/** Commands that a batch has stored and not handed over yet, the last one first. */
export interface Queued extends QueuedCommand {
  readonly before: Queued | undefined;
}

/** A block that lines run in. It never changes: going back finds the one that was. */
export interface Frame {
  readonly kind: BlockKind | "include";
  /** The lines that it is of. */
  readonly part: ScriptPart;
  /** The line that opens the block, from 0; of an included file -1. */
  readonly open: number;
  readonly outer: Frame | undefined;
  /** What lines see behind the block. */
  readonly locals: Local | undefined;
  /** Of a loop. */
  readonly turn?: Turn;
  /** Of a macro: the line that called it; of an included file: the line that includes it. */
  readonly call?: number;
  /** The lines that that line is of. */
  readonly caller?: ScriptPart;
  /** The PE and the ITS that lines are about; undefined: 0. */
  readonly pe: number | undefined;
  readonly its: number | undefined;
  /** Of a test: place of the machine that goes on behind it. */
  readonly stage?: number;
  /** Of a batch. */
  readonly queued?: Queued | undefined;
}

/** Where a run is among the lines of its script. */
export interface Position {
  /** The lines that the next one is of. */
  part: ScriptPart;
  /** The line that is looked at next, from 0. */
  at: number;
  /** That line opens a block which is passed over. */
  skips: boolean;
  frame: Frame | undefined;
  locals: Local | undefined;
  /** Title of the only tests that run; undefined: all do. */
  onlyTest: string | undefined;
  /** Turns of loops and calls of macros so far. */
  turns: number;
}

/** @param part the script @param onlyTest see {@link Position.onlyTest} */
export function startPosition(part: ScriptPart, onlyTest?: string): Position {
  return { part, at: 0, skips: false, frame: undefined, locals: undefined, onlyTest, turns: 0 };
}

/** The frame that names of a line belong to; undefined: they are seen to the end of the script. */
export function scopeFrame(frame: Frame | undefined): Frame | undefined {
  let scope = frame;
  while (scope?.kind === "place" || scope?.kind === "batch" || scope?.kind === "include") scope = scope.outer;
  return scope;
}

/** The value that a line sees of a name which a block, a loop or a macro has given. */
export function localValue(locals: Local | undefined, name: string): bigint | undefined {
  for (let local = locals; local !== undefined; local = local.next) if (local.name === name) return local.value;
  return undefined;
}

/** The line of the script itself that a run is at: in an included file the one that includes it, or that calls its macro. */
export function scriptLine(script: ScriptPart, { part, at, frame }: Position): number {
  if (part === script) return at;
  let outer = frame;
  while (outer !== undefined && outer.caller !== script) outer = outer.outer;
  return outer?.call ?? at;
}
