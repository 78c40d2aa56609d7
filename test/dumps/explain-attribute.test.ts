import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { explainText, type Reading } from "../../dumps/explain-value/index.ts";

function readings(text: string): readonly Reading[] {
  const explanation = explainText(text);
  assert.ok(explanation.ok, explanation.ok ? "" : `${text}: ${explanation.message}`);
  return explanation.readings;
}

const decoded: readonly (readonly [text: string, title: string, note?: RegExp])[] = [
  [
    "attr VGIC_V3 REDIST_REGS 0x100000078",
    "VGIC_V3 REDIST_REGS attr 0x100000078: GICR_PENDBASER[31:0] of vCPU 1",
    /other half is at offset 0x7c/,
  ],
  [
    "attr KVM_DEV_TYPE_ARM_VGIC_V3 KVM_DEV_ARM_VGIC_GRP_REDIST_REGS 0x10310100",
    "VGIC_V3 REDIST_REGS attr 0x10310100: GICR offset 0x10310100 of vCPU 0",
    /KVM_HAS_DEVICE_ATTR answers ENXIO, while get gives 0/,
  ],
  ["attr 7 5 0x10300010100", "VGIC_V3 REDIST_REGS attr 0x10300010100: GICR_ISENABLER0 of vCPU 19"],
  ["attr V3 DIST_REGS 0x6104", "VGIC_V3 DIST_REGS attr 0x6104: GICD_IROUTER32[63:32]"],
  ["attr V2 DIST_REGS 0x300000820", "VGIC_V2 DIST_REGS attr 0x300000820: GICD_ITARGETSR8 of vCPU 3"],
  ["attr V2 CPU_REGS 0x100000004", "VGIC_V2 CPU_REGS attr 0x100000004: GICC_PMR of vCPU 1"],
  ["attr V3 CPU_SYSREGS 0x10000c665", "VGIC_V3 CPU_SYSREGS attr 0x10000c665: ICC_SRE_EL1 of vCPU 1"],
  ["attr V3 CPU_SYSREGS 0xc230", "VGIC_V3 CPU_SYSREGS attr 0xc230: ICC_PMR_EL1 of vCPU 0"],
  [
    "attr V3 CPU_SYSREGS 0",
    "VGIC_V3 CPU_SYSREGS attr 0x0: S0_0_C0_C0_0 of vCPU 0",
    /KVM_HAS_DEVICE_ATTR answers ENXIO, get and set ENOENT/,
  ],
  [
    "attr V3 CPU_SYSREGS 0x10000df19",
    "VGIC_V3 CPU_SYSREGS attr 0x10000df19: CNTV_CTL_EL0 of vCPU 1",
    /No register of the GIC has this encoding: KVM_HAS_DEVICE_ATTR answers ENXIO/,
  ],
  ["attr ITS ITS_REGS 0x100", "VGIC_ITS ITS_REGS attr 0x100: GITS_BASER0"],
  ["attr ITS ITS_REGS 0x104", "VGIC_ITS ITS_REGS attr 0x104: GITS_BASER0", /no multiple of 8: KVM answers EINVAL/],
  ["attr ITS CTRL 1", "VGIC_ITS CTRL attr 0x1: SAVE_TABLES", /not used/],
  ["attr ITS CTRL RESTORE_TABLES", "VGIC_ITS CTRL attr 0x2: RESTORE_TABLES"],
  ["attr V3 CTRL KVM_DEV_ARM_VGIC_CTRL_INIT", "VGIC_V3 CTRL attr 0x0: INIT"],
  ["attr V3 CTRL 1", "VGIC_V3 CTRL attr 0x1", /There are 0 INIT, 3 SAVE_PENDING_TABLES/],
  ["attr ITS ADDR 4 0x8080000", "VGIC_ITS ADDR attr 0x4: ADDR_ITS", /multiple of 64 KiB.*128 KiB/],
  [
    "attr V3 LEVEL_INFO 0x100000021",
    "VGIC_V3 LEVEL_INFO attr 0x100000021: input levels of INTIDs 33 to 64 of vCPU 1",
    /EINVAL/,
  ],
  ["attr V3 NR_IRQS 0 256", "VGIC_V3 NR_IRQS attr 0x0", /Value 0x100 \(256\)/],
];

for (const [text, title, note] of decoded) {
  test(`${text}: ${title}`, () => {
    const [reading] = readings(text);
    assert.equal(reading.kind, "attribute");
    assert.equal(reading.title, title);
    if (note !== undefined) assert.match(reading.notes.join("\n"), note);
  });
}

const encoded: readonly (readonly [text: string, attrs: readonly string[]])[] = [
  ["attr VGIC_V3 REDIST_REGS pe=1 GICR_PENDBASER", ["0x100000078", "0x10000007c"]],
  ["attr VGIC_V3 REDIST_REGS pe=17 ISENABLER0", ["0x10100010100"]],
  ["attr VGIC_V3 REDIST_REGS mpidr=0x103 GICR_CTLR", ["0x10300000000"]],
  ["attr VGIC_V3 CPU_SYSREGS pe=1 ICC_SRE_EL1", ["0x10000c665"]],
  ["attr VGIC_V3 CPU_SYSREGS ICC_AP1R3_EL1", ["0xc64b"]],
  ["attr VGIC_V2 CPU_REGS cpu=1 GICC_PMR", ["0x100000004"]],
  ["attr VGIC_V2 DIST_REGS cpu=3 GICD_ITARGETSR0", ["0x300000800"]],
  ["attr VGIC_ITS ITS_REGS GITS_BASER1", ["0x108"]],
  ["attr VGIC_V3 LEVEL_INFO pe=1 intid=64", ["0x100000040"]],
  ["attr VGIC_V3 REDIST_REGS pe=2 offset=0x14", ["0x200000014"]],
];

for (const [text, attrs] of encoded) {
  test(`${text}: ${attrs.join(" and ")}`, () => {
    const found = readings(text).map(({ title }) => title.split(" ")[3].replace(":", ""));
    assert.deepEqual(found, attrs);
  });
}

test("the value of a register attribute is explained with it", () => {
  const [sre] = readings("attr V3 CPU_SYSREGS 0xc665 7");
  assert.equal(sre.fields.find(({ name }) => name === "value SRE")?.text, "1");
  const [half] = readings("attr V3 REDIST_REGS 0x7c 0x1");
  assert.match(half.notes.join("\n"), /Value 0x1 is bits \[63:32\], 0x100000000 in place\./);
  const [region] = readings("attr V3 ADDR REDIST_REGION base=0x80a0000 count=3 index=1");
  assert.match(region.notes.join("\n"), /Value 0x300000080a0001\.[\s\S]*384 KiB, 0x80a0000 to 0x80fffff/);
  const [same] = readings("attr V3 ADDR 5 0x300000080a0001");
  assert.equal(same.fields.find(({ name }) => name === "value index")?.text, "1");
});

for (const [text, message] of [
  ["attr V3 REDIST_REGS pe=x GICR_CTLR", /"x" is no number/],
  ["attr V3 REDIST_REGS core=1 GICR_CTLR", /has no core/],
  ["attr V3 REDIST_REGS pe=1 GITS_CTLR", /not a register of REDIST_REGS of VGIC_V3/],
  ["attr V3 REDIST_REGS pe=1 GICR_PENDBASE", /no register GICR_PENDBASE/],
  ["attr V3 REDIST_REGS pe=0x1000000000 GICR_CTLR", /does not fit/],
  ["attr V2 DIST_REGS cpu=256 GICD_CTLR", /does not fit/],
  ["attr V3 ADDR REDIST_REGION base=0x80a1000", /not a multiple of 0x10000/],
  ["attr V3 CTRL SAVE_TABLES", /CTRL of VGIC_V3 has no SAVE_TABLES, but INIT/],
  ["attr V3 REDIST_REGS 1 2 3", /one number, the value/],
] as const) {
  test(`${text} is refused`, () => {
    const explanation = explainText(text);
    assert.ok(!explanation.ok);
    assert.match(explanation.message, message);
  });
}

/** A step of a recording that names the register it accesses. */
interface RecordedStep {
  readonly op: string;
  readonly dev?: string;
  readonly group?: string;
  readonly attr?: string;
  readonly reg?: string;
  readonly err?: string;
}

test("the attr words of the recordings are those of the registers that they name", () => {
  const folder = path.join(import.meta.dirname, "..", "vectors", "kvm");
  let compared = 0;
  for (const kind of ["its", "v2", "v3"]) {
    const kernel = path.join(folder, kind, "7.2");
    if (!existsSync(kernel)) continue;
    for (const file of readdirSync(kernel).filter((name) => /^(?!.*(errors|odd)).*\.json$/.test(name))) {
      const { steps }: { steps: readonly RecordedStep[] } = JSON.parse(readFileSync(path.join(kernel, file), "utf8"));
      for (const { op, dev, group, attr, reg } of steps) {
        if (!/^[gs]et_attr$/.test(op) || reg === undefined || attr === undefined) continue;
        const name = /^((?:GITS|GICR|GICD|GICC|ICC)_[A-Z0-9_]+)(?:\.(lo|hi))?(?:\[(?:cpu)?(\d+)\])?$/.exec(
          reg.replace("GICR_SGI_", "GICR_"),
        );
        if (name === null || /_0x/.test(reg) || dev === undefined || group === undefined) continue;
        const device = dev.includes("its") ? "ITS" : kind === "v2" ? "V2" : "V3";
        const [{ title }] = readings(`attr ${device} ${group} ${attr}`);
        const half = name[2] === undefined ? "" : name[2] === "lo" ? "[31:0]" : "[63:32]";
        assert.ok(title.includes(`: ${name[1]}${half}`), `${file}: ${title} is recorded as ${reg}`);
        if (name[3] !== undefined) assert.ok(title.endsWith(` of vCPU ${name[3]}`), `${file}: ${title} is ${reg}`);
        compared++;
      }
    }
  }
  assert.ok(compared > 100 || !existsSync(folder), `${compared} compared`);
});

test("every errno that the recorded kernels answered for a group has a meaning there", () => {
  const folder = path.join(import.meta.dirname, "..", "vectors", "kvm");
  const seen = new Set<string>();
  for (const kind of ["its", "v2", "v3"]) {
    for (const kernel of ["5.10", "6.1", "6.12", "7.2"]) {
      const place = path.join(folder, kind, kernel);
      if (!existsSync(place)) continue;
      for (const file of readdirSync(place).filter((name) => name.endsWith(".json"))) {
        const { steps }: { steps: readonly RecordedStep[] } = JSON.parse(readFileSync(path.join(place, file), "utf8"));
        for (const { op, group, err } of steps) {
          if (err === undefined || err === "OK") continue;
          if (/_attr$/.test(op) && typeof group === "string") seen.add(`${err} ${group}`);
          if (op === "signal_msi" || op === "irq_line")
            seen.add(`${err} ${op === "irq_line" ? "KVM_IRQ_LINE" : "KVM_SIGNAL_MSI"}`);
        }
      }
    }
  }
  for (const pair of seen) assert.doesNotMatch(readings(`errno ${pair}`)[0].summary, /not known/, pair);
  assert.ok(seen.size > 30 || !existsSync(folder));
});
