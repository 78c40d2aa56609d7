import { entryIsValid, layouts } from "../../../architecture/index.ts";
import { littleEndian } from "../../../dumps/index.ts";
import type { Machine, SavedState } from "../../../emulator/index.ts";

type Registers = ReadonlyMap<string, bigint>;

/**
 * Registers of tables and queues. One that nobody wrote reads 0, but no write makes it so again: the kernel puts cacheability and
 * shareability that it supports into what is written (vgic-mmio-v3.c `vgic_sanitise_field`).
 */
const SANITISED = /^GITS_C?BASER\d?$|^GICR_P(?:ROP|END)BASER$/;

/** Entry_Size of GITS_BASER<n>, read-only: of a draft with several table layouts it tells which one was chosen when the register was written. */
const ENTRY_SIZE = 0x1fn << 48n;

/** Whether an event has lost its collection (MAPC with V = 0): no kernel saves it, and the entry before it may point to it nevertheless. */
export function hasOrphans(machine: Machine): boolean {
  return machine.map.its.some((_, its) => {
    const tables = machine.tables(its);
    return [...tables.devices()].some(({ deviceId }) =>
      [...tables.events(deviceId)].some(({ icid }) => icid === undefined),
    );
  });
}

/**
 * Whether an ITT holds entries that are no events of its device: those of another device whose ITT overlaps, or what the guest has written
 * there. Saving leaves them, and restoring goes from one entry to the next and takes each for an event (vgic-its.c `scan_its_table`).
 * @param machine that has saved its tables
 */
export function hasStrays(machine: Machine): boolean {
  const entry = layouts[machine.layout].entries.itt;
  if (entry === undefined) throw new Error(`${machine.layout} has no layout of an ITE`);
  return machine.map.its.some((_, its) => {
    const tables = machine.tables(its);
    return [...tables.devices()].some(({ deviceId, ittAddress, eventBits }) => {
      const events = new Set([...tables.events(deviceId)].map(({ eventId }) => eventId));
      return Array.from({ length: 2 ** eventBits }, (_, event) => event).some((event) => {
        const bytes = machine.memory.readBytes(ittAddress + event * entry.bytes, entry.bytes);
        return bytes !== undefined && !events.has(event) && entryIsValid(entry, littleEndian(bytes));
      });
    });
  });
}

/** The first thing that a machine lost which was saved, restored, and saved again. */
export function lossOf(before: SavedState, after: SavedState): string | undefined {
  const units = ({ distributor, redistributors, cpuInterfaces, itss }: SavedState): readonly Registers[] => [
    distributor,
    ...redistributors,
    ...cpuInterfaces,
    ...itss,
  ];
  const others = units(after);
  for (const [unit, registers] of units(before).entries()) {
    for (const [name, value] of registers) {
      const other = others[unit]?.get(name);
      if (other === value || (value === 0n && SANITISED.test(name))) continue;
      if (/^GITS_BASER/.test(name) && other !== undefined && ((other ^ value) & ~ENTRY_SIZE) === 0n) continue;
      return `${name} is 0x${(other ?? -1n).toString(16)}, not 0x${value.toString(16)}`;
    }
  }
  return memoryLoss(before, after);
}

function memoryLoss(before: SavedState, after: SavedState): string | undefined {
  const pages = (state: SavedState): ReadonlyMap<number, Uint8Array> =>
    new Map(
      state.memory.flatMap(({ address, bytes }) =>
        Array.from({ length: bytes.length / 4096 }, (_, page) => [
          address + page * 4096,
          bytes.subarray(page * 4096, (page + 1) * 4096),
        ]),
      ),
    );
  const [first, second] = [pages(before), pages(after)];
  const zeros = new Uint8Array(4096);
  for (const address of new Set([...first.keys(), ...second.keys()])) {
    const [old, now] = [first.get(address) ?? zeros, second.get(address) ?? zeros];
    const at = old.findIndex((byte, index) => byte !== now[index]);
    if (at >= 0)
      return `memory at 0x${(address + at).toString(16)} is 0x${now[at].toString(16)}, not 0x${old[at].toString(16)}`;
  }
  return undefined;
}
