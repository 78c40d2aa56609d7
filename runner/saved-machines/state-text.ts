import { extractRaw, fieldsOf, formatArgument, hex, registerByName } from "../../architecture/index.ts";
import { type EventState, loadState, type Machine, type SavedState, versionOf } from "../../emulator/index.ts";

/** Events of a device that are shown one by one. */
const SHOWN_EVENTS = 64;
/** Devices, collections and LPIs likewise. */
const SHOWN_ROWS = 256;

/** A saved machine for a reader: shape, the registers of each ITS and redistributor's LPIs, tables, LPIs. */
export function* stateLines(state: SavedState): Iterable<string> {
  const { model, shape, memory } = state;
  const bytes = memory.reduce((sum, run) => sum + run.bytes.length, 0);
  yield `saved machine, format version ${versionOf(state)}`;
  yield [`model ${model}, ${shape.cpus} PEs, GICv${shape.gicVersion}`, ...options(state)].join(", ");
  for (const { base, bytes: size } of shape.ram) yield `RAM ${hex(base)} to ${hex(base + size - 1)}`;
  yield `memory that is not zero: ${bytes / 1024} KiB in ${memory.length} ${memory.length === 1 ? "run" : "runs"}`;
  for (const [its, registers] of state.itss.entries()) {
    yield "";
    yield `ITS ${its} at ${hex(shape.its[its])}`;
    for (const [name, value] of registers) if (value !== 0n) yield registerLine(name, value);
  }
  for (const [pe, registers] of state.redistributors.entries()) {
    yield "";
    yield `PE ${pe}`;
    for (const name of ["GICR_CTLR", "GICR_PROPBASER", "GICR_PENDBASER"]) {
      const value = registers.get(name);
      if (value !== undefined) yield registerLine(name, value);
    }
    if (shape.gicVersion === 2) {
      for (const [name, value] of state.cpuInterfaces[pe]) if (value !== 0n) yield registerLine(name, value);
    }
    if (shape.gicVersion <= 3) continue;
    for (const name of ["GICR_VPROPBASER", "GICR_VPENDBASER"]) {
      const value = registers.get(name);
      if (value !== undefined && value !== 0n) yield registerLine(name, value);
    }
  }
  yield* vpeLines(state);
  yield* tableLines(state);
}

/** What was chosen for the machine beside its GIC's version. */
function* options({ shape, vmovps }: SavedState): Iterable<string> {
  const { secure, nmi, host, systemErrors, singleVmovp, layout } = shape;
  if (secure) yield "two Security states";
  if (nmi) yield "NMIs";
  if (host !== undefined) yield `host ${host}`;
  if (systemErrors) yield "command errors as System errors";
  if (singleVmovp === false && shape.gicVersion !== 3) yield "VMOVP on every ITS";
  if (vmovps !== undefined && vmovps.length > 0) yield `${vmovps.length} VMOVP under way`;
  if (layout !== undefined) yield `tables as in ${layout}`;
}

/** A register with its fields that are not 0. */
export function registerLine(name: string, value: bigint): string {
  const found = registerByName(name);
  const fields = (found === undefined ? [] : fieldsOf(found.register, value))
    .map((field) => ({ field, raw: extractRaw(value, field) }))
    .filter(({ raw }) => raw !== 0n)
    .map(({ field, raw }) => `${field.name} ${formatArgument(field, raw)}`);
  const text = `  ${name} = 0x${value.toString(16)}`;
  return fields.length === 0 ? text : `${text}  (${fields.join(", ")})`;
}

/** vPEs of the strict model: what it holds of them beside the tables. */
function* vpeLines({ vpes = [] }: SavedState): Iterable<string> {
  if (vpes.length === 0) return;
  yield "";
  yield* rows(vpes, "vPEs", (values) => {
    const rest = Array.from(values, ([name, value]) => `${name} 0x${value.toString(16)}`).slice(1);
    return [`vPEID 0x${(values.get("vPEID") ?? 0n).toString(16)}: ${rest.join(", ")}`];
  });
}

/** The tables as a machine has them after loading the state; a sentence instead when it cannot be loaded. */
function* tableLines(state: SavedState): Iterable<string> {
  yield "";
  const loaded = loadState(state);
  if ("failure" in loaded) {
    yield `This state cannot be restored: ${loaded.failure.message}.`;
    return;
  }
  const { machine } = loaded;
  for (let its = 0; its < machine.map.its.length; its++) {
    if (its > 0) yield "";
    yield `tables of ITS ${its}`;
    const collections = [...machine.tables(its).collections()];
    yield* rows(collections, "collections", ({ icid, target }) => [
      `  ICID ${hex(icid)} ${target === undefined ? "without a PE" : `on PE ${target}`}`,
    ]);
    yield* rows([...machine.tables(its).devices()], "devices", ({ deviceId, ittAddress, eventBits }) => [
      `  DeviceID ${hex(deviceId)}, ITT ${hex(ittAddress)}, ${eventBits} EventID bits`,
      ...rows(
        [...machine.tables(its).events(deviceId)],
        "events",
        (event) => [eventLine(machine, event)],
        SHOWN_EVENTS,
      ),
    ]);
  }
}

function eventLine(machine: Machine, { eventId, intid, icid, virtual }: EventState): string {
  if (virtual !== undefined) {
    const doorbell = virtual.doorbell === undefined ? "no doorbell" : `doorbell LPI ${virtual.doorbell}`;
    return `    EventID ${hex(eventId)} is vLPI ${intid} of vPEID ${hex(virtual.vpeId)}, ${doorbell}`;
  }
  const lpi = machine.lpi(intid);
  const flags = lpi === undefined ? [] : [lpi.enabled ? "enabled" : "disabled", `priority ${hex(lpi.priority)}`];
  if (lpi?.pending) flags.push("pending");
  const collection = icid === undefined ? "no collection" : `ICID ${hex(icid)}`;
  return `    EventID ${hex(eventId)} is LPI ${intid}, ${[collection, ...flags].join(", ")}`;
}

/** Lines of a list, bounded. */
function* rows<Row>(
  list: readonly Row[],
  what: string,
  lines: (row: Row) => Iterable<string>,
  most = SHOWN_ROWS,
): Iterable<string> {
  if (list.length === 0 && what !== "events") yield `  no ${what}`;
  for (const row of list.slice(0, most)) yield* lines(row);
  if (list.length > most) yield `  and ${list.length - most} more ${what}`;
}
