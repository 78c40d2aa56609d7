import { COMMAND_BYTES, hex } from "../../architecture/index.ts";
import type { RegisterValues, SavedState } from "../../emulator/index.ts";
import type { EmulatorTarget } from "../emulator-target.ts";
import { allRegisterGroups } from "../inspect/all-registers.ts";
import { readValue } from "../inspect/read-register.ts";
import { registerExpression } from "../inspect/register-nodes.ts";
import { peekMany } from "../target.ts";
import { memoryLines } from "./memory-lines.ts";
import { pendingVsgiLines, virtualEventLines, vpeMappingLines } from "./vpe-lines.ts";

/** In this order registers are written: what an interrupt means comes before its state, and what enables comes last. */
const order = [
  /^GICD_CTLR$/,
  /^GICR_WAKER/,
  /^GIC[RD]_(IGROUPR|IGRPMODR|NSACR|INMIR|ICFGR|IPRIORITYR|IROUTER)/,
  /^GIC[RD]_ISENABLER/,
  /^GIC[RD]_ISACTIVER/,
  /^GIC[RD]_ISPENDR/,
  /^GICR_(V?PROPBASER|V?PENDBASER)/,
  /^ICC_(SRE|CTLR|PMR|BPR)/,
  /^ICC_IGRPEN/,
  /^ICC_AP/,
  /^GICR_CTLR/,
];
const SETS = /_IS(ENABLER|ACTIVER|PENDR)/;
/** INTIDs of a word of levels. */
const LEVELS = 32;

interface Difference {
  readonly expression: string;
  readonly value: bigint;
  readonly fresh: bigint;
}

/**
 * Statements by which software brings a machine whose tables are in guest memory to the registers and the memory of another. The queue's
 * pointers come to where they are by commands that change nothing.
 * @param fresh the same machine after reset
 */
export function* busLines(target: EmulatorTarget, state: SavedState, fresh: EmulatorTarget): Iterable<string> {
  const differing = differences(target, fresh).map((one) => latched(one, state));
  const itss = target.map.its.map((_, its) => its);
  for (const its of itss) {
    yield `# Tables and queue of ITS ${its}`;
    yield* itsLines(target, its, differing, state);
  }
  yield "# Memory: tables, configuration and pending bits of LPIs, the commands of the queue";
  for (const its of itss) yield* emptyQueueLines(target, its);
  yield* memoryLines(state.memory);
  for (const its of itss) yield* waitingLines(target, its, differing);
  yield "# Distributor, redistributors and CPU interfaces";
  for (const pattern of order) {
    for (const one of differing) if (pattern.test(one.expression)) yield* written(one);
    if (pattern.source.includes("ICFGR")) yield* levelLines(state);
  }
  yield* pendingVsgiLines(target);
}

/** An interrupt that is pending by the level of its input alone becomes so by the level again. */
function latched(one: Difference, { distributor, redistributors }: SavedState): Difference {
  const [, name, pe = "0"] = /^(GIC[RD]_ISPENDR\d+)(?:\[(\d+)\])?$/.exec(one.expression) ?? [];
  if (name === undefined) return one;
  const saved = name.startsWith("GICD") ? distributor : redistributors[Number(pe)];
  return { ...one, value: saved.get(name) ?? one.value };
}

function* written({ expression, value, fresh }: Difference): Iterable<string> {
  if (!SETS.test(expression)) {
    yield `write ${expression} = ${hex(value)}`;
    return;
  }
  const [set, cleared] = [value & ~fresh, fresh & ~value];
  if (cleared !== 0n) yield `write ${expression.replace("_IS", "_IC")} = ${hex(cleared)}`;
  if (set !== 0n) yield `write ${expression} = ${hex(set)}`;
}

/** Inputs that are high. */
function* levelLines({ distributor, redistributors }: SavedState): Iterable<string> {
  const high = (values: RegisterValues): number[] =>
    [...values].flatMap(([name, value]) => {
      const first = /^LEVEL_INFO(\d+)$/.exec(name)?.[1];
      if (first === undefined) return [];
      return Array.from({ length: LEVELS }, (_, bit) => bit)
        .filter((bit) => (value >> BigInt(bit)) & 1n)
        .map((bit) => Number(first) + bit);
    });
  for (const intid of high(distributor)) yield `line ${intid} = 1`;
  for (const [pe, values] of redistributors.entries())
    for (const intid of high(values)) yield `line ${intid}, ${pe} = 1`;
}

/** What stands behind a register's name, or a command's, for an ITS. */
function unitOf(its: number): string {
  return its === 0 ? "" : `@${its}`;
}

function* itsLines(
  target: EmulatorTarget,
  its: number,
  differing: readonly Difference[],
  state: SavedState,
): Iterable<string> {
  const unit = unitOf(its);
  const ofIts = new RegExp(`^GITS_(BASER\\d|CBASER)${unit}$`);
  for (const { expression, value } of differing)
    if (ofIts.test(expression)) yield `write ${expression} = ${hex(value)}`;
  const { valid, reader, bytes } = target.queue(its);
  if (!valid) return;
  const commands = state.mapped === undefined ? [] : [...mappingLines(target, its)];
  const slots = bytes / COMMAND_BYTES;
  let idle = reader / COMMAND_BYTES - commands.length;
  while (idle < 0) idle += slots;
  if (idle + commands.length === 0) return;
  yield `write GITS_CTLR${unit} = 1`;
  yield* commands;
  if (idle > 0) yield `# Commands that change nothing, to where GITS_CREADR is: ${idle}`;
  for (let at = 0; at < idle; at++) yield `SYNC${unit} RDbase=0`;
}

/** The commands by which mappings were made are not those that the queue held. */
function* emptyQueueLines(target: EmulatorTarget, its: number): Iterable<string> {
  const { valid, address, bytes } = target.queue(its);
  if (valid && target.hasMemory(address, bytes)) yield `fill ${hex(address)}, ${hex(bytes)}, 0`;
}

/** What is mapped, by commands: the strict model remembers what commands have mapped. */
function* mappingLines(target: EmulatorTarget, its: number): Iterable<string> {
  const tables = target.tables(its);
  const unit = unitOf(its);
  for (const { icid, target: pe } of tables.collections())
    if (pe !== undefined) yield `MAPC${unit} ICID=${hex(icid)}, RDbase=${pe}`;
  yield* vpeMappingLines(target, its, unit);
  for (const { deviceId, ittAddress, eventBits } of tables.devices()) {
    yield `MAPD${unit} DeviceID=${hex(deviceId)}, Size=${eventBits - 1}, ITT_addr=${hex(ittAddress)}`;
    const device = `DeviceID=${hex(deviceId)}`;
    for (const event of tables.events(deviceId)) {
      const { eventId, intid, icid } = event;
      if (event.virtual !== undefined) yield* virtualEventLines(target, its, event, device, unit);
      else if (icid !== undefined)
        yield `MAPTI${unit} ${device}, EventID=${hex(eventId)}, pINTID=${intid}, ICID=${hex(icid)}`;
    }
  }
}

/** Whether the ITS is on, and commands that wait. */
function* waitingLines(target: EmulatorTarget, its: number, differing: readonly Difference[]): Iterable<string> {
  const unit = unitOf(its);
  const { valid, enabled, reader, writer } = target.queue(its);
  if (valid && writer !== reader) {
    yield `write GITS_CTLR${unit} = 0`;
    yield `write GITS_CWRITER${unit} = ${hex(writer)}`;
  } else if (!enabled && valid && reader > 0) yield `write GITS_CTLR${unit} = 0`;
  const control = differing.find(({ expression }) => expression === `GITS_CTLR${unit}`);
  if (control !== undefined && enabled) yield `write GITS_CTLR${unit} = ${hex(control.value & ~(1n << 31n))}`;
}

function differences(target: EmulatorTarget, fresh: EmulatorTarget): readonly Difference[] {
  const locations = allRegisterGroups(target)
    .flatMap((group) => group.locations)
    .filter(({ register }) => register.access !== "RO" && register.access !== "WO");
  const values = (of: EmulatorTarget) => peekMany(of, () => locations.map((location) => readValue(of, location).value));
  const [own, reset] = [values(target), values(fresh)];
  return locations.flatMap((location, at): Difference[] => {
    const [value, before] = [own[at], reset[at]];
    if (value === undefined || before === undefined || value === before) return [];
    return [{ expression: registerExpression(location), value, fresh: before }];
  });
}
