import { COMMAND_BYTES, type CommandWords, commandByOpcode, offsetOf } from "../../architecture/index.ts";
import { registerField } from "../../dumps/captures/frames.ts";
import type { MsiLink, MsiStep } from "../../dumps/captures/index.ts";
import { littleEndian } from "../../dumps/index.ts";
import { type Machine, type Mark, outcomeDetail } from "../../emulator/index.ts";
import type { EmulatorTarget } from "../emulator-target.ts";
import { commandIds } from "../explain-outcome.ts";
import { traceCollection, traceMachineMsi, traceVpe } from "../msi-path/msi-path.ts";
import { type CommandReads, commandReads, looksAt, msiReads } from "./command-reads.ts";
import type { CommandSpan, MsiSpan } from "./command-span.ts";
import { lpiByte, lpiOfEvent, newLpiReads } from "./lpi-reads.ts";
import { memoryPlaces, type Place, type PlaceLink, placeAt } from "./memory-places.ts";

/** What a micro-step is about. */
export type MicroLink = MsiLink | PlaceLink | "command fetch";

/** One thing that an ITS does while it carries out a command or translates an MSI. */
export interface MicroStep {
  readonly link: MicroLink;
  /** Whether it writes: a read otherwise. */
  readonly writes: boolean;
  /** `broken`: what is read ends the way here. */
  readonly state: MsiStep["state"];
  /** Guest physical address that it touches; undefined of what a host's kernel keeps for itself. */
  readonly address: number | undefined;
  /** Bytes there. */
  readonly bytes: number | undefined;
  /** What is there afterwards; undefined where it was not read. */
  readonly word: bigint | undefined;
  /** What was there before, of a write. */
  readonly old: bigint | undefined;
  /** Numbers that matter, by the names that the manual has for them. */
  readonly values: Readonly<Record<string, number>>;
  /** The moment that shows the machine as this step leaves it. */
  readonly mark: Mark;
}

/** Links that are entries and bits, and what is behind them; registers that say whether there is anything to do are left out. */
const entryLinks: readonly MsiLink[] = [
  "level-1 entry",
  "DTE",
  "ITE",
  "virtual event",
  "CTE",
  "VTE",
  "configuration byte",
  "cached configuration",
  "pending bit",
  "virtual pending bit",
];
const deliveryLinks: readonly MsiLink[] = [
  "GICD_CTLR",
  "ICC_IGRPEN1_EL1",
  "ICC_PMR_EL1",
  "ICC_RPR_EL1",
  "list register",
];

/** Links of an event's way of which there are micro-steps, in their order. */
export const wayLinks: readonly MsiLink[] = [...entryLinks, ...deliveryLinks];

/** What a command names. */
interface Way {
  readonly its: number;
  readonly deviceId: number | undefined;
  /** 0 of a command that names a device alone. */
  readonly eventId: number;
  readonly icid: number | undefined;
  readonly vpeId: number | undefined;
  /** The LPI that it names; undefined of a command that names none. */
  readonly intid: number | undefined;
}

/** Words of guest memory that are told of at most; a command that saves or clears a table writes more. */
const MOST_WORDS = 4096;

/** The micro-steps of a command that was carried out just now or a while ago: nothing of the machine has changed afterwards. */
export function commandSteps(target: EmulatorTarget, span: CommandSpan): readonly MicroStep[] {
  const { words, from, address, its } = span;
  const fetch: MicroStep = {
    link: "command fetch",
    writes: false,
    state: words === undefined ? "broken" : "good",
    address,
    bytes: COMMAND_BYTES,
    word: undefined,
    old: undefined,
    values: {},
    mark: from,
  };
  if (words === undefined) return [fetch];
  const { name, ...way } = idsOf(words);
  const error = span.outcome === undefined ? undefined : outcomeDetail(span.outcome);
  const reads = commandReads(name, target.machine.model.name, error, hasVirtualCommands(target, its));
  return [fetch, ...steps(target, span, { its, ...way }, reads)];
}

/** The micro-steps of an MSI of the script. */
export function msiSteps(target: EmulatorTarget, span: MsiSpan): readonly MicroStep[] {
  const { its, deviceId, eventId } = span;
  return steps(
    target,
    span,
    { its, deviceId, eventId, icid: undefined, vpeId: undefined, intid: undefined },
    msiReads(target.machine.model.name),
  );
}

function idsOf(words: CommandWords): Omit<Way, "its"> & { readonly name: string } {
  const command = commandByOpcode(Number(words[0] & 0xffn));
  if (command === undefined)
    return { name: "", deviceId: undefined, eventId: 0, icid: undefined, vpeId: undefined, intid: undefined };
  const { deviceId, eventId = 0, icid, raw } = commandIds(command, words);
  // Without a field for it the LPI is the event's own number.
  const intid = Number(raw("pINTID") ?? eventId);
  const vpeId = raw("vPEID");
  return {
    name: command.name,
    deviceId,
    eventId,
    icid,
    vpeId: vpeId === undefined ? undefined : Number(vpeId),
    intid,
  };
}

/** Whether an ITS has the commands of GICv4. */
function hasVirtualCommands({ machine }: EmulatorTarget, its: number): boolean {
  const typer = machine.read(machine.map.its[its] + offsetOf("GITS_TYPER"), 8) ?? 0n;
  return registerField("GITS_TYPER", "Virtual", typer) === 1n;
}

/** The way of an event at one moment, and the ways to the command's own collection and its own vPE. */
interface Look {
  readonly way: readonly MsiStep[];
  readonly collection: readonly MsiStep[];
  readonly vpe: readonly MsiStep[];
  /** What is read of an LPI wherever the way leads. */
  readonly lpi: readonly MsiStep[];
  readonly places: readonly Place[];
}

/** What is read, as it was before; what is written, entry by entry; and what comes of it. */
function steps(
  target: EmulatorTarget,
  { from, to }: { readonly from: Mark; readonly to: Mark },
  way: Way,
  looksUp: CommandReads,
): readonly MicroStep[] {
  const { journal } = target.machine;
  const changes = ramChanges(target, from, to);
  const looks: Look[] = [];
  // The present may be long after the command, or the moment right behind it.
  journal.lookBack([to, from], () => looks.push(lookAt(target, way, looksUp, changes.length > 0)) > 0);
  const [after, before] = looks;
  const own = looksAt(looksUp.collection, before.way) ? before.collection : [];
  const ownVpe = looksAt(looksUp.vpe ?? "never", before.way) ? before.vpe : [];
  const reads = [
    ...asLookedUp(before.way, looksUp).filter(({ link }) => looksUp.links.includes(link)),
    ...[...own, ...ownVpe].filter(({ link }) => entryLinks.includes(link)),
    ...(looksUp.lpi === "mapped" || own.length > 0 ? before.lpi : []),
  ];
  const known = [before, after]
    .flatMap(({ way, collection, vpe, lpi }) => [...way, ...collection, ...vpe, ...lpi])
    .filter((step) => step.address !== undefined && entryLinks.includes(step.link));
  const extents = joined(
    changes.map((change): Extent => {
      const entry = known.find((step) => overlaps(step, change.address));
      if (entry !== undefined) {
        return { link: entry.link, address: entry.address ?? 0, bytes: entry.bytes ?? 4, mark: change.mark };
      }
      const link = placeAt([...after.places, ...before.places], change.address);
      return { link, address: change.address, bytes: 4, mark: change.mark };
    }),
  );
  const written = writes(target, extents, from, to);
  const changed = (then: readonly MsiStep[], now: readonly MsiStep[]): readonly MsiStep[] =>
    now.filter(
      (step) =>
        entryLinks.includes(step.link) &&
        differs(
          then.find(({ link }) => link === step.link),
          step,
        ) &&
        !written.some(({ link }) => link === step.link),
    );
  const inHost = [...changed(before.way, after.way), ...changed(before.collection, after.collection)];
  const delivered = looksUp.delivers ? after.way.filter(({ link }) => deliveryLinks.includes(link)) : [];
  return [
    ...reads.map((step) => micro(step, false, from)),
    ...written,
    ...inHost.map((step) => micro(step, true, to)),
    ...delivered.map((step) => micro(step, step.link === "list register" && step.state === "good", to)),
  ];
}

function lookAt(target: EmulatorTarget, way: Way, looksUp: CommandReads, withPlaces: boolean): Look {
  const { machine } = target;
  const { its, deviceId, eventId, icid, vpeId } = way;
  const collection = icid === undefined ? [] : traceCollection(machine, its, icid);
  return {
    way: deviceId === undefined ? [] : (traceMachineMsi(machine, its, deviceId, eventId) ?? []),
    collection,
    vpe: vpeId === undefined ? [] : traceVpe(machine, its, vpeId),
    lpi: machine.journal.peek(() => lpiSteps(machine, way, looksUp, collection)),
    places: withPlaces ? memoryPlaces(target, its, deviceId) : [],
  };
}

function lpiSteps(
  machine: Machine,
  { its, deviceId = 0, eventId, intid }: Way,
  { lpi }: CommandReads,
  collection: readonly MsiStep[],
): readonly MsiStep[] {
  if (lpi === "mapped") {
    const mapped = lpiOfEvent(machine, its, deviceId, eventId);
    return mapped === undefined ? [] : [lpiByte(machine, mapped)];
  }
  return lpi === undefined || intid === undefined ? [] : newLpiReads(machine, intid, collection[0]?.values.PE);
}

/** A way on which the configuration that the GIC has read before counts: where that is what memory says, the way does not tell it apart. */
function asLookedUp(way: readonly MsiStep[], { links }: CommandReads): readonly MsiStep[] {
  const isCached = links.includes("cached configuration") && !links.includes("configuration byte");
  if (!isCached || way.some(({ link }) => link === "cached configuration")) return way;
  return way.map((step) =>
    step.link === "configuration byte"
      ? { link: "cached configuration", state: step.state, values: step.values }
      : step,
  );
}

function micro({ link, state, address, bytes, word, values }: MsiStep, isWrite: boolean, mark: Mark): MicroStep {
  return { link, writes: isWrite, state, address, bytes, word, old: undefined, values, mark };
}

function overlaps({ address = 0, bytes = 1 }: MsiStep, at: number): boolean {
  return at < address + bytes && address < at + 4;
}

/** Whether a link that was looked at before is another one now. */
function differs(before: MsiStep | undefined, after: MsiStep): boolean {
  if (before === undefined) return false;
  return (
    before.state !== after.state || Object.entries(after.values).some(([name, value]) => before.values[name] !== value)
  );
}

/** A word of guest memory that changed, and the moment behind its last change. */
interface RamChange {
  readonly address: number;
  readonly mark: Mark;
}

function ramChanges(target: EmulatorTarget, from: Mark, to: Mark): readonly RamChange[] {
  const { windows } = target.machine.memory;
  const found = new Map<number, RamChange>();
  for (const { bank, word, mark } of target.machine.journal.changes(from, to)) {
    const window = windows.find((one) => one.bank === bank);
    if (window === undefined) continue;
    const address = window.base + word * 4;
    found.set(address, { address, mark: mark + 1 });
    if (found.size >= MOST_WORDS) break;
  }
  return [...found.values()];
}

/** Bytes that are written as one. */
interface Extent {
  readonly link: MicroLink;
  readonly address: number;
  readonly bytes: number;
  readonly mark: Mark;
}

/** Words of one entry, and neighbours, are one write. */
function joined(extents: readonly Extent[]): readonly Extent[] {
  const found: Extent[] = [];
  for (const extent of extents) {
    const at = found.findIndex(({ link, address, bytes }) => link === extent.link && touches(address, bytes, extent));
    if (at < 0) {
      found.push(extent);
      continue;
    }
    const address = Math.min(found[at].address, extent.address);
    const end = Math.max(found[at].address + found[at].bytes, extent.address + extent.bytes);
    found[at] = { link: extent.link, address, bytes: end - address, mark: Math.max(found[at].mark, extent.mark) };
  }
  return found;
}

function touches(address: number, bytes: number, other: Extent): boolean {
  return address <= other.address + other.bytes && other.address <= address + bytes;
}

function writes(target: EmulatorTarget, extents: readonly Extent[], from: Mark, to: Mark): readonly MicroStep[] {
  if (extents.length === 0) return [];
  const read = (): (bigint | undefined)[] =>
    extents.map(({ address, bytes }) => {
      const found = target.readMemory(address, bytes);
      return found === undefined ? undefined : littleEndian(found);
    });
  const values: (bigint | undefined)[][] = [];
  target.machine.journal.lookBack([to, from], () => values.push(read()) > 0);
  const [now, old] = values;
  return extents.map(({ link, address, bytes, mark }, at) => ({
    link,
    writes: true,
    state: "good",
    address,
    bytes,
    word: now[at],
    old: old[at],
    values: {},
    mark,
  }));
}
