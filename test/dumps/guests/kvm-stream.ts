import type { RegisterValues, SavedState } from "../../../emulator/index.ts";
import { StreamBuilder } from "./stream-builder.ts";

/** Fields that follow each other, with their description. */
class Body {
  readonly parts: Buffer[] = [];
  readonly fields: object[] = [];

  field(name: string, bytes: 1 | 4 | 8, values: readonly bigint[]): this {
    const body = Buffer.alloc(values.length * bytes);
    for (const [index, value] of values.entries()) {
      if (bytes === 8) body.writeBigUInt64BE(value, index * 8);
      else if (bytes === 4) body.writeUInt32BE(Number(value), index * 4);
      else body.writeUInt8(Number(value), index);
    }
    this.parts.push(body);
    const array = values.length > 1 ? { array_len: values.length } : {};
    this.fields.push({ name, ...array, type: `uint${bytes * 8}`, size: bytes });
    return this;
  }

  bytes(): Buffer {
    return Buffer.concat(this.parts);
  }
}

const INTIDS = 288;
const series = (count: number, value: (index: number) => bigint): bigint[] =>
  Array.from({ length: count }, (_, index) => value(index));

/** One bit an INTID of registers that have two. */
function edges(registers: RegisterValues, prefix: string, word: number): bigint {
  let value = 0n;
  for (let intid = 0; intid < 32; intid++) {
    const register = registers.get(`${prefix}_ICFGR${word * 2 + Math.floor(intid / 16)}`) ?? 0n;
    value |= ((register >> BigInt((intid % 16) * 2 + 1)) & 1n) << BigInt(intid);
  }
  return value;
}

/**
 * The stream that QEMU would write of a guest of KVM (hw/intc/arm_gicv3_kvm.c kvm_arm_gicv3_get, arm_gicv3_common.c): made by hand, as no
 * KVM is at hand.
 */
export function kvmStream(state: SavedState): Buffer {
  const { distributor, redistributors, cpuInterfaces, itss, shape, memory } = state;
  const of = (registers: RegisterValues, name: string): bigint => registers.get(name) ?? 0n;
  const gic = new Body();
  gic.field("gicd_ctlr", 4, [of(distributor, "GICD_CTLR")]).field("gicd_statusr", 4, [0n, 0n]);
  const bitmap = (field: string, name: string, scale = 1): unknown =>
    gic.field(
      field,
      4,
      series(32, (word) => (word === 0 ? 0n : of(distributor, `${name}${word * scale}`))),
    );
  bitmap("group", "GICD_IGROUPR");
  gic.field(
    "grpmod",
    4,
    series(32, () => 0n),
  );
  bitmap("enabled", "GICD_ISENABLER");
  bitmap("pending", "GICD_ISPENDR");
  bitmap("active", "GICD_ISACTIVER");
  bitmap("level", "LEVEL_INFO", 32);
  gic.field(
    "edge_trigger",
    4,
    series(32, (word) => (word === 0 ? 0n : edges(distributor, "GICD", word))),
  );
  const byteOf = (registers: RegisterValues, prefix: string, intid: number): bigint =>
    (of(registers, `${prefix}_IPRIORITYR${Math.floor(intid / 4)}`) >> BigInt((intid % 4) * 8)) & 0xffn;
  gic.field(
    "gicd_ipriority",
    1,
    series(1020, (intid) => (intid < 32 ? 0n : byteOf(distributor, "GICD", intid))),
  );
  /** The word at 0x6000 + 4 * index. */
  const router = (index: number): bigint => {
    const register = of(distributor, `GICD_IROUTER${Math.floor(index / 2)}`);
    return index % 2 === 0 ? register & 0xffff_ffffn : register >> 32n;
  };
  gic.field(
    "gicd_irouter",
    8,
    series(1020, (index) => (index < 32 || index >= INTIDS ? 0n : (router(index + 1) << 32n) | router(index))),
  );
  gic.field(
    "gicd_nsacr",
    4,
    series(64, () => 0n),
  );
  for (const [pe, registers] of redistributors.entries()) {
    const interfaces = cpuInterfaces[pe];
    const cpu = new Body();
    cpu.field("level", 4, [of(registers, "LEVEL_INFO0")]).field("gicr_ctlr", 4, [of(registers, "GICR_CTLR")]);
    cpu.field("gicr_statusr", 4, [0n, 0n]).field("gicr_waker", 4, [0n]);
    for (const name of ["PROPBASER", "PENDBASER"])
      cpu.field(`gicr_${name.toLowerCase()}`, 8, [of(registers, `GICR_${name}`)]);
    cpu.field("gicr_igroupr0", 4, [of(registers, "GICR_IGROUPR0")]);
    for (const [field, name] of [
      ["ienabler", "ISENABLER"],
      ["ipendr", "ISPENDR"],
      ["iactiver", "ISACTIVER"],
    ])
      cpu.field(`gicr_${field}0`, 4, [of(registers, `GICR_${name}0`)]);
    cpu.field("edge_trigger", 4, [edges(registers, "GICR", 0) & 0xffff_0000n]);
    cpu.field("gicr_igrpmodr0", 4, [0n]).field("gicr_nsacr", 4, [0n]);
    cpu.field(
      "gicr_ipriorityr",
      1,
      series(32, (intid) => byteOf(registers, "GICR", intid)),
    );
    const ctlr = of(interfaces, "ICC_CTLR_EL1");
    cpu.field("icc_ctlr_el1", 8, [ctlr, ctlr]).field("icc_pmr_el1", 8, [of(interfaces, "ICC_PMR_EL1")]);
    cpu.field("icc_bpr", 8, [of(interfaces, "ICC_BPR0_EL1"), 0n, of(interfaces, "ICC_BPR1_EL1")]);
    cpu.field(
      "icc_apr",
      8,
      [0, 1, 2].flatMap((group) =>
        series(4, (word) => (group === 1 ? 0n : of(interfaces, `ICC_AP${group / 2}R${word}_EL1`))),
      ),
    );
    cpu.field("icc_igrpen", 8, [of(interfaces, "ICC_IGRPEN0_EL1"), 0n, of(interfaces, "ICC_IGRPEN1_EL1")]);
    cpu.field("icc_ctlr_el3", 8, [0n]);
    const name = "arm_gicv3_cpu/sre_el1";
    const sre = Buffer.alloc(8);
    sre.writeBigUInt64BE(of(interfaces, "ICC_SRE_EL1"));
    const subsection = Buffer.concat([
      Buffer.from([5, name.length]),
      Buffer.from(name),
      Buffer.from([0, 0, 0, 1]),
      sre,
    ]);
    const subsections = [{ vmsd_name: name, version: 1, fields: [{ name: "icc_sre_el1", type: "uint64", size: 8 }] }];
    const body = Buffer.concat([cpu.bytes(), subsection]);
    gic.parts.push(body);
    gic.fields.push({
      name: "cpu",
      index: pe,
      type: "struct",
      struct: { vmsd_name: "arm_gicv3_cpu", version: 1, fields: cpu.fields, subsections },
      size: body.length,
    });
  }
  const [registers] = itss;
  const its = new Body();
  for (const name of ["CTLR", "IIDR"]) its.field(name.toLowerCase(), 4, [of(registers, `GITS_${name}`)]);
  for (const name of ["CBASER", "CWRITER", "CREADR"]) its.field(name.toLowerCase(), 8, [of(registers, `GITS_${name}`)]);
  its.field(
    "baser",
    8,
    series(8, (index) => of(registers, `GITS_BASER${index}`)),
  );
  const builder = new StreamBuilder().configuration("virt-7.2");
  const [ram] = shape.ram;
  builder.ramStart([["mach-virt.ram", ram.bytes]]);
  builder.pages(() => {
    builder.page(2, 0, "mach-virt.ram").u8(0);
    for (let page = 4096; page < ram.bytes; page += 4096) builder.page(2, page).u8(0);
    for (const { address, bytes } of memory) {
      for (let at = 0; at < bytes.length; at += 4096)
        builder.page(8, address - ram.base + at).raw(bytes.subarray(at, at + 4096));
    }
  });
  const shift = "arm_gicv3/gicd_no_migration_shift_bug";
  const mark = Buffer.concat([Buffer.from([5, shift.length]), Buffer.from(shift), Buffer.from([0, 0, 0, 1, 1])]);
  const subsections = [
    { vmsd_name: shift, version: 1, fields: [{ name: "gicd_no_migration_shift_bug", type: "bool", size: 1 }] },
  ];
  builder.deviceOf(3, "arm_gicv3", 1, Buffer.concat([gic.bytes(), mark]), { fields: gic.fields, subsections });
  builder.deviceOf(4, "arm_gicv3_its", 0, its.bytes(), { fields: its.fields });
  return builder.done();
}
