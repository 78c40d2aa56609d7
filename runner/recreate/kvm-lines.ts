import { affinityOf } from "../../architecture/affinity.ts";
import { hex } from "../../architecture/hex.ts";
import type { RegisterValues, SavedState } from "../../emulator/index.ts";
import { memoryLines } from "./memory-lines.ts";

/** Registers that only set bits, by the name of the one that clears them. */
const CLEARED = /_IS(ENABLER|ACTIVER|PENDR)/;
/** They decide what others mean, so they are written whatever they are. */
const ALWAYS: ReadonlySet<string> = new Set(["GICD_IIDR", "GITS_IIDR"]);

/**
 * Statements by which user space restores a saved KVM guest, in the documented order (Linux Documentation/virt/kvm/devices/arm-vgic-its.rst,
 * "ITS Restore Sequence"): registers by their device attributes, tables by RESTORE_TABLES.
 * @param fresh the same machine after reset, saved: what is as it is there is not written
 */
export function* kvmLines(state: SavedState, fresh: SavedState): Iterable<string> {
  const isV2 = state.shape.gicVersion === 2;
  yield "# Memory, with the tables as SAVE_TABLES and SAVE_PENDING_TABLES have written them";
  yield* memoryLines(state.memory);
  yield "# Distributor";
  yield* unit(state.distributor, fresh.distributor, "", 0);
  for (const [pe, values] of state.redistributors.entries()) {
    yield `# PE ${pe}`;
    const others = new Map([...values].filter(([name]) => name !== "GICR_CTLR"));
    yield* unit(others, fresh.redistributors[pe], isV2 ? `@${pe}` : `[${pe}]`, pe);
  }
  for (const [pe, values] of state.redistributors.entries()) {
    const control = new Map([...values].filter(([name]) => name === "GICR_CTLR"));
    yield* unit(control, fresh.redistributors[pe], `[${pe}]`, pe);
  }
  for (const [pe, values] of state.cpuInterfaces.entries()) yield* unit(values, fresh.cpuInterfaces[pe], `[${pe}]`, pe);
  for (const [its, values] of state.itss.entries()) {
    yield `# ITS ${its}`;
    const isControl = (name: string): boolean => name === "GITS_CTLR";
    yield* unit(new Map([...values].filter(([name]) => !isControl(name))), fresh.itss[its], `@${its}`, its);
    yield its === 0 ? "restore" : `restore@${its}`;
    yield* unit(new Map([...values].filter(([name]) => isControl(name))), fresh.itss[its], `@${its}`, its);
  }
}

/** @param index what stands behind a register's name @param pe whose it is */
function* unit(values: RegisterValues, fresh: RegisterValues, index: string, pe: number): Iterable<string> {
  for (const [name, value] of values) {
    const before = fresh.get(name) ?? 0n;
    if (value === before && !ALWAYS.has(name)) continue;
    const level = /^LEVEL_INFO(\d+)$/.exec(name);
    const own = index === "@0" || index === "[0]" ? "" : index;
    if (level !== null) {
      const attribute = `${pe === 0 ? "" : `${hex(affinityOf(pe))} << 32 | `}${level[1]}`;
      yield `set-attr VGIC_V3, LEVEL_INFO, ${attribute} = ${hex(value)}`;
      continue;
    }
    const cleared = before & ~value;
    if (CLEARED.test(name) && cleared !== 0n) yield `user-write ${name.replace("_IS", "_IC")}${own} = ${hex(cleared)}`;
    if (!CLEARED.test(name) || (value & ~before) !== 0n) yield `user-write ${name}${own} = ${hex(value)}`;
  }
}
