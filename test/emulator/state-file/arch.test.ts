import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { encodeState, type Machine, type MachineOptions } from "../../../emulator/index.ts";
import type { Bank } from "../../../emulator/journal/bank.ts";
import type { LoggedWords } from "../../../emulator/journal/journal.ts";
import { Gicr, Its, mapc, mapd, mapti, place, StrictMachine, vmapp, vmapti } from "../arch/machine.ts";
import { populated, run, shapes } from "../arch/runs.ts";
import { digestOf } from "../machine-state.ts";
import { answers } from "./machine.ts";
import { loaded, saved, throughFile } from "./saving.ts";

type Shape = Omit<MachineOptions, "model">;

/** Every option that changes what a machine holds or does. */
const all: readonly Shape[] = [
  ...shapes,
  { gicVersion: 3, secure: true },
  { gicVersion: 4.1, secure: true, singleVmovp: false },
];
const name = (shape: Shape): string => JSON.stringify(shape);

/** The machine that a saved one becomes, set up for nothing but watching it. */
function copyOf(strict: StrictMachine): StrictMachine {
  return new StrictMachine({}, loaded(throughFile(saved(strict.machine))));
}

/**
 * Words that a save rebuilds in other places: the ledger's trees, by the order of allocation, and what complete VMOVPs left behind.
 * That they mean the same is seen in the bytes of the next save.
 */
function rebuilt({ machine }: StrictMachine): ReadonlySet<Bank> {
  const { itss } = machine.gic;
  const moves = itss[0].state.shared.vmovps?.banks ?? [];
  return new Set([...moves, ...itss.flatMap(({ state }) => state.ledger.banks)]);
}

/** All that can be seen of a machine. */
function seen({ machine }: StrictMachine): unknown {
  const pes = Array.from({ length: machine.cpus }, (_, pe) => [machine.lines(pe), machine.virtualInterrupt(pe)]);
  const tables = machine.map.its.map((_, its) => {
    const view = machine.tables(its);
    const devices = [...view.devices()].slice(0, 20);
    return { devices, collections: [...view.collections()].slice(0, 20) };
  });
  return { bus: answers(machine), pes, tables, lpis: [...machine.lpis()] };
}

const text = (machine: Machine): string => encodeState(saved(machine)).json;

/**
 * Remarks about overlapping ITTs compare with the neighbours as they were last read: a guest that writes its device table itself is
 * noticed at the next reading, which a load brings about, as a rewind does.
 */
const comparable = ({ remarks }: StrictMachine): unknown =>
  remarks.filter((remark) => remark.kind !== "unpredictable" || remark.rule !== "overlapping-itts");

for (const shape of all) {
  describe(`a saved machine of arch with ${name(shape)}`, () => {
    it("goes on as the one that was saved, whatever happened before and happens then", () => {
      fc.assert(
        fc.property(run, run, (before, after) => {
          const source = populated(shape);
          for (const step of before) step(source);
          const copy = copyOf(source);
          assert.equal(text(copy.machine), text(source.machine));
          assert.deepEqual(seen(copy), seen(source));
          source.remarks.length = 0;
          source.outcomes.length = 0;
          for (const step of after) {
            step(source);
            step(copy);
          }
          assert.deepEqual(copy.outcomes, source.outcomes);
          assert.deepEqual(comparable(copy), comparable(source));
          assert.equal(text(copy.machine), text(source.machine));
          assert.deepEqual(seen(copy), seen(source));
          assert.equal(digestOf(copy.machine, rebuilt(copy)), digestOf(source.machine, rebuilt(source)));
        }),
        { numRuns: 25 },
      );
    });
  });
}

describe("a saved machine of arch", () => {
  it("has every word that changes when it runs: no bank of the machine is unknown to the save", () => {
    const { machine } = populated({ gicVersion: 4.1, singleVmovp: false });
    const { distributor, redistributors, virtual, itss } = machine.gic;
    const known = new Set<LoggedWords>([
      ...machine.memory.windows.map(({ bank }) => bank),
      ...[distributor, ...redistributors, ...(virtual?.interfaces ?? [])].map(({ bank }) => bank),
      ...(virtual === undefined ? [] : [virtual.vpes.bank]),
      ...itss.flatMap(({ state: { registers, ledger } }) => [registers, ...ledger.banks]),
      ...(itss[0].state.shared.vmovps?.banks ?? []),
    ]);
    assert.deepEqual(
      machine.journal.banks.map((bank) => known.has(bank)),
      machine.journal.banks.map(() => true),
    );
  });

  it("is made with the options of the one that was saved", () => {
    const shape: Shape = {
      cpus: 2,
      gicVersion: 4,
      secure: true,
      systemErrors: true,
      singleVmovp: false,
      layout: "qemu",
      its: [0x0801_0000, 0x0805_0000],
    };
    const state = throughFile(saved(new StrictMachine(shape).machine));
    const { ram, ...rest } = state.shape;
    assert.deepEqual(rest, shape);
    assert.deepEqual(ram, [{ base: place.ram, bytes: place.ramBytes }]);
    for (const register of [Its.typer, Its.ctlr]) {
      const copy = new StrictMachine({}, loaded(state));
      assert.equal(copy.its(register, 1), new StrictMachine(shape).its(register, 1));
    }
  });

  it("stays stalled at the command that failed, and goes on when software says so", () => {
    const source = new StrictMachine();
    source.done(mapc(0, 0), mapd(1));
    source.run(0, [[0x03n | (9n << 32n), 0n, 0n, 0n]]);
    assert.equal(source.its(Its.creadr), 0x41n);
    const copy = copyOf(source);
    assert.equal(copy.its(Its.creadr), 0x41n);
    for (const strict of [source, copy]) {
      strict.machine.write(place.queue + 0x40, 8, 5n);
      strict.setIts(Its.cwriter, strict.its(Its.cwriter) | 1n);
      assert.equal(strict.its(Its.creadr), 0x60n);
    }
  });

  it("keeps a priority that the guest has changed in its table and not yet told", () => {
    const source = new StrictMachine();
    source.done(mapc(0, 0), mapd(1), mapti(1, 0, 8192, 0), mapti(1, 1, 8193, 0));
    source.machine.signalMsi(0, 1, 0);
    source.machine.memory.write8(place.property + 1, 0x11);
    source.machine.memory.write8(place.property, 0xf0);
    const copy = copyOf(source);
    for (const strict of [source, copy]) {
      strict.machine.writeSystemRegister(0, "ICC_PMR_EL1", 0xffn);
      strict.machine.writeSystemRegister(0, "ICC_IGRPEN1_EL1", 1n);
      assert.equal(strict.machine.readSystemRegister(0, "ICC_IAR1_EL1"), 8192n);
    }
  });

  it("knows which ITSs have still to take a VMOVP", () => {
    const source = new StrictMachine({ gicVersion: 4, singleVmovp: false, its: [0x0801_0000, 0x0805_0000] });
    source.doneOn(0, vmapp(0, 0));
    source.doneOn(1, vmapp(0, 0));
    const move = ["VMOVP", { vPEID: 0, RDbase: 2, Sequence_Number: 7, ITSList: 3 }] as const;
    source.doneOn(0, move);
    const copy = copyOf(source);
    copy.done(["VSYNC", { vPEID: 0 }]);
    assert.deepEqual(copy.rules(), ["vmovp-incomplete"]);
    copy.doneOn(1, move);
    copy.done(["VSYNC", { vPEID: 0 }]);
    assert.deepEqual(copy.rules(), []);
  });

  it("has its vPE resident, with doorbell and virtual SGIs", () => {
    const source = new StrictMachine({ gicVersion: 4.1 });
    source.done(mapc(0, 0), mapd(1));
    source.done(vmapp(3, 1, { VCONF_addr: place.virtualProperty, Alloc: 1, Default_Doorbell_pINTID: 8200 }));
    source.done(vmapti(1, 0, 3, 9000), ["VSGI", { vPEID: 3, vINTID: 5, Enable: 1, Priority: 0x40, Group: 1 }]);
    source.setGicr(1, Gicr.vpendbaser, (1n << 63n) | 3n);
    source.machine.signalMsi(0, 1, 0);
    const copy = copyOf(source);
    assert.deepEqual(copy.machine.virtualInterrupt(1), { intid: 9000, priority: 0xa0, group: 1 });
    for (const strict of [source, copy]) {
      strict.machine.write(strict.machine.map.its[0] + 0x2_0020, 8, (3n << 32n) | 5n);
      assert.deepEqual(strict.machine.virtualInterrupt(1), { intid: 5, priority: 0x40, group: 1 });
    }
  });

  it("rings the default doorbell of a vPE that left asking for it", () => {
    const source = new StrictMachine({ gicVersion: 4.1 });
    source.done(mapc(0, 0), mapd(1));
    source.done(vmapp(3, 1, { VCONF_addr: place.virtualProperty, Alloc: 1, Default_Doorbell_pINTID: 8200 }));
    source.done(vmapti(1, 0, 3, 9000));
    source.setGicr(1, Gicr.vpendbaser, (1n << 63n) | 3n);
    source.setGicr(1, Gicr.vpendbaser, (1n << 62n) | 3n);
    for (const strict of [copyOf(source), source]) {
      strict.machine.signalMsi(0, 1, 0);
      assert.equal(strict.isPending(1, 8200), true);
    }
  });

  it("remarks on mappings that were in use before it was saved", () => {
    const source = new StrictMachine();
    source.done(mapc(0, 0), mapd(1), mapti(1, 0, 8192, 0));
    const copy = copyOf(source);
    copy.done(["MAPC", { ICID: 0, RDbase: 0, V: 0 }], ["MAPD", { ...mapd(1)[1], V: 0 }]);
    assert.deepEqual(copy.rules(), ["unmap-collection-with-events", "unmap-device-with-events"]);
  });
});
