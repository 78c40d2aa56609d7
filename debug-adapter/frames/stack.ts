import type { DebugProtocol } from "@vscode/debugprotocol";
import { hex } from "../../architecture/hex.ts";
import { decodeCommand, fieldArgument } from "../../architecture/index.ts";
import type { ScriptPart } from "../../language/index.ts";
import { children, type DisplayNode, type IncludedLine, isCommandSpan } from "../../runner/index.ts";
import type { Engine } from "../engine/engine.ts";
import type { Launched } from "../launching/launch.ts";
import { type Positions, sourceOf, statementText } from "../positions.ts";
import type { ScopeNode } from "../scopes.ts";
import type { Exception } from "../stops/exceptions.ts";
import type { InsideLine } from "./inside-line.ts";
import { commandText, microNodes, microText } from "./micro-text.ts";
import { unitOf, unitText } from "./threads.ts";

/** Frames of the script's thread. Those of other threads have the numbers of their threads. */
const Frame = { line: 1, command: 2, micro: 3 } as const;

/** The first number of frames of lines that have called a macro, above those of threads. */
const CALLERS = 1_000_000;

/** What a stack of frames is made of. */
export interface StackParts {
  readonly launched: Launched;
  readonly engine: Engine;
  readonly positions: Positions;
}

/** The frames of a thread, innermost first: micro-step, command, statement; of another ITS or of a PE, what it stands at. */
export function stackOf(parts: StackParts, thread: number | undefined): DebugProtocol.StackFrame[] {
  const { target } = parts.launched.run;
  const unit = unitOf(target, thread);
  if (unit !== undefined && thread !== undefined) {
    return [
      { id: thread, name: unitText(target, unit), line: 0, column: 0, presentationHint: "subtle", canRestart: false },
    ];
  }
  const line = lineFrame(parts);
  const { inside } = parts.engine;
  const callers = callerFrames(parts);
  return inside === undefined ? [line, ...callers] : [...insideFrames(inside, line), line, ...callers];
}

/** The lines that have called the macros, or included the files, that the line stands in, the nearest first. */
function callerFrames({ engine, launched, positions }: StackParts): DebugProtocol.StackFrame[] {
  const { document, run } = launched;
  const frames: DebugProtocol.StackFrame[] = [];
  const add = (caller: ScriptPart, call: number): void => {
    const { line, column } = positions.statement(caller, call);
    const id = CALLERS + frames.length;
    frames.push({
      id,
      name: statementText(caller, call),
      source: sourceOf(launched, caller.file),
      line,
      column,
      canRestart: false,
    });
  };
  let isComplete = includedLine({ engine, launched }) === undefined;
  for (const { call, caller = document } of run.frames()) {
    if (call === undefined) continue;
    add(caller, call);
    isComplete ||= caller === document;
  }
  // Of a line that has failed at the end of its file the run has left the file already.
  if (!isComplete) add(document, engine.line);
  return frames;
}

/** What only one frame has to show, above what all have. */
export function frameScopes({ engine }: Pick<StackParts, "engine">, frame: number | undefined): readonly ScopeNode[] {
  const { inside } = engine;
  if (inside === undefined) return [];
  if (frame === Frame.micro && inside.micro !== undefined) {
    const { step } = inside.micro;
    return [{ name: "Micro-step", hint: "locals", children: children(() => microNodes(step)) }];
  }
  if (frame !== Frame.command) return [];
  return [{ name: "Command", hint: "locals", children: children(() => commandNodes(inside)) }];
}

function insideFrames(inside: InsideLine, line: DebugProtocol.StackFrame): DebugProtocol.StackFrame[] {
  const { span, number, count } = inside.command;
  const of = count === 1 ? "" : ` (${number + 1} of ${count})`;
  const place = { source: line.source, line: line.line, column: line.column, canRestart: false };
  const command = {
    id: Frame.command,
    name: `${commandText(span)}${of}`,
    ...place,
    ...(isCommandSpan(span) ? { instructionPointerReference: hex(span.address) } : {}),
  };
  if (inside.micro === undefined) return [command];
  const { step } = inside.micro;
  const at = step.address === undefined ? {} : { instructionPointerReference: hex(step.address) };
  const text = `${microText(step)} (${inside.micro.number + 1} of ${inside.micro.count})`;
  return [{ id: Frame.micro, name: text, ...place, ...at }, command];
}

function commandNodes(inside: InsideLine): readonly DisplayNode[] {
  const { span } = inside.command;
  if (!isCommandSpan(span)) {
    return [
      { name: "DeviceID", value: hex(span.deviceId) },
      { name: "EventID", value: hex(span.eventId) },
    ];
  }
  const { words, address } = span;
  const slot: DisplayNode = { name: "slot", value: hex(address), address };
  if (words === undefined) return [slot];
  const fields = decodeCommand(words).values.map(({ field, raw }) => ({
    name: field.name,
    value: hex(fieldArgument(field, raw)),
  }));
  return [
    slot,
    ...fields,
    ...words.map((word, at) => ({ name: `DW${at}`, value: hex(word), address: address + at * 8 })),
  ];
}

/** The frame of the line that is shown. */
function lineFrame({ engine, launched, positions }: StackParts): DebugProtocol.StackFrame {
  const { document, program, name } = launched;
  if (program === undefined) {
    const first = { line: positions.line(0), column: positions.column(0) };
    return { id: Frame.line, name: `saved machine ${name}`, source: sourceOf(launched), ...first };
  }
  const atEnd = engine.line >= document.lines.length;
  const line = atEnd ? lastStatement(launched) : engine.line;
  const { part, line: own } = includedLine({ engine, launched }) ?? { part: document, line };
  const text = statementText(part, own);
  const running = launched.run.inLine ? "in the middle of " : "";
  const state = atEnd ? "end of the script, after " : failing(engine.exception, running);
  // Without an end: editors select a frame's whole range at every stop, and the next key would replace the statement.
  const { line: shown, column } = positions.statement(part, own);
  return { id: Frame.line, name: `${state}${text}`, source: sourceOf(launched, part.file), line: shown, column };
}

/** The line of an included file that is shown; undefined: it is one of the script. */
function includedLine({ engine, launched }: Pick<StackParts, "engine" | "launched">): IncludedLine | undefined {
  const { exception } = engine;
  return exception?.done === undefined ? launched.run.nextIncluded : exception.done.at;
}

/** What is wrong with the line that is shown. */
function failing(exception: Exception | undefined, otherwise: string): string {
  if (exception === undefined) return otherwise;
  return exception.kind === "model-differences" ? "models differ at " : "failed: ";
}

function lastStatement({ document }: Launched): number {
  return Math.max(
    document.lines.findLastIndex(({ statement }) => statement !== undefined),
    0,
  );
}
