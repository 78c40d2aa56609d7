import { defaultBases, MAX_PES } from "../../../architecture/bases.ts";
import type { ByteStore } from "../../byte-store.ts";
import type { Work } from "../../work.ts";
import { FileMemory } from "../file-memory.ts";
import { FileRuns } from "../file-runs.ts";
import { type GuestBlock, Remarks, type SavedGuest } from "../guest.ts";
import { readCpuState, type StreamCpu } from "./cpu.ts";
import { readGicV2 } from "./gic-v2.ts";
import { readGicV3, readIts } from "./gic-v3.ts";
import { kvmRegisters } from "./kvm-registers.ts";
import { type QemuStream, readStream, type StreamDevice, type StreamRefusal } from "./stream.ts";

/** Sections that are read. */
const WANTED = new Set(["arm_gicv3", "arm_gicv3_its", "arm_gic", "cpu"]);
const MAX_ITSS = 64;

/** Where RAM of boards is (hw/arm/virt.c base_memmap, machvirt_init, virt_flash_create; the names are those of their memory regions). */
const BLOCKS: Readonly<Record<string, number>> = {
  "mach-virt.ram": defaultBases.ram,
  "virt.flash0": 0,
  "virt.flash1": 0x400_0000,
};
/** RAM of a machine with NUMA nodes: a block a node, one behind the other. */
const NODE = /^(?:\/objects\/)?ram-node(\d{1,4})$/;

/**
 * Reads a guest that QEMU saved: what `migrate "exec:cat>FILE"` or `migrate "file:FILE"` wrote, or `virsh save` without compression.
 * @returns why it is no such file
 */
export function* readQemuGuest(source: ByteStore): Work<SavedGuest | StreamRefusal> {
  const remarks = new Remarks();
  const notes = new Remarks();
  const stream = yield* readStream(source, ({ section }) => WANTED.has(section), remarks);
  if (typeof stream === "string") return stream;
  const { ram, machine, others } = stream;
  if (ram.blocks.size > 0 && ram.pages === 0) remarks.add("no-pages");
  if (others.length > 0) notes.add("not-taken", undefined, { what: "devices", names: [...new Set(others)].join(", ") });
  const cpus = devicesOf(stream, "cpu").slice(0, MAX_PES).map(readCpuState);
  const { blocks, runs } = place(stream, notes);
  const common = {
    writes: [],
    title: "QEMU migration stream",
    machine,
    blocks,
    memory: new FileMemory(source, runs),
  };
  const gic = readGic(stream, cpus, remarks, notes);
  return { ...common, ...gic, problems: remarks.list(), notes: notes.list() };
}

type GicPart = Omit<SavedGuest, "writes" | "title" | "machine" | "blocks" | "memory" | "problems" | "notes">;

function readGic(stream: QemuStream, cpus: readonly StreamCpu[], remarks: Remarks, notes: Remarks): GicPart {
  const { machine } = stream;
  const [v3] = devicesOf(stream, "arm_gicv3");
  const [v2] = devicesOf(stream, "arm_gic");
  const shared = {
    owner: "qemu",
    secure: cpus.some(({ hasEl3 }) => hasEl3),
    contexts: cpus.map(({ context }) => context),
  } as const;
  if (v3 !== undefined) {
    const itss = devicesOf(stream, "arm_gicv3_its")
      .slice(0, MAX_ITSS)
      .map((device) => readIts(device, remarks));
    // KVM's GITS_IIDR says who made it, and is never 0; TCG's is not kept (hw/intc/arm_gicv3_its.c).
    const isKvm = itss.some((its) => (its.get("GITS_IIDR") ?? 0n) !== 0n);
    const { hasGicV4, hasNmi, hasHypervisorState, ...fields } = readGicV3(v3, isKvm, remarks);
    const registers = isKvm ? kvmRegisters(fields, v3.offset, notes) : fields;
    if (hasHypervisorState) notes.add("not-taken", v3.offset, { what: "registers", names: "ICH_*_EL2 of each PE" });
    if (registers.redistributors.length !== cpus.length && cpus.length > 0)
      notes.add("assumed", v3.offset, { what: "PEs", value: registers.redistributors.length, other: cpus.length });
    const base = defaultBases.its;
    if (machine?.startsWith("virt-") !== true) notes.add("assumed", undefined, { what: "frames" });
    return {
      ...shared,
      ...registers,
      owner: isKvm ? "kvm" : "qemu",
      gicVersion: hasGicV4 ? 4 : 3,
      nmi: hasNmi,
      layout: isKvm ? "kvm-rev0" : "qemu",
      itss: itss.map((values, index) => ({ base: base + index * defaultBases.itsBytes, registers: values })),
    };
  }
  const none = { nmi: false, layout: "qemu", itss: [] } as const;
  if (v2 === undefined)
    return {
      ...shared,
      ...none,
      gicVersion: undefined,
      distributor: new Map(),
      redistributors: [],
      cpuInterfaces: [],
    };
  const { hasHypervisorState, ...registers } = readGicV2(v2, cpus.length, remarks);
  if (hasHypervisorState) notes.add("not-taken", v2.offset, { what: "registers", names: "GICH_* of each PE" });
  return { ...shared, ...none, gicVersion: 2, ...registers };
}

function devicesOf({ devices }: QemuStream, section: string): StreamDevice[] {
  return devices.filter(({ description }) => description.section === section);
}

/** Blocks with their addresses, and the runs of those that have one. */
function place({ ram }: QemuStream, notes: Remarks): { blocks: GuestBlock[]; runs: FileRuns } {
  const blocks: GuestBlock[] = [];
  const [first] = ram.blocks.values();
  const all = new FileRuns(first?.runs.pageBytes ?? 4096);
  const nodes = [...ram.blocks.values()]
    .map(({ name, bytes }) => ({ name, bytes, node: NODE.exec(name)?.[1] }))
    .filter(({ node }) => node !== undefined)
    .sort((a, b) => Number(a.node) - Number(b.node));
  const nodeAddresses = new Map<string, number>();
  let next: number = defaultBases.ram;
  for (const { name, bytes } of nodes) {
    nodeAddresses.set(name, next);
    next += bytes;
  }
  for (const { name, bytes, address, runs } of ram.blocks.values()) {
    const board = Object.hasOwn(BLOCKS, name) ? BLOCKS[name] : undefined;
    const at = address ?? board ?? nodeAddresses.get(name);
    blocks.push({ name, bytes, address: at });
    if (at !== undefined) runs.settled().moveTo(all, at);
    else if (!name.startsWith("/rom@")) notes.add("unplaced-memory", undefined, { name, bytes });
  }
  return { blocks, runs: all.settled() };
}
