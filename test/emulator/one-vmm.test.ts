import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KvmVmm, loadState, saveState } from "../../emulator/index.ts";
import { EmulatorTarget } from "../../runner/emulator-target.ts";
import { EmulatorVm } from "../conformance/emulator-vm.ts";
import { started } from "../runner/support.ts";

/** Calls of the VMM while something is done, by name; only those from outside it. */
function callsWhile(vmm: KvmVmm, act: () => void): string[] {
  const calls: string[] = [];
  let inside = 0;
  const watched = [
    "load",
    "store",
    "readSystemRegister",
    "writeSystemRegisters",
    "irqLine",
    "signalMsi",
    "run",
  ] as const;
  const named = ["attribute", "saveTables", "setRegister", "stopVcpu", "beginCwriter", "stepCwriter"] as const;
  for (const name of [...watched, ...named]) {
    const original = vmm[name].bind(vmm) as (...values: unknown[]) => unknown;
    Object.defineProperty(vmm, name, {
      configurable: true,
      value: (...values: unknown[]) => {
        if (inside === 0) calls.push(name);
        inside++;
        try {
          return original(...values);
        } finally {
          inside--;
        }
      },
    });
  }
  act();
  for (const name of [...watched, ...named]) Reflect.deleteProperty(vmm, name);
  return calls;
}

/** The VMM of the machine that a script runs on. */
function vmmOf(target: unknown): KvmVmm {
  assert.ok(target instanceof EmulatorTarget);
  const { vmm } = target.machine;
  assert.ok(vmm instanceof KvmVmm);
  return vmm;
}

describe("one VMM", () => {
  it("is the class on which recordings are replayed", () => {
    assert.equal(new EmulatorVm({ kernel: "7.2" }).vmm.constructor, vmmOf(started("SYNC RDbase=0").target).constructor);
  });

  const lines: readonly (readonly [line: string, call: string])[] = [
    ["read GICD_TYPER", "load"],
    ["write GICD_CTLR = 2", "store"],
    ["read ICC_IAR1_EL1", "readSystemRegister"],
    ["write ICC_PMR_EL1 = 0xf8", "writeSystemRegisters"],
    ["line 40 = 1", "irqLine"],
    ["msi DeviceID=1, EventID=0 => ignored", "signalMsi"],
    ["set-attr VGIC_V3, LEVEL_INFO, 32 = 0", "attribute"],
    ["user-write GICD_CTLR = 2", "setRegister"],
    ["vcpu-stop 0", "stopVcpu"],
    ["begin 0, GITS_CWRITER = 0", "beginCwriter"],
    ["save", "saveTables"],
  ];
  for (const [line, call] of lines) {
    it(`carries out the line ${line}`, () => {
      const run = started(line);
      assert.deepEqual(
        callsWhile(vmmOf(run.target), () => run.step()),
        [call],
      );
    });
  }

  it("restores a saved machine", () => {
    const { machine } = started("write GICD_CTLR = 2").target as EmulatorTarget;
    const saved = saveState(machine);
    assert.ok("state" in saved);
    const loaded = loadState(saved.state);
    assert.ok("machine" in loaded);
    assert.ok(loaded.machine.vmm instanceof KvmVmm);
  });
});
