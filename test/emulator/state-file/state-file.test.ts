import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ModelName } from "../../../architecture/index.ts";
import {
  encodeState,
  loadState,
  type MachineOptions,
  modelNames,
  type SavedState,
  saveState,
} from "../../../emulator/index.ts";
import { digestOf } from "../machine-state.ts";
import * as qemu from "../qemu/machine.ts";
import { acts, answers, at, lpiOf, mapc, mapd, mapti, onEvent, populate, ready, submit } from "./machine.ts";
import { loaded, saved, throughFile } from "./saving.ts";

for (const model of modelNames) {
  describe(`a saved machine of ${model}`, () => {
    it("answers as the one that was saved: registers, tables, MSIs, and the bytes of another save", () => {
      fc.assert(
        fc.property(acts, (list) => {
          const source = ready(model);
          populate(source);
          for (const act of list) act(source);
          const state = saved(source);
          const copy = loaded(throughFile(state));
          assert.deepEqual(answers(copy), answers(source));
          for (let device = 0; device < 5; device++) {
            for (let event = 0; event < 33; event++) {
              assert.equal(copy.signalMsi(0, device, event), source.signalMsi(0, device, event), `${device}/${event}`);
            }
          }
          assert.deepEqual(encodeState(saved(copy)).json, encodeState(saved(source)).json);
        }),
        { numRuns: 25 },
      );
    });

    it("is the same whether it is saved for good or in a look, which leaves nothing", () => {
      const source = ready(model);
      populate(source);
      const { windows } = source.memory;
      const marks = (): string => windows.map((window) => window.marks.join("")).join();
      const before = [marks(), digestOf(source)];
      const looked = source.journal.peek(() => encodeState(saved(source)).json);
      assert.deepEqual([marks(), digestOf(source)], before);
      assert.equal(looked, encodeState(saved(source)).json);
    });

    it("keeps acknowledged interrupts, running priorities and line levels", () => {
      const source = ready(model);
      populate(source);
      source.write(source.map.gicd + 0x84, 4, 0xffn);
      source.write(source.map.gicd + 0x104, 4, 0xffn);
      source.setLine?.(33, true);
      assert.equal(source.readSystemRegister?.(0, "ICC_IAR1_EL1"), 33n);
      const copy = loaded(throughFile(saved(source)));
      assert.equal(copy.readSystemRegister?.(0, "ICC_RPR_EL1"), source.readSystemRegister?.(0, "ICC_RPR_EL1"));
      for (const machine of [source, copy]) {
        machine.setLine?.(33, false);
        machine.writeSystemRegister?.(0, "ICC_EOIR1_EL1", 33n);
      }
      assert.deepEqual(answers(copy), answers(source));
    });
  });
}

describe("a saved machine of qemu-7.2 with", () => {
  const shapes: readonly MachineOptions[] = [
    { secure: true },
    { gicVersion: 4 },
    { gicVersion: 4, secure: true, cpus: 6 },
  ];
  for (const shape of shapes) {
    it(`${JSON.stringify(shape)} has every word of the one that was saved`, () => {
      const source = qemu.ready(shape);
      qemu.submit(source, qemu.mapc(0, 1), qemu.mapd(2), qemu.mapti(2, 3, 8195, 0), qemu.trigger(2, 3));
      source.setLine(40, true);
      source.write(qemu.at.gicd + 0x104, 4, 0x100n);
      const copy = loaded(throughFile(saved(source)));
      assert.equal(copy.cpus, source.cpus);
      assert.equal(digestOf(copy), digestOf(source));
    });
  }
});

it("a saved machine of qemu-11.1 with NMIs has every word of the one that was saved", () => {
  const source = qemu.ready({ model: "qemu-11.1", nmi: true });
  const sgis = qemu.redistributor(source, 1) + 0x1_0000;
  for (const offset of [0x80, 0x100, 0xf80]) source.write(sgis + offset, 4, 0xffn);
  source.write(qemu.at.gicd + 0xf84, 4, 0x50n);
  source.writeSystemRegister(1, "SCTLR_EL1", 1n << 61n);
  source.write(sgis + 0x200, 4, 6n);
  assert.equal(source.readSystemRegister(1, "ICC_NMIAR1_EL1"), 1n);
  const copy = loaded(throughFile(saved(source)));
  assert.equal(digestOf(copy), digestOf(source));
  assert.equal(copy.readSystemRegister?.(1, "ICC_IAR1_EL1"), source.readSystemRegister(1, "ICC_IAR1_EL1"));
});

describe("saveState", () => {
  it("says where a kernel would have crashed", () => {
    const machine = ready("kvm-6.12");
    submit(machine, [mapc(0, 0), mapd(2), mapti(2, 5, 0), mapc(0, 0, false)]);
    const result = saveState(machine);
    assert.ok("failure" in result);
    assert.equal(result.failure.step, "SAVE_TABLES");
    assert.match(result.failure.message, /dereferences NULL.*DeviceID 0x2, EventID 0x5/);
  });

  it("gives the errno of a save that fails", () => {
    const machine = ready("kvm-7.2");
    submit(machine, [mapc(0, 0), mapd(2), mapti(2, 5, 0)]);
    machine.write(machine.map.gicr, 4, 0n);
    machine.write(machine.map.gicr + 0x78, 8, 0x1000_0000n);
    const result = saveState(machine);
    assert.ok("failure" in result);
    assert.match(result.failure.message, /^EFAULT at SAVE_PENDING_TABLES: /);
  });
});

describe("loadState", () => {
  const source = ready("kvm-7.2");
  populate(source);
  submit(source, [onEvent(3n, 0, 0)]);
  const state = saved(source);

  const changed = (edit: Partial<SavedState>): SavedState => ({ ...state, ...edit });
  const its = (name: string, value: bigint): SavedState =>
    changed({ itss: [new Map([...state.itss[0], [name, value]])] });

  it("refuses a revision of the tables that the kernel does not have, at the register", () => {
    const result = loadState(its("GITS_IIDR", 0x4b00_743bn));
    assert.ok("failure" in result);
    assert.match(result.failure.message, /^EINVAL at GITS_IIDR: GITS_IIDR = 0x4b00743b is refused$/);
  });

  it("refuses registers that the model does not save", () => {
    const result = loadState(its("GITS_FOO", 1n));
    assert.ok("failure" in result);
    assert.equal(result.failure.message, "its[0].GITS_FOO is no register that kvm-7.2 saves");
  });

  it("gives a QEMU machine no register that is missing or too wide", () => {
    const qemu = saved(ready("qemu-7.2"));
    const wide = loadState({ ...qemu, distributor: new Map([...qemu.distributor, ["GICD_CTLR", 1n << 32n]]) });
    assert.ok("failure" in wide);
    assert.equal(wide.failure.message, "distributor.GICD_CTLR is 0x100000000, which has more bits than the register");
    const missing = loadState({ ...qemu, itss: [new Map()] });
    assert.ok("failure" in missing);
    assert.equal(missing.failure.message, "its[0].GITS_CTLR is missing");
  });

  it("delivers the LPIs that were pending", () => {
    const copy = loaded(state);
    assert.equal(copy.lpi(lpiOf(0, 0))?.pending, true);
    assert.equal(copy.memory.read8(at.pendingTables + 8192 / 8), 0, "the restore takes the bit out of the table");
  });

  it("takes any values of a QEMU machine without throwing", () => {
    const qemu = saved(ready("qemu-7.2" as ModelName));
    const any = (bits: bigint) => fc.bigInt({ min: 0n, max: bits });
    fc.assert(
      fc.property(fc.array(any((1n << 64n) - 1n), { minLength: 64, maxLength: 64 }), (values) => {
        const scramble = (registers: ReadonlyMap<string, bigint>): ReadonlyMap<string, bigint> =>
          new Map(
            Array.from(registers, ([name, value], index) => {
              const bits = name.includes("BASER") || name.includes("IROUTER") || /GITS_C[WR]/.test(name) ? 64 : 32;
              return [name, index % 3 === 0 ? value : BigInt.asUintN(bits, values[index % 64])];
            }),
          );
        const copy = loaded({
          ...qemu,
          distributor: scramble(qemu.distributor),
          redistributors: qemu.redistributors.map(scramble),
          cpuInterfaces: qemu.cpuInterfaces.map(scramble),
          itss: qemu.itss.map(scramble),
        });
        submit(copy, [mapc(0, 0), mapd(1), mapti(1, 1, 0), onEvent(3n, 1, 1)]);
        for (const name of ["ICC_IAR1_EL1", "ICC_IAR0_EL1", "ICC_RPR_EL1"]) copy.readSystemRegister?.(0, name);
      }),
      { numRuns: 40 },
    );
  });
});
