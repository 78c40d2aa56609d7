import { allRegisterValues, peekMany, type RegisterValuesByExpression, type ScriptRun } from "../../runner/index.ts";
import { errors } from "../errors.ts";
import type { ComparedWith, CompareRegistersArguments } from "../views-protocol.ts";
import type { Moments } from "./moments.ts";

/** Registers that a file may have. */
const MOST_VALUES = 200_000;

/** What registers are compared with: its values, read once. */
export interface ComparisonBase {
  readonly about: ComparedWith;
  readonly values: RegisterValuesByExpression;
}

/**
 * Reads what `gic/compareRegisters` names; nothing has changed afterwards.
 * @returns undefined when it names nothing
 * @throws AdapterError when that moment is not known
 */
export function comparisonBase(
  run: ScriptRun,
  moments: Moments,
  { line, stop, values, name = "" }: CompareRegistersArguments,
): ComparisonBase | undefined {
  if (values !== undefined) {
    const known = new Map(values.slice(0, MOST_VALUES).flatMap(entryOf));
    return { about: { kind: "file", name, registers: known.size }, values: known };
  }
  if (line !== undefined) return beforeLine(run, line - 1);
  const { target } = run;
  const read = (): RegisterValuesByExpression => peekMany(target, () => allRegisterValues(target));
  if (stop === "here") return based("here", run.nextLine + 1, moments.present("all registers", read));
  if (stop !== "before") return undefined;
  const before = moments.before("all registers", read);
  if (before === undefined) throw errors.momentUnknown("The stop before");
  return based("before", undefined, before);
}

function beforeLine(run: ScriptRun, line: number): ComparisonBase {
  const entry = run.history.findLast((done) => done.line === line);
  if (entry === undefined) throw errors.notRun(line + 1);
  // A machine block is the last line of the machine before.
  const target = run.targetBefore(entry.place);
  let found: RegisterValuesByExpression | undefined;
  target.time?.lookBack([entry.mark], () => {
    found = peekMany(target, () => allRegisterValues(target));
    return false;
  });
  if (found === undefined) throw errors.momentUnknown(`The moment before line ${line + 1}`);
  return based("line", line + 1, found);
}

function based(
  kind: ComparedWith["kind"],
  line: number | undefined,
  values: RegisterValuesByExpression,
): ComparisonBase {
  return { about: { kind, ...(line === undefined ? {} : { line }), registers: values.size }, values };
}

/** A value of a file came over the wire, so it may be any text. */
function entryOf({
  expression,
  value,
}: {
  readonly expression: string;
  readonly value: string;
}): (readonly [string, bigint])[] {
  return /^0x[0-9a-f]{1,16}$/i.test(value) ? [[expression, BigInt(value)]] : [];
}
