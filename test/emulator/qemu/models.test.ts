import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ModelName } from "../../../architecture/index.ts";
import { createMachine } from "../../../emulator/index.ts";
import { at, command, mapd, ready, submit } from "./machine.ts";

const models = ["qemu-7.2", "qemu-11.1"] as const satisfies readonly ModelName[];

/** An ITS whose vPE table has two levels and no page, with an event of vPE 1. */
function withoutVpePage(model: ModelName) {
  const machine = ready({ model, gicVersion: 4 });
  machine.write(at.its, 4, 0n);
  machine.write(at.its + 0x110, 8, (3n << 62n) | BigInt(at.vpeTable) | (2n << 8n));
  machine.write(at.its, 4, 1n);
  submit(machine, mapd(1), command("VMAPTI", { DeviceID: 1, EventID: 0, vINTID: 8192, vPEID: 1, Dbell_pINTID: 1023 }));
  return machine;
}

describe("what QEMU's versions do differently", () => {
  const lines = { "qemu-7.2": 7n, "qemu-11.1": 8n, arch: 8n };
  for (const model of [...models, "arch"] as const) {
    it(`${model} tells ${lines[model]} in GICD_TYPER.ITLinesNumber for 256 SPIs`, () => {
      assert.equal((createMachine({ model }).read(at.gicd + 4, 4) ?? 0n) & 0x1fn, lines[model]);
    });
  }

  // 7.2.22 ran MSR and MRS of a guest for this.
  const masks = { "qemu-7.2": 0x1f8n, "qemu-11.1": 0xf8n, arch: 0xf8n };
  for (const model of [...models, "arch"] as const) {
    it(`${model} reads 0x${masks[model].toString(16)} from ICC_PMR_EL1 after a write of 0x1ff`, () => {
      const machine = createMachine({ model });
      machine.writeSystemRegister?.(0, "ICC_PMR_EL1", 0x1ffn);
      assert.equal(machine.readSystemRegister?.(0, "ICC_PMR_EL1"), masks[model]);
    });
  }

  const outcomes = { "qemu-7.2": "ignored", "qemu-11.1": "swallowed" };
  const event = { DeviceID: 1, EventID: 0 };
  const commands = [
    command("INT", event),
    command("CLEAR", event),
    command("INV", event),
    command("DISCARD", event),
    command("VMOVI", { ...event, vPEID: 1 }),
    command("VMOVP", { vPEID: 1, RDbase: 0 }),
    command("VINVALL", { vPEID: 1 }),
  ];
  for (const model of models) {
    it(`${model}: commands that meet a vPE without a level-2 page are ${outcomes[model]}`, () => {
      assert.deepEqual(new Set(submit(withoutVpePage(model), ...commands)), new Set([outcomes[model]]));
    });
    it(`${model}: an entry of a vPE without a level-2 page is ${model === "qemu-7.2" ? "missing" : "a fault"}`, () => {
      const faults: boolean[] = [];
      const machine = withoutVpePage(model);
      machine.observe({
        priority: () => undefined,
        sgi: () => undefined,
        command: () => undefined,
        entryRead: () => undefined,
        entryMissing: (_kind, _id, _itt, fault) => faults.push(fault),
        entryWritten: () => undefined,
      });
      submit(machine, command("INT", event));
      assert.deepEqual(faults, [model !== "qemu-7.2"]);
    });
  }
});
