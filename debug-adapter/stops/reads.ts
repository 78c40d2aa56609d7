import {
  compute,
  computeAddress,
  type Expression,
  isProblem,
  locateRegister,
  type Operation,
  type RegisterLocation,
  type Scope,
  type TableName,
} from "../../language/index.ts";
import {
  commandSpans,
  commandSteps,
  EmulatorTarget,
  type LineDone,
  type MicroLink,
  type MicroStep,
  msiSteps,
  registerAddress,
  type ScriptRun,
  type Target,
} from "../../runner/index.ts";
import { scopeOf } from "./condition.ts";

/** What can be seen to be read: bytes of guest memory and registers by address, system registers by name, entries and an LPI's bits by ids. */
export type Readable =
  | { readonly kind: "bytes"; readonly address: number; readonly bytes: number }
  | { readonly kind: "register"; readonly location: RegisterLocation }
  | { readonly kind: "entry"; readonly link: MicroLink; readonly ids: readonly number[] };

const tableLinks: Readonly<Record<TableName, MicroLink>> = {
  dte: "DTE",
  ite: "ITE",
  cte: "CTE",
  vte: "VTE",
};

/** Whether reads of what an expression gives can be seen. */
export function isReadable({ kind }: Expression): boolean {
  return kind === "table" || kind === "memory" || kind === "register" || kind === "interrupt";
}

/** What an expression reads at this moment; undefined where that cannot be computed. */
export function readableOf(expression: Expression, run: ScriptRun): Readable | undefined {
  const scope = scopeOf(run);
  switch (expression.kind) {
    case "memory": {
      const address = computeAddress(expression.address, scope);
      return isProblem(address) ? undefined : { kind: "bytes", address: Number(address), bytes: expression.width / 8 };
    }
    case "register": {
      const located = locateRegister(expression, scope);
      if (isProblem(located)) return undefined;
      const { location } = located;
      const address = registerAddress(run.target, location);
      if (address === undefined) return { kind: "register", location };
      return { kind: "bytes", address, bytes: location.register.width / 8 };
    }
    case "table": {
      const ids = numbers(expression.ids, scope);
      return ids && { kind: "entry", link: tableLinks[expression.table], ids };
    }
    case "interrupt": {
      const ids = numbers([expression.intid], scope);
      const link = expression.property === "pending" ? "pending bit" : "configuration byte";
      return ids && { kind: "entry", link, ids };
    }
    default:
      return undefined;
  }
}

function numbers(expressions: readonly Expression[], scope: Scope): readonly number[] | undefined {
  const values = expressions.map((one) => compute(one, scope));
  return values.some(isProblem) ? undefined : values.map(Number);
}

/**
 * Whether a line that has just run read something: by a load of the script, or by what its commands and MSIs look up. What expressions of
 * the script look at is no access.
 */
export class LineReads {
  private readonly target: Target;
  private readonly operations: readonly Operation[];
  private readonly steps: readonly MicroStep[];

  /** @param operations what the line has done, and loaded in its expressions */
  constructor(run: ScriptRun, done: LineDone, operations: readonly Operation[]) {
    this.target = run.target;
    this.operations = operations;
    this.steps = stepsOf(run, done, operations).filter(
      // What the distributor and a CPU interface go by are their own registers: nobody loads those.
      ({ writes, link }) => !writes && link !== "GICD_CTLR" && !link.startsWith("ICC_"),
    );
  }

  /** @returns what read it, for people; undefined when nothing did */
  reader(watched: Readable): string | undefined {
    if (this.operations.some((operation) => this.isLoaded(operation, watched))) return "the script";
    const step = this.steps.find((one, at) => touches(one, watched, this.steps[at - 1]));
    return step === undefined ? undefined : `the ITS (${step.link})`;
  }

  private isLoaded(operation: Operation, watched: Readable): boolean {
    if (operation.kind === "read-address") {
      return watched.kind === "bytes" && overlap(watched, Number(operation.address), operation.width / 8);
    }
    if (operation.kind !== "read-register" && operation.kind !== "modify-register") return false;
    const { location, width } = operation;
    if (watched.kind === "register")
      return watched.location.name === location.name && watched.location.pe === location.pe;
    const address = registerAddress(this.target, location);
    return watched.kind === "bytes" && address !== undefined && overlap(watched, address, width / 8);
  }
}

function stepsOf(run: ScriptRun, done: LineDone, operations: readonly Operation[]): readonly MicroStep[] {
  const { target } = run;
  const begin = run.history.at(-1)?.mark;
  if (!(target instanceof EmulatorTarget) || begin === undefined || target.map.gicc !== undefined) return [];
  const to = target.time.mark();
  const msi = operations.find(({ kind }) => kind === "msi");
  if (msi?.kind === "msi") {
    return msiSteps(target, {
      its: msi.its,
      deviceId: Number(msi.deviceId),
      eventId: Number(msi.eventId),
      from: begin,
      to,
    });
  }
  return commandSpans(target, done.result, begin, to).flatMap((span) => commandSteps(target, span));
}

/** @param before the step before it: of an ITE that of its device */
function touches(step: MicroStep, watched: Readable, before: MicroStep | undefined): boolean {
  if (watched.kind === "bytes") {
    return step.address !== undefined && overlap(watched, step.address, step.bytes ?? 1);
  }
  // What the GIC has of an LPI's configuration byte is what it goes by.
  const link = step.link === "cached configuration" ? "configuration byte" : step.link;
  if (watched.kind !== "entry" || link !== watched.link) return false;
  const { DeviceID, EventID, ICID, vPEID, INTID } = step.values;
  const own = step.link === "ITE" ? [before?.values.DeviceID, EventID] : [DeviceID ?? ICID ?? vPEID ?? INTID];
  return watched.ids.every((id, at) => id === own[at]);
}

function overlap(
  { address, bytes }: { readonly address: number; readonly bytes: number },
  at: number,
  length: number,
): boolean {
  return at < address + bytes && address < at + length;
}
