import { defaultModel, type ModelName } from "../../architecture/index.ts";
import { openCapture, walkCapture } from "../../dumps/captures/index.ts";
import type { GuestBlock, GuestContext, GuestRegisters, SavedGuest } from "../../dumps/guests/index.ts";
import { tableRanges } from "../../dumps/guests/table-ranges.ts";
import type { Extent } from "../../dumps/memory.ts";
import { finish } from "../../dumps/work.ts";
import {
  createMachine,
  type MachineShape,
  type RegisterValues,
  type SavedState,
  saveState,
} from "../../emulator/index.ts";

/** A state that was made of a guest that another program saved. */
export interface GuestState {
  readonly state: SavedState;
  /** What the machine has otherwise than the guest, a sentence each. */
  readonly left: readonly string[];
}

const PAGE = 4096;
/** Runs of memory as state files have them. */
const RUN_BYTES = 0x10_0000;
/** Memory that is not zero which a machine is given; of a larger guest it gets the tables alone. */
const MAX_BYTES = 0x1000_0000;
/** RAM of the machine whose registers are asked for. */
const SMALL_RAM = [{ base: 0x4000_0000, bytes: 0x10_0000 }];
const MAX_NAMED = 12;

/**
 * Makes the state of a machine of a guest's: registers by name, RAM with the tables in it. A register of the machine that the guest's file
 * does not have keeps its value after reset.
 * @param model default: the release that is nearest to the guest's
 * @returns a sentence when no model has such a machine
 */
export function stateOfGuest(guest: SavedGuest, model = modelOf(guest)): GuestState | { readonly failure: string } {
  const { gicVersion, owner, redistributors, itss, secure, nmi } = guest;
  if (gicVersion === undefined) return { failure: "no GIC of it can be read" };
  if (gicVersion === 2)
    return { failure: "no model has a GICv2 as this program saves it; gicwb decode shows its registers" };
  if (owner === "gem5") return { failure: "there is no model of gem5; gicwb decode shows its registers and tables" };
  const blocks = guest.blocks.filter(isRam);
  const ram = blocks.map(({ address, bytes }) => ({ base: address, bytes }));
  const shape: MachineShape = {
    cpus: redistributors.length,
    gicVersion,
    secure,
    ...(nmi ? { nmi } : {}),
    ram,
    its: itss.map(({ base }) => base),
  };
  const template = templateOf({ ...shape, ram: SMALL_RAM }, model);
  if ("failure" in template) return template;
  const build = new Build();
  const registers = {
    distributor: build.registers(guest, "GICD", template.distributor, guest.distributor),
    redistributors: template.redistributors.map((values, pe) =>
      build.registers(guest, `PE ${pe}`, values, redistributors[pe] ?? new Map()),
    ),
    cpuInterfaces: template.cpuInterfaces.map((values, pe) =>
      withContext(build.registers(guest, `PE ${pe}`, values, guest.cpuInterfaces[pe] ?? new Map()), guest.contexts[pe]),
    ),
    itss: template.itss.map((values, its) =>
      build.registers(guest, `ITS ${its}`, values, itss[its]?.registers ?? new Map()),
    ),
  };
  for (const block of guest.blocks) if (!isRam(block) && hasContent(guest, block)) build.left.push(notRam(block));
  const memory = memoryOf(guest, blocks, build.left);
  return { state: { model, shape, ...registers, memory }, left: build.sentences() };
}

/** RAM begins where the boards have it; what is below is flash. */
function isRam(block: GuestBlock): block is GuestBlock & { readonly address: number } {
  return block.address !== undefined && block.address >= 0x4000_0000 && block.bytes % PAGE === 0 && block.bytes > 0;
}

function hasContent({ memory }: SavedGuest, { address, bytes }: GuestBlock): boolean {
  if (address === undefined) return false;
  for (const _ of memory.held(address, address + bytes)) return true;
  return false;
}

function notRam({ name, bytes }: GuestBlock): string {
  return `${name} (${bytes} bytes) is no RAM of the machine`;
}

/** The model that is nearest to what saved a guest. */
function modelOf({ owner, nmi, machine }: SavedGuest): ModelName {
  if (owner !== "qemu") return defaultModel;
  const version = Number(/^virt-(\d{1,3})\./.exec(machine ?? "")?.[1] ?? 0);
  return nmi || version >= 9 ? "qemu-11.1" : "qemu-7.2";
}

/** The registers of a machine of a shape after reset, under the names that it saves them by. */
function templateOf(shape: MachineShape, model: ModelName): SavedState | { readonly failure: string } {
  try {
    const saved = saveState(createMachine({ ...shape, model }));
    return "state" in saved ? saved.state : { failure: saved.failure.message };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { failure: error.message };
  }
}

/** Registers of QEMU's models have one more: what the PE runs, as far as the GIC asks. */
function withContext(registers: RegisterValues, context: GuestContext | undefined): RegisterValues {
  if (context === undefined || !registers.has("PE context")) return registers;
  const { exceptionLevel, nonSecure, fiqToEl3, irqToEl3, sctlrNmi } = context;
  // A PE in EL0 asks as one in EL1 does.
  const level = BigInt(Math.max(exceptionLevel, 1));
  const value = level | (nonSecure ? 4n : 0n) | (fiqToEl3 ? 8n : 0n) | (irqToEl3 ? 16n : 0n) | BigInt(sctlrNmi << 5);
  return new Map(registers).set("PE context", value);
}

/** What a file needs not have: the PE's context comes from elsewhere, and a GICv3 has no registers of vPEs. */
function isDerived(name: string, { gicVersion }: SavedGuest): boolean {
  return name === "PE context" || (gicVersion === 3 && name.startsWith("GICR_VP"));
}

class Build {
  readonly left: string[] = [];
  private readonly missing = new Map<string, string[]>();
  private readonly foreign = new Map<string, string[]>();

  /** Values of a guest under the names that a machine has. */
  registers(guest: SavedGuest, unit: string, template: RegisterValues, values: GuestRegisters): RegisterValues {
    const found = new Map<string, bigint>();
    for (const [name, atReset] of template) {
      const value = values.get(name);
      if (value === undefined && !isDerived(name, guest)) note(this.missing, unit, name);
      found.set(name, value ?? atReset);
    }
    for (const [name, value] of values)
      if (value !== 0n && !template.has(name)) note(this.foreign, unit, `${name} = 0x${value.toString(16)}`);
    return found;
  }

  sentences(): string[] {
    const list = (names: readonly string[]): string =>
      `${names.slice(0, MAX_NAMED).join(", ")}${names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : ""}`;
    return [
      ...[...this.missing].map(([unit, names]) => `${unit}: not in the file, as at reset: ${list(names)}`),
      ...[...this.foreign].map(([unit, names]) => `${unit}: the machine has no ${list(names)}`),
      ...this.left,
    ];
  }
}

function note(map: Map<string, string[]>, unit: string, name: string): void {
  const names = map.get(unit) ?? [];
  names.push(name);
  map.set(unit, names);
}

/** The pages of RAM that are not zero; of a guest that has too many, those with tables. */
function memoryOf(
  guest: SavedGuest,
  blocks: readonly (GuestBlock & { readonly address: number })[],
  left: string[],
): SavedState["memory"] {
  const all = blocks.map(({ address, bytes }) => ({ address, length: bytes }));
  const held = (parts: readonly Extent[]): number => {
    let sum = 0;
    for (const { address, length } of parts)
      for (const part of guest.memory.held(address, address + length)) sum += part.length;
    return sum;
  };
  const bytes = held(all);
  if (bytes <= MAX_BYTES) return runsOf(guest, all);
  const capture = openCapture([{ name: "guest", content: { guest } }]);
  const tables = finish(walkCapture(capture));
  const ranges = within(tableRanges(guest, capture, tables), all);
  left.push(
    `${Math.round(bytes / 2 ** 20)} MiB of memory that is not zero are more than the ${MAX_BYTES / 2 ** 20} MiB of a machine: it has the tables alone (${Math.round(held(ranges) / 1024)} KiB)`,
  );
  return runsOf(guest, ranges);
}

/** Whole pages of ranges, as far as they are in blocks. */
function within(ranges: readonly Extent[], blocks: readonly Extent[]): Extent[] {
  const parts: Extent[] = [];
  let done = 0;
  let budget = MAX_BYTES;
  for (const { address, length } of ranges) {
    for (const block of blocks) {
      const from = Math.max(done, block.address, address - (address % PAGE));
      const to = Math.min(block.address + block.length, Math.ceil((address + length) / PAGE) * PAGE);
      if (to <= from || to - from > budget) continue;
      parts.push({ address: from, length: to - from });
      budget -= to - from;
      done = to;
    }
  }
  return parts;
}

function runsOf(guest: SavedGuest, parts: readonly Extent[]): SavedState["memory"] {
  const runs: { readonly address: number; readonly pages: Uint8Array[] }[] = [];
  let done = 0;
  for (const { address, length } of parts.toSorted((a, b) => a.address - b.address)) {
    for (const held of guest.memory.held(address, address + length)) {
      const end = Math.ceil((held.address + held.length) / PAGE) * PAGE;
      for (let at = Math.max(done, held.address - (held.address % PAGE)); at < end; at += PAGE) {
        done = at + PAGE;
        const page = guest.memory.read(at, PAGE);
        if (page === undefined || page.every((byte) => byte === 0)) continue;
        const last = runs.at(-1);
        const follows = last !== undefined && last.address + last.pages.length * PAGE === at;
        if (follows && last.pages.length * PAGE < RUN_BYTES) last.pages.push(page);
        else runs.push({ address: at, pages: [page] });
      }
    }
  }
  return runs.map(({ address, pages }) => {
    const bytes = new Uint8Array(pages.length * PAGE);
    for (const [index, page] of pages.entries()) bytes.set(page, index * PAGE);
    return { address, bytes };
  });
}
