import { COMMAND_BYTES } from "../../architecture/index.ts";
import type { Expression, ScriptDocument } from "../../language/index.ts";
import type { CommandSpan, ScriptRun, Target } from "../../runner/index.ts";
import { type HitTest, hitProblem, hitTest, readExpression, scopeOf, valueNow } from "./condition.ts";
import type { SetBreakpoint } from "./hit.ts";
import { HitCount } from "./hit-count.ts";

/** What an editor asks for: a slot of a command queue, by its address. */
export interface SlotBreakpointRequest {
  readonly address: number;
  readonly condition?: string;
  readonly hitCondition?: string;
}

interface Placed extends SetBreakpoint {
  readonly address: number;
  readonly condition: Expression | undefined;
  readonly holds: HitTest;
  readonly count: HitCount;
}

/** Stops before an ITS carries out the command in a slot of its queue: what other debuggers' instruction breakpoints are. */
export class SlotBreakpoints {
  private document: ScriptDocument;
  private readonly nextId: () => number;
  private placed: ReadonlyMap<number, Placed> = new Map();

  constructor(document: ScriptDocument, nextId: () => number) {
    this.document = document;
    this.nextId = nextId;
  }

  replace(document: ScriptDocument): void {
    this.document = document;
  }

  get isEmpty(): boolean {
    return this.placed.size === 0;
  }

  /** Replaces all. @param target whose queues they are in at present; a script may still move those */
  set(requests: readonly SlotBreakpointRequest[], target: Target): readonly SetBreakpoint[] {
    const placed = new Map<number, Placed>();
    const made = requests.map((request): SetBreakpoint => {
      const one = this.make(request, target);
      if (one.verified && "address" in one) placed.set(request.address, one as Placed);
      return one;
    });
    this.placed = placed;
    return made;
  }

  private make({ address, condition, hitCondition }: SlotBreakpointRequest, target: Target): Placed | SetBreakpoint {
    const id = this.nextId();
    const unverified = (message: string): SetBreakpoint => ({ id, verified: false, message });
    if (address % COMMAND_BYTES !== 0) return unverified(`A command begins at a multiple of ${COMMAND_BYTES} bytes.`);
    const holds = hitTest(hitCondition);
    if (holds === undefined) return unverified(hitProblem(hitCondition ?? ""));
    const { document } = this;
    const names = new Map(document.namesAt(document.lines.length).map((entry) => [entry.name, entry]));
    const read =
      condition === undefined
        ? undefined
        : readExpression(condition, { find: (name) => names.get(name), names: () => names.keys() });
    if (read?.wrong !== undefined) return unverified(read.wrong);
    const placed = { id, verified: true, address, condition: read?.expression, holds, count: new HitCount() };
    if (inQueue(address, target)) return placed;
    return { ...placed, message: "No command queue has a slot there now. It stops once one has." };
  }

  /** The breakpoint on the slot of a command that is about to be carried out, when it is one to stop at. @param run inside of its line */
  hit({ address }: CommandSpan, run: ScriptRun): number | undefined {
    const found = this.placed.get(address);
    if (found === undefined || !found.holds(found.count.meet(run.history.length))) return undefined;
    if (found.condition !== undefined && valueNow(found.condition, scopeOf(run)) === 0n) return undefined;
    return found.id;
  }

  /** Whether there is a breakpoint on a slot. */
  has(address: number): boolean {
    return this.placed.has(address);
  }
}

function inQueue(address: number, target: Target): boolean {
  return target.map.its.some((_, its) => {
    const queue = target.queue(its);
    return queue.valid && address >= queue.address && address < queue.address + queue.bytes;
  });
}
