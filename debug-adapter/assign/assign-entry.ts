import { hex, layouts } from "../../architecture/index.ts";
import type { Steps } from "../../emulator/index.ts";
import { compute, isProblem, type TableReference, tableFieldName, tableKinds } from "../../language/index.ts";
import type { ScriptRun, StatementResult } from "../../runner/index.ts";
import { isSettableEntryField } from "../../runner/index.ts";
import { errors } from "../errors.ts";
import { consoleStatement, evaluateNumber, performStatement } from "../evaluate.ts";

/** Events of a device that is mapped anew. */
const MOST_EVENTS = 256;

/** What an assignment to a field of an entry did: the result of its last command, and which commands those were, for people. */
export interface EntryAssigned {
  readonly result: StatementResult;
  readonly note: string;
}

/**
 * Gives a field of a mapped entry another value as software does: by commands, because the ITS owns its tables, and those of a KVM guest are its
 * host's.
 * @param target the entry and its field, as scripts name them
 * @param value an expression
 * @throws AdapterError when the entry is not mapped, the field is no command's to change, or a command fails
 */
export function* assignEntry(
  expression: TableReference,
  target: string,
  value: string,
  run: ScriptRun,
): Steps<EntryAssigned> {
  const { table, field } = expression;
  if (field === undefined) throw errors.notAssignable();
  const name = tableFieldName(table, field.text) ?? field.text;
  const kind = tableKinds[table];
  const layout = layouts[run.target.layout].entries[kind];
  // It says why when the entry, or the field, is not there.
  const before = evaluateNumber(target, run);
  const entry = target.slice(0, target.lastIndexOf("."));
  if (layout === undefined || !isSettableEntryField(kind, layout.fields, evaluateNumber(entry, run), name))
    throw errors.entryFieldFixed(name, entryAdvice[table]);
  const ids = expression.ids.map((id) => {
    const computed = compute(id, run.scope);
    if (isProblem(computed)) throw errors.diagnostic(computed);
    return hex(computed);
  });
  const of = (other: string): string => hex(evaluateNumber(`${entry}.${other}`, run));
  const wanted = evaluateNumber(value, run);
  const statements = commandsOf(table, name, ids, hex(wanted), of, run);
  const result = yield* carriedOut(statements, run);
  const after = evaluateNumber(target, run);
  const done = `Carried out: ${statements.join("; ")}.`;
  const taken = after === wanted ? "" : ` ${target} is ${hex(after)}${after === before ? ", as before" : ""}.`;
  return { result, note: done + taken };
}

/** Carries out all of them, or none: what the first ones did is taken back when a later one fails. */
function* carriedOut(statements: readonly string[], run: ScriptRun): Steps<StatementResult> {
  const { time } = run.target;
  const begin = time?.mark();
  let result: StatementResult | undefined;
  try {
    for (const text of statements) {
      const statement = consoleStatement(text);
      if (statement === undefined) throw errors.notAssignable();
      result = yield* performStatement(text, statement, run);
    }
  } catch (error) {
    if (begin !== undefined) time?.rewind(begin);
    throw error;
  }
  if (result === undefined) throw errors.notAssignable();
  return result;
}

/** By table, how else its entries change. */
const entryAdvice: Readonly<Record<TableReference["table"], string>> = {
  dte: "MAPD maps and unmaps a device",
  ite: "MAPTI and DISCARD map and unmap an event, VMAPTI and VMOVI are for virtual ones",
  cte: "MAPC maps and unmaps a collection",
  vte: "VMAPP maps and unmaps a vPE, VMOVP moves it",
};

/** @param of reads another field of the entry */
function commandsOf(
  table: TableReference["table"],
  field: string,
  ids: readonly string[],
  value: string,
  of: (field: string) => string,
  run: ScriptRun,
): readonly string[] {
  const [first, second] = ids;
  switch (table) {
    case "cte":
      return [`MAPC ICID=${first}, RDbase=${value}`];
    case "vte":
      return [`VMOVP vPEID=${first}, RDbase=${value}`];
    case "dte": {
      const size = field === "Size" ? value : of("Size");
      return remapped(first, size, field === "Size" ? of("ITT_addr") : value, run);
    }
    case "ite": {
      const event = `DeviceID=${first}, EventID=${second}`;
      if (field === "ICID") return [`MOVI ${event}, ICID=${value}`];
      return [`DISCARD ${event}`, `MAPTI ${event}, pINTID=${value}, ICID=${of("ICID")}`];
    }
  }
}

/**
 * A device with another ITT. To map one that is mapped is UNPREDICTABLE, and so is to unmap one with events: those are discarded first, and
 * mapped again where there is room for them. What of them was pending is lost.
 */
function remapped(device: string, size: string, ittAddress: string, run: ScriptRun): readonly string[] {
  const events = [...run.target.tables(0).events(Number(device))];
  if (events.some(({ virtual, icid }) => virtual !== undefined || icid === undefined))
    throw errors.deviceFixed(device, "it has virtual events, or events without a collection");
  if (events.length > MOST_EVENTS) throw errors.deviceFixed(device, `it has more than ${MOST_EVENTS} events`);
  const mapped = events.map(({ eventId, intid, icid = 0 }) => ({
    event: `DeviceID=${device}, EventID=${hex(eventId)}`,
    eventId,
    goal: `pINTID=${intid}, ICID=${hex(icid)}`,
  }));
  const fits = mapped.filter(({ eventId }) => eventId < 2 ** (Number(size) + 1));
  return [
    ...mapped.map(({ event }) => `DISCARD ${event}`),
    `MAPD DeviceID=${device}, V=0`,
    `MAPD DeviceID=${device}, Size=${size}, ITT_addr=${ittAddress}`,
    ...fits.map(({ event, goal }) => `MAPTI ${event}, ${goal}`),
  ];
}
