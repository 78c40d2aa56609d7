import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { type CommandWords, commandErrorByName } from "../../../architecture/index.ts";
import { createMachine, releasedModelNames, remarkRules } from "../../../emulator/index.ts";
import { commandFailure, compareModels, EmulatorTarget } from "../../../runner/index.ts";
import { modelsPage } from "../../../scripts/generate-models.ts";
import { type CommandLine, mapc, mapd, mapti, packet, StrictMachine, vmapp, vmapti } from "./machine.ts";

const words = (line: CommandLine): CommandWords => {
  const [first, second, third, fourth] = packet(line);
  return [first, second, third, fourth];
};

describe("docs/models.md", () => {
  const written = modelsPage();
  it("is what scripts/generate-models.ts writes", () => {
    const page = readFileSync(new URL("../../../docs/models.md", import.meta.url), "utf8");
    assert.equal(page, written, "stale: run  node scripts/generate-models.ts");
  });

  it("has every rule that the strict model remarks on", () => {
    for (const name of Object.keys(remarkRules)) assert.ok(written.includes(`| \`${name}\` |`), name);
  });
});

describe("what other models do with a command", () => {
  const situation = (): StrictMachine => {
    const strict = new StrictMachine();
    strict.done(mapc(0, 0), mapd(1), mapti(1, 2, 8200, 0), mapti(1, 3, 8201, 5));
    return strict;
  };
  const answers = (strict: StrictMachine, line: CommandLine): Record<string, string> =>
    Object.fromEntries(compareModels(strict.machine, 0, words(line)).map(({ model, text }) => [model, text]));

  it("is asked of the models, each in the same situation", () => {
    const strict = situation();
    const invall = answers(strict, ["INVALL", { ICID: 5 }]);
    assert.equal(invall["kvm-7.2"], "ignored, INVALL_UNMAPPED_COLLECTION");
    assert.equal(invall["qemu-7.2"], "done");
    assert.equal(invall.arch, undefined);
    const int = answers(strict, ["INT", { DeviceID: 1, EventID: 3 }]);
    assert.equal(int["kvm-5.10"], "ignored, INT_UNMAPPED_INTERRUPT");
    assert.equal(int["qemu-7.2"], "ignored, INT_ITE_INVALID");
  });

  it("tells what they have mapped afterwards", () => {
    const found = compareModels(situation().machine, 0, words(mapti(1, 2, 8300, 0)));
    assert.equal(found.find(({ model }) => model === "kvm-7.2")?.event?.intid, 8200);
    assert.equal(found.find(({ model }) => model === "qemu-7.2")?.event?.intid, 8300);
  });

  it("changes nothing in the machine", () => {
    const strict = situation();
    const mark = strict.machine.journal.mark();
    compareModels(strict.machine, 0, words(["DISCARD", { DeviceID: 1, EventID: 2 }]));
    assert.equal(strict.machine.journal.mark(), mark);
  });

  it("works from a machine of any model", () => {
    const machine = createMachine({ model: "kvm-6.1", ram: [{ base: 0x4000_0000, bytes: 0x10_0000 }] });
    const found = compareModels(machine, 0, words(["INT", { DeviceID: 1, EventID: 2 }]), ["arch", "qemu-7.2"]);
    assert.deepEqual(
      found.map(({ model, text }) => [model, text]),
      [
        ["arch", "cannot be in this situation"],
        ["qemu-7.2", "cannot be in this situation"],
      ],
      "a queue that is not valid runs nothing",
    );
  });

  it("has no answer of a model that takes no such memory map", () => {
    const machine = createMachine({ model: "kvm-7.2", its: [0x080c_0000] });
    const found = compareModels(machine, 0, words(["INT", { DeviceID: 1, EventID: 2 }]), ["arch"]);
    assert.deepEqual(found[0].text, "has no such machine");
  });

  it("has no answer for a virtual event, which the others as GICv3s have none of", () => {
    const strict = new StrictMachine({ gicVersion: 4 });
    strict.done(mapc(0, 0), mapd(1), vmapp(0, 0), vmapti(1, 2, 0, 9000));
    for (const { model, text, event } of compareModels(
      strict.machine,
      0,
      words(["INT", { DeviceID: 1, EventID: 2 }]),
    )) {
      assert.deepEqual([text, event], ["cannot be in this situation", undefined], model);
    }
  });

  it("has no answer for GICv4 commands", () => {
    assert.deepEqual(compareModels(situation().machine, 0, words(["VSYNC", { vPEID: 0 }])), []);
  });

  it("a failure names rule, field, word and the others", () => {
    const strict = situation();
    const line: CommandLine = ["MAPTI", { DeviceID: 1, EventID: 77, pINTID: 8200, ICID: 0 }];
    const [outcome] = strict.run(0, [packet(line)]);
    const failure = commandFailure(new EmulatorTarget(strict.machine), 0, words(line), outcome);
    assert.equal(failure?.error, commandErrorByName("MAPTI_ID_OOR"));
    assert.deepEqual([failure?.field?.name, failure?.field?.word, failure?.raw], ["EventID", 1, 77n]);
    assert.match(failure?.sentence ?? "", /beyond the ITT of DeviceID 0x1/);
    assert.equal(failure?.others.length, releasedModelNames.length - 1);
    assert.equal(commandFailure(new EmulatorTarget(strict.machine), 0, words(line), 0), undefined);
  });
});
