import fc from "fast-check";

const device = fc.constantFrom("0", "0x10", "0x11", "0x1_0000");
const event = fc.constantFrom("0", "1", "0x1f", "0x20", "0x100");
const icid = fc.constantFrom("0", "1", "2", "0xffff");
const pe = fc.constantFrom("0", "1", "3", "9");
const wired = fc.constantFrom("16", "23", "27", "32", "33", "300", "5");
const intid = fc.constantFrom("8192", "8193", "8195", "32", "65535");

function line(template: (...parts: string[]) => string, ...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.tuple(...parts).map((values) => template(...values));
}

/** A line of a script that can be read; many of them fail when they run. */
export const anyLine: fc.Arbitrary<string> = fc.oneof(
  line((d) => `MAPD DeviceID=${d}, ITT_addr=0x43000000, Size=4`, device),
  line((d) => `MAPD DeviceID=${d}, ITT_addr=0x43100000, Size=7`, device),
  line((d) => `MAPD DeviceID=${d}, V=0`, device),
  line((i, p) => `MAPC ICID=${i}, RDbase=${p}`, icid, pe),
  line((i) => `MAPC ICID=${i}, V=0`, icid),
  line((d, e, n, i) => `MAPTI DeviceID=${d}, EventID=${e}, pINTID=${n}, ICID=${i}`, device, event, intid, icid),
  line((d, e, i) => `MOVI DeviceID=${d}, EventID=${e}, ICID=${i}`, device, event, icid),
  line((a, b) => `MOVALL RDbase1=${a}, RDbase2=${b}`, pe, pe),
  line((d, e) => `INT DeviceID=${d}, EventID=${e}`, device, event),
  line((d, e) => `CLEAR DeviceID=${d}, EventID=${e}`, device, event),
  line((d, e) => `DISCARD DeviceID=${d}, EventID=${e}`, device, event),
  line((d, e) => `INV DeviceID=${d}, EventID=${e}`, device, event),
  line((i) => `INVALL ICID=${i}`, icid),
  line((d, e) => `msi DeviceID=${d}, EventID=${e}`, device, event),
  line((n) => `expect pending[${n}] == 1`, intid),
  line((d) => `let at = mem64[0x40100000] + ${d}`, device),
  line((d) => `mem64[0x43200000] = ${d} * 0x1234567`, device),
  line((p) => `vcpu-run ${p}`, pe),
  line((p) => `vcpu-stop ${p}`, pe),
  line((p, e) => `begin ${p}, GITS_CWRITER = ${e} * 0x20`, pe, event),
  line((p) => `step ${p}`, pe),
  line((n, p) => `line ${n}, ${p} = 1`, wired, pe),
  line((n, p) => `line ${n}, ${p} = 0`, wired, pe),
  line((n, p, h) => `host-map ${n}, ${p} = ${h}`, wired, pe, wired),
  line((n, p) => `host-line ${n}, ${p} = 1`, wired, pe),
  line((n, p) => `host-line ${n}, ${p} = 0`, wired, pe),
  line((n, p) => `expect active[${n}, ${p}] == physical[${n}, ${p}]`, wired, pe),
  line((p, e) => `get-attr VGIC_V3, REDIST_REGS, ${p} << 32 | ${e} * 4`, pe, event),
  line((e) => `get-attr VGIC_ITS, ITS_REGS, ${e} * 8`, event),
  fc.constantFrom(
    "set-attr VGIC_ITS, CTRL, SAVE_TABLES",
    "set-attr VGIC_ITS, CTRL, RESET",
    "set-attr VGIC_V3, LEVEL_INFO, 32 = 0xff",
    "set-attr VGIC_V3, NR_IRQS = 96 => EBUSY",
    "has-attr VGIC_V2, CPU_REGS, 0",
    "begin user, GICD_ISPENDR1 = 0xf",
    "step user",
    "user-write GITS_IIDR = 0x4b00143b",
    "user-read GICR_PENDBASER[1]",
    "write GICD_ISPENDR1 = 1",
    "read ICC_IAR1_EL1",
    "expect running[1] || writing[3]",
    "save",
    "restore",
    "save-pending",
    "reset",
    "write GITS_CTLR.Enabled = 0",
    "write GITS_CTLR.Enabled = 1",
    "write GITS_CBASER.Size = 3",
    "write GITS_BASER0.Valid = 0",
    "write GICR_CTLR[1].EnableLPIs = 0",
    "fill 0x40020000, 0x100, 0xa2",
    "fill 0x43ffff00, 0x1000, 1",
    "read GITS_CREADR",
    "read64 0x1000",
    "raw 0x20, 0, 0, 0",
    "write GICD_ISENABLER1 = 3",
    "write GICD_IGROUPR1 = 1",
    "read GICC_IAR[1]",
    "write GICC_EOIR[1] = 32",
    "write GICD_SGIR@1 = 0x1000003",
    "user-write GICC_APR0 = 7",
    "machine { model = kvm-6.1 }",
    "machine { model = kvm  gic = 2 }",
    "machine { model = qemu  cpus = 2 }",
    "machine { ram = 0x40000000, 64K }",
  ),
);

/** Lines of a script, each of which can be read and executes something: the first is no machine block. */
export const anyScript: fc.Arbitrary<string[]> = fc
  .array(anyLine, { minLength: 1, maxLength: 16 })
  // A name is defined once.
  .map((lines) => ["let first = 0", ...lines.map((text, index) => text.replace("let at", `let at${index}`))]);
