import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type MsiStep, msiResult, msiText } from "../../dumps/captures/index.ts";
import type { Machine } from "../../emulator/index.ts";
import { traceMachineMsi } from "../../runner/index.ts";
import { machineOfScript } from "../../runner/saved-machines/index.ts";
import { digestOf } from "../emulator/machine-state.ts";

const MODELS = ["kvm-7.2", "kvm-5.10", "qemu-7.2", "arch"] as const;
type Model = (typeof MODELS)[number];

/** Event 2 of device 8 goes as LPI 8200 to PE 1, which takes it. */
const MAPPED = [
  "MAPC ICID=1, RDbase=1",
  "MAPD DeviceID=8, ITT_addr=0x43000000, Size=4",
  "MAPTI DeviceID=8, EventID=2, pINTID=8200, ICID=1",
];
const READY = ["write ICC_PMR_EL1[1] = 0xf0", "write ICC_IGRPEN1_EL1[1] = 1"];
const PROPERTY = "0x40020008";

function machineOf(model: Model, lines: readonly string[]): Machine {
  const made = machineOfScript(["machine {", `  model = ${model}`, "}", ...lines].join("\n"));
  assert.ok("machine" in made, JSON.stringify(made.problems));
  return made.machine;
}

function stepsOf(model: Model, lines: readonly string[], event = 2) {
  const steps = traceMachineMsi(machineOf(model, lines), 0, 8, event);
  assert.ok(steps);
  return steps;
}

const last = (...given: Parameters<typeof stepsOf>): string => {
  const step = stepsOf(...given).at(-1);
  return `${step?.link} ${step?.state}`;
};

const msi = "msi DeviceID=8, EventID=2";

for (const model of MODELS) {
  describe(`an MSI in a machine of ${model}`, () => {
    it("is followed through all links, and leaves the machine as it was", () => {
      const machine = machineOf(model, [...MAPPED, ...READY, msi]);
      const before = digestOf(machine);
      const steps = traceMachineMsi(machine, 0, 8, 2);
      assert.ok(steps);
      assert.deepEqual(
        steps.filter(({ state }) => state === "broken"),
        [],
      );
      const pending = steps.find(({ link }) => link === "pending bit");
      assert.equal(pending?.values.Pending, 1);
      assert.equal(digestOf(machine), before);
    });

    const broken: readonly (readonly [what: string, lines: readonly string[], link: string])[] = [
      ["no device", [MAPPED[0]], "DTE broken"],
      ["no event", MAPPED.slice(0, 2), "ITE broken"],
      ["no collection", [...MAPPED, "MAPC ICID=1, V=0"], "CTE broken"],
      ["the ITS off", [...MAPPED, "write GITS_CTLR.Enabled = 0"], "GITS_CTLR broken"],
      ["not enabled", [`mem8[${PROPERTY}] = 0xa2`, ...MAPPED, ...READY], "configuration byte broken"],
      ["the group off", [...MAPPED, READY[0], msi], "ICC_IGRPEN1_EL1 broken"],
      ["masked", [...MAPPED, "write ICC_PMR_EL1[1] = 0xa0", READY[1], msi], "ICC_PMR_EL1 broken"],
      ["the distributor off", [...MAPPED, ...READY, "write GICD_CTLR = 0", msi], "GICD_CTLR broken"],
    ];
    for (const [what, lines, link] of broken) {
      it(`with ${what} ends at ${link}, and says what to do`, () => {
        assert.equal(last(model, lines), link);
        const step = stepsOf(model, lines).at(-1);
        assert.ok(step !== undefined && msiText(step).advice !== undefined);
      });
    }

    it("of an EventID beyond the ITT ends there", () => assert.equal(last(model, MAPPED, 32), "EventID broken"));

    it("waits for the end of an interrupt that is as urgent", () => {
      const other = "MAPTI DeviceID=8, EventID=3, pINTID=8201, ICID=1";
      const active = ["msi DeviceID=8, EventID=3", "read ICC_IAR1_EL1[1]"];
      assert.equal(last(model, [...MAPPED, other, ...READY, ...active, msi]), "ICC_RPR_EL1 broken");
    });
  });
}

it("an MSI to an ITS that is not there has no way", () => {
  assert.equal(traceMachineMsi(machineOf("kvm-7.2", MAPPED), 1, 8, 2), undefined);
});

describe("the configuration that a GIC has read before", () => {
  const enabledLater = [`mem8[${PROPERTY}] = 0xa2`, ...MAPPED, ...READY, `mem8[${PROPERTY}] = 0xa3`, msi];

  it("counts where memory says something else by now: KVM", () => {
    assert.equal(last("kvm-7.2", enabledLater), "cached configuration broken");
    assert.equal(last("kvm-7.2", [...enabledLater, "INV DeviceID=8, EventID=2"]).startsWith("list register"), true);
    const disabledLater = [...MAPPED, ...READY, `mem8[${PROPERTY}] = 0xa2`, msi];
    const links = stepsOf("kvm-7.2", disabledLater).map(({ link, state }) => `${link} ${state}`);
    assert.ok(links.includes("cached configuration good"));
    assert.ok(links.includes("pending bit good"));
  });

  it("is read anew each time by QEMU", () => {
    assert.ok(!stepsOf("qemu-7.2", enabledLater).some(({ link }) => link === "cached configuration"));
  });
});

it("of KVM: the list register that a vCPU has it in while it is in its guest", () => {
  const step = stepsOf("kvm-7.2", [...MAPPED, ...READY, "vcpu-run 1", msi]).at(-1);
  assert.deepEqual([step?.link, step?.state, step?.values.State], ["list register", "good", 1]);
  const outside = stepsOf("kvm-7.2", [...MAPPED, ...READY, msi]).at(-1);
  assert.deepEqual([outside?.link, outside?.state], ["list register", "unknown"]);
});

for (const model of MODELS) {
  it(`in a machine of ${model}, an LPI that was taken and has not ended does not wait for itself`, () => {
    const taken = [...MAPPED, ...READY, msi, "read ICC_IAR1_EL1[1]"];
    const steps = stepsOf(model, taken);
    assert.deepEqual(
      steps.filter(({ state }) => state === "broken"),
      [],
    );
    const running = steps.find(({ link }) => link === "ICC_RPR_EL1");
    assert.ok(running !== undefined);
    assert.match(msiText(running).sentence, /^an interrupt of priority 0xa0 is active on PE 1: it may be this LPI/);
    const ended = stepsOf(model, [...taken, "write ICC_EOIR1_EL1[1] = 8200"]);
    const idle = ended.find(({ link }) => link === "ICC_RPR_EL1");
    assert.ok(idle !== undefined);
    assert.equal(msiText(idle).sentence, "nothing as urgent is active on PE 1");
  });
}

describe("an MSI of a virtual event", () => {
  const GIC4 = ["model = qemu-7.2", "gic = 4"];
  const VPE = "VMAPP vPEID=7, RDbase=2, VPT_addr=0x43200000, VPT_size=15";
  const EVENT = [
    "MAPD DeviceID=8, ITT_addr=0x43300000, Size=4",
    "VMAPTI DeviceID=8, EventID=2, vPEID=7, vINTID=8200, Dbell_pINTID=1023",
  ];

  function way(lines: readonly string[]): MsiStep[] {
    const made = machineOfScript(["machine {", ...GIC4, "}", ...lines].join("\n"));
    assert.ok("machine" in made, JSON.stringify(made.problems));
    return [...(traceMachineMsi(made.machine, 0, 8, 2) ?? [])];
  }

  const ends = (steps: readonly MsiStep[], count: number) =>
    steps.slice(-count).map(({ link, state, values, address }) => [link, state, values, address?.toString(16)]);

  it("is followed to the pending bit of its vPE's table", () => {
    const idle = way([VPE, ...EVENT]);
    const table = idle.find(({ link }) => link === "vPE table")?.address ?? 0;
    assert.deepEqual(ends(idle, 5), [
      ["virtual event", "good", { vPEID: 7, vINTID: 8200 }, undefined],
      ["vPE table", "good", { vPEID: 7, Entries: 8192 }, table.toString(16)],
      ["VTE", "good", { vPEID: 7 }, (table + 7 * 8).toString(16)],
      ["vINTID", "good", { vINTID: 8200, VPT_size: 16 }, undefined],
      ["virtual pending bit", "good", { vINTID: 8200, vPEID: 7, Pending: 0 }, (0x4320_0000 + 8200 / 8).toString(16)],
    ]);
    assert.equal(way([VPE, ...EVENT, "msi DeviceID=8, EventID=2"]).at(-1)?.values.Pending, 1);
    assert.equal(msiResult(idle).text, "Every link that is known is good; not known: whether the vPE takes it");
  });

  it("ends at a vPE that is not mapped, and at a virtual LPI that it has no bit for", () => {
    const unmapped = way([VPE, ...EVENT, "VMAPP vPEID=7, V=0"]).at(-1);
    assert.deepEqual([unmapped?.link, unmapped?.state], ["VTE", "broken"]);
    const small = way([VPE.replace("15", "12"), ...EVENT]).at(-1);
    assert.deepEqual([small?.link, small?.values.VPT_size], ["vINTID", 13]);
    for (const step of [unmapped, small]) assert.ok(step && msiText(step).advice !== undefined);
  });
});
