import type { Steps } from "../../emulator/index.ts";
import {
  type BoundStatement,
  type FlowStatement,
  isProblem,
  type MachineDescription,
  type Scope,
  type ScriptDocument,
  type Span,
} from "../../language/index.ts";
import type { QueuedCommand } from "../execute.ts";
import type { RunMachines } from "../run-machines.ts";
import { NOTHING_DONE, type StatementResult } from "../statement-result.ts";
import type { MaybeSteps } from "../stretches.ts";
import type { Frame, Position } from "./frame.ts";
import { enter, enterFile, type Steering } from "./perform-flow.ts";
import { leave } from "./settle.ts";

/** Statements whose lines run on a machine of their own, are handed to it together, or are those of another file. */
type BlockStatement = Exclude<FlowStatement, Steering>;

/** What they are carried out with. */
interface BlockWork {
  readonly document: ScriptDocument;
  readonly machines: RunMachines;
  /** Makes a machine for the lines below. @param line of the script, for what is wrong */
  begin(description: MachineDescription, line: number): Steps<StatementResult>;
}

/** Carries out a line that opens or closes a test or a batch, or includes a file, by moving the position. */
export function performBlock(
  statement: BlockStatement,
  position: Position,
  work: BlockWork,
  whole: Span,
): MaybeSteps<StatementResult> {
  switch (statement.kind) {
    case "macro":
      return NOTHING_DONE;
    case "test":
      return test(position, work);
    case "batch":
      enter(position, { kind: "batch", open: position.at });
      return NOTHING_DONE;
    case "end":
      return end(position, work, whole);
    case "include": {
      // A file runs where it is included first.
      const { part, at } = position;
      const included = work.document.runsInclude(part.lines[at]) ? part.included(statement.file) : undefined;
      if (included === undefined) position.at++;
      else enterFile(position, included);
      return NOTHING_DONE;
    }
  }
}

/** A command of a batch is stored. @param frame of the batch @returns where the run goes, or what is wrong */
export function queueInBatch(
  statement: BoundStatement,
  position: Position,
  frame: Frame,
  { machines, scope }: Pick<BlockWork, "machines"> & { readonly scope: Scope },
  whole: Span,
): Position | StatementResult {
  const line = position.at;
  const stored = machines.present.executor.store(statement, scope, whole, frame.queued?.writer);
  if (isProblem(stored)) return { ...NOTHING_DONE, problems: [stored] };
  const queued = { ...stored, line, statement, whole, before: frame.queued };
  return { ...position, at: line + 1, frame: { ...frame, queued } };
}

/** A test begins, on a machine of its own. Without that it is passed over. */
function* test(position: Position, { document, machines, begin }: BlockWork): Steps<StatementResult> {
  const line = position.at;
  const stage = machines.count - 1;
  const result = yield* begin(document.machineLines(line).machine, line);
  if (result.begun === undefined) position.skips = true;
  else enter(position, { kind: "test", open: line, stage, pe: undefined, its: undefined });
  return result;
}

/** The `}` of a test: the machine before it goes on. That of a batch: what was stored is handed over. */
function end(position: Position, { machines }: BlockWork, whole: Span): MaybeSteps<StatementResult> {
  const { frame, part } = position;
  const block = part.blocks.closedAt(position.at);
  position.at = block === undefined ? position.at + 1 : part.blocks.behind(block);
  if (frame === undefined) return NOTHING_DONE;
  leave(position, frame);
  if (frame.stage !== undefined) {
    machines.again(frame.stage);
    return NOTHING_DONE;
  }
  const commands: QueuedCommand[] = [];
  for (let { queued } = frame; queued !== undefined; queued = queued.before) commands.unshift(queued);
  return frame.queued === undefined ? NOTHING_DONE : machines.present.executor.handOver(commands, whole);
}
