// Files of VMMs over KVM, made by hand from the lists of fields in their sources: no such VMM is at hand.
import { offsetOf } from "../../../architecture/index.ts";
import type { RegisterValues, SavedState } from "../../../emulator/index.ts";

const of = (registers: RegisterValues, name: string): number => Number(registers.get(name) ?? 0n);
const halves = (registers: RegisterValues, name: string): number[] => {
  const value = registers.get(name) ?? 0n;
  return [Number(value & 0xffff_ffffn), Number(value >> 32n)];
};
const series = <T>(from: number, to: number, value: (index: number) => T): T[] =>
  Array.from({ length: to - from }, (_, index) => value(from + index));

/** Lists of the distributor behind GICD_CTLR. @param groups of 32 SPIs */
function distributorLists(registers: RegisterValues, groups: number): number[][] {
  const bits = (name: string): number[] => series(1, 1 + groups, (index) => of(registers, `GICD_${name}${index}`));
  const [enabled, pending, active] = ["ISENABLER", "ISPENDR", "ISACTIVER"].map(bits);
  return [
    [0],
    enabled,
    enabled,
    bits("IGROUPR"),
    series(32, 32 + 32 * groups, (intid) => halves(registers, `GICD_IROUTER${intid}`)).flat(),
    series(2, 2 + 2 * groups, (index) => of(registers, `GICD_ICFGR${index}`)),
    pending,
    pending,
    active,
    active,
    series(8, 8 + 8 * groups, (index) => of(registers, `GICD_IPRIORITYR${index}`)),
  ];
}

function redistributorLists(registers: RegisterValues): number[][] {
  const one = (name: string): number[] => [of(registers, `GICR_${name}`)];
  return [
    [0],
    [0],
    halves(registers, "GICR_PROPBASER"),
    halves(registers, "GICR_PENDBASER"),
    one("CTLR"),
    one("IGROUPR0"),
    one("ISENABLER0"),
    one("ISENABLER0"),
    [...one("ICFGR0"), ...one("ICFGR1")],
    one("ISPENDR0"),
    one("ISPENDR0"),
    one("ISACTIVER0"),
    one("ISACTIVER0"),
    series(0, 8, (index) => of(registers, `GICR_IPRIORITYR${index}`)),
  ];
}

const MAIN = ["SRE", "CTLR", "IGRPEN0", "IGRPEN1", "PMR", "BPR0", "BPR1"].map((name) => `ICC_${name}_EL1`);

/** The `state.json` of cloud-hypervisor; numbers of 64 bits are written as they are. */
export function cloudHypervisorState(
  state: SavedState,
  change: (gic: Record<string, unknown>) => void = () => undefined,
): string {
  const { distributor, redistributors, cpuInterfaces, itss, shape } = state;
  const lists = redistributors.map(redistributorLists);
  const large = (name: string): string => `#${itss[0].get(name) ?? 0n}#`;
  const gic: Record<string, unknown> = {
    dist: distributorLists(distributor, 8).flat(),
    rdist: [...lists.flatMap((list) => list.slice(0, 5).flat()), ...lists.flatMap((list) => list.slice(5).flat())],
    icc: cpuInterfaces.flatMap((values) => [...MAIN, "ICC_AP0R0_EL1", "ICC_AP1R0_EL1"].map((name) => of(values, name))),
    gicd_ctlr: of(distributor, "GICD_CTLR"),
    its_ctlr: large("GITS_CTLR"),
    its_iidr: large("GITS_IIDR"),
    its_cbaser: large("GITS_CBASER"),
    its_cwriter: large("GITS_CWRITER"),
    its_creadr: large("GITS_CREADR"),
    its_baser: series(0, 8, (index) => large(`GITS_BASER${index}`)),
  };
  change(gic);
  const text = (value: unknown): string => JSON.stringify(value).replaceAll(/"#(\d+)#"/g, "$1");
  const leaf = (value: unknown) => ({ snapshots: {}, snapshot_data: { state: text(value) } });
  const ranges = shape.ram.map(({ base, bytes }) => ({ gpa: base, length: bytes }));
  return JSON.stringify({
    snapshots: {
      "cpu-manager": { snapshots: { "0": leaf({ mp_state: 0 }) }, snapshot_data: null },
      "device-manager": { snapshots: { "gic-v3-its": leaf({ Kvm: gic }) }, snapshot_data: { state: "{}" } },
      "memory-manager": leaf({ memory_ranges: { data: ranges } }),
    },
    snapshot_data: null,
  });
}

/** What Firecracker's snapshot-editor prints of a state. @param groups of 32 SPIs: 3 of the real one */
export function firecrackerText(state: SavedState, groups = 3): string {
  const { distributor, redistributors, cpuInterfaces, itss, shape } = state;
  const list = (items: readonly (string | number | bigint)[]): string =>
    `[\n${items.map((item) => `${item},\n`).join("")}]`;
  const chunks = (words: readonly (number | bigint)[]): string => `GicRegState {\n chunks: ${list(words)},\n}`;
  const lists = (all: readonly (readonly number[])[]): string => list(all.map(chunks));
  const vcpus = redistributors.map((registers, pe) => {
    const icc = cpuInterfaces[pe];
    const main = list(MAIN.map((name) => chunks([of(icc, name)])));
    const active = list(
      [0, 1].flatMap((group) =>
        [0, 1, 2, 3].map((word) => (word === 0 ? `Some(\n${chunks([of(icc, `ICC_AP${group}R0_EL1`)])},\n)` : "None")),
      ),
    );
    const registersText = lists(redistributorLists(registers));
    return `GicVcpuState {\n rdist: ${registersText},\n icc: VgicSysRegsState {\n main_icc_regs: ${main},\n ap_icc_regs: ${active},\n },\n}`;
  });
  const its = (name: string): bigint => itss[0].get(`GITS_${name}`) ?? 0n;
  const basers = list(series(0, 8, (index) => its(`BASER${index}`)));
  const itsText = `Some(\nItsRegisterState {\n iidr: ${its("IIDR")},\n cbaser: ${its("CBASER")},\n creadr: ${its("CREADR")},\n cwriter: ${its("CWRITER")},\n baser: ${basers},\n ctlr: ${its("CTLR")},\n},\n)`;
  const regions = list(
    shape.ram.map(
      ({ base, bytes }) =>
        `GuestMemoryRegionState {\n base_address: ${base},\n size: ${bytes},\n region_type: Dram,\n plugged: [\n true,\n ],\n}`,
    ),
  );
  const dist = lists([[of(distributor, "GICD_CTLR")], ...distributorLists(distributor, groups)]);
  return `v8.0.0\nMicrovmState {\n vm_info: VmInfo {\n mem_size_mib: 64,\n cpu_template: None,\n name: "a \\"b\\", c",\n },\n vm_state: VmState {\n memory: GuestMemoryState {\n regions: ${regions},\n },\n gic: GicState {\n dist: ${dist},\n gic_vcpu_states: ${list(vcpus)},\n its_state: ${itsText},\n },\n },\n}\n`;
}

/** The memory of a guest as both write it: its ranges, one behind the other. */
export function memoryFile({ shape, memory }: SavedState): Uint8Array {
  const bytes = new Uint8Array(shape.ram.reduce((sum, range) => sum + range.bytes, 0));
  let offset = 0;
  for (const { base, bytes: length } of shape.ram) {
    for (const run of memory)
      if (run.address >= base && run.address < base + length) bytes.set(run.bytes, offset + run.address - base);
    offset += length;
  }
  return bytes;
}

/** A checkpoint of gem5 of two PEs, with the tables of an ITS at the given places. */
export function gem5Checkpoint(places: {
  readonly basers: readonly bigint[];
  readonly properties: number;
  readonly pending: readonly number[];
}): string {
  const list = (count: number, value: (index: number) => number): string => series(0, count, value).join(" ");
  const lists = (count: number, bit: (intid: number) => number): string[] => [
    `irqGroup=${list(count, () => 1)}`,
    `irqEnabled=${series(0, count, (intid) => (bit(intid) === 1 ? "true" : "false")).join(" ")}`,
    `irqPending=${list(count, (intid) => (intid === 40 ? 1 : 0))}`,
    `irqActive=${list(count, () => 0)}`,
    `irqPriority=${list(count, (intid) => intid % 256)}`,
    `irqConfig=${list(count, (intid) => (intid === 33 ? 1 : 0))}`,
    `irqGrpmod=${list(count, () => 0)}`,
    `irqNsacr=${list(count, () => 0)}`,
  ];
  const gic = "system.realview.gic";
  return [
    "## checkpoint generated: Mon Nov 30 04:00:00 2026",
    "",
    "[Globals]",
    "version_tags=arm-gicv3",
    "",
    `[${gic}.distributor]`,
    ...["ARE=true", "DS=true", "EnableGrp1S=false", "EnableGrp1NS=true", "EnableGrp0=false"],
    ...lists(96, (intid) => (intid === 33 || intid === 40 ? 1 : 0)),
    `irqAffinityRouting=${list(96, (intid) => (intid === 40 ? 1 : 0))}`,
    ...places.pending.flatMap((pending, pe) => [
      "",
      `[${gic}.redistributors.${pe}]`,
      ...["peInLowPowerState=false", "DPG1S=false", "DPG1NS=false", "DPG0=false", "EnableLPIs=true"],
      `lpiConfigurationTablePtr=${places.properties}`,
      "lpiIDBits=15",
      `lpiPendingTablePtr=${pending}`,
      ...lists(32, (intid) => (intid === 27 + pe ? 1 : 0)),
    ]),
    "",
    `[${gic}.its]`,
    "gitsControl=1",
    "gitsTyper=0",
    "gitsCbaser=9223372037928288271",
    "gitsCreadr=0",
    "gitsCwriter=0",
    "gitsIidr=0",
    `tableBases=${places.basers.join(" ")}`,
    "",
  ].join("\n");
}

/** crosvm's snapshot of the interrupt controller, in CBOR. */
export function crosvmSnapshot({ distributor, redistributors, cpuInterfaces }: SavedState): Uint8Array {
  const parts: Buffer[] = [];
  const head = (major: number, value: number | bigint): void => {
    const large = BigInt(value);
    const info = large < 24n ? Number(large) : large < 2n ** 32n ? 26 : 27;
    const argument = Buffer.alloc(info === 26 ? 4 : info === 27 ? 8 : 0);
    if (info === 26) argument.writeUInt32BE(Number(large));
    if (info === 27) argument.writeBigUInt64BE(large);
    parts.push(Buffer.of((major << 5) | info), argument);
  };
  const text = (name: string): void => {
    head(3, name.length);
    parts.push(Buffer.from(name));
  };
  /** A frame with the registers that have an offset; those that clear read as those that set. */
  const frame = (registers: RegisterValues, prefix: string, words: number): void => {
    const values = new Array<number>(words).fill(0);
    for (const [name, value] of registers) {
      if (!name.startsWith(prefix)) continue;
      for (const register of [name, name.replace(/_IS(?=ENABLER|PENDR|ACTIVER)/, "_IC")]) {
        const offset = offsetOf(register) / 4;
        values[offset] = Number(value & 0xffff_ffffn);
        if (/BASER|IROUTER/.test(name)) values[offset + 1] = Number(value >> 32n);
      }
    }
    head(4, words);
    for (const value of values) head(0, value);
  };
  head(5, 2);
  text("cpu_specific");
  head(5, redistributors.length);
  for (const [pe, registers] of redistributors.entries()) {
    head(0, pe);
    head(5, 3);
    text("mp_state");
    text("Runnable");
    text("cpu_sys_regs");
    const encodings: readonly (readonly [string, number])[] = [
      ["ICC_PMR_EL1", 0xc230],
      ["ICC_BPR0_EL1", 0xc643],
      ["ICC_AP0R0_EL1", 0xc644],
      ["ICC_AP1R0_EL1", 0xc648],
      ["ICC_BPR1_EL1", 0xc663],
      ["ICC_CTLR_EL1", 0xc664],
      ["ICC_SRE_EL1", 0xc665],
      ["ICC_IGRPEN0_EL1", 0xc666],
      ["ICC_IGRPEN1_EL1", 0xc667],
    ];
    head(5, encodings.length);
    for (const [name, encoding] of encodings) {
      head(0, encoding);
      head(0, cpuInterfaces[pe].get(name) ?? 0n);
    }
    text("redist_regs");
    frame(registers, "GICR_", 0x8000);
  }
  text("dist_regs");
  frame(distributor, "GICD_", 0x4000);
  return Buffer.concat(parts);
}
