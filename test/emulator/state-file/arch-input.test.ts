import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decodeState, encodeState, loadState, type RegisterValues, type SavedState } from "../../../emulator/index.ts";
import { Gicr, mapc, mapd, mapti, StrictMachine, vmapp, vmapti } from "../arch/machine.ts";
import { run } from "../arch/runs.ts";
import { changed, saved, throughFile } from "./saving.ts";

/** A machine that has something of all that can be saved. */
function full(): StrictMachine {
  const strict = new StrictMachine({ gicVersion: 4.1, singleVmovp: false, its: [0x0801_0000, 0x0805_0000] });
  strict.done(mapc(0, 0), mapd(1), mapd(2), mapti(1, 0, 8192, 0), vmapp(0, 0, { Alloc: 1 }), vmapp(2, 1, { Alloc: 1 }));
  strict.done(vmapti(2, 3, 0, 9000));
  strict.doneOn(1, mapd(3), vmapp(0, 0));
  for (const sequence of [4, 9]) {
    strict.done(["VMOVP", { vPEID: 0, RDbase: 2, Sequence_Number: sequence, ITSList: 3 }]);
  }
  strict.setGicr(0, Gicr.vpendbaser, 1n << 63n);
  return strict;
}

const state = throughFile(saved(full().machine));
const { json } = encodeState(state);

function failure(edit: Partial<SavedState>): string {
  const result = loadState({ ...state, ...edit });
  return "failure" in result ? result.failure.message : "loaded";
}

/** Every list of registers, with its place and a state in which it is another. */
const lists: readonly (readonly [string, RegisterValues, (values: RegisterValues) => Partial<SavedState>])[] = [
  ["distributor", state.distributor, (distributor) => ({ distributor })],
  ...units("redistributors", state.redistributors, (redistributors) => ({ redistributors })),
  ...units("cpuInterfaces", state.cpuInterfaces, (cpuInterfaces) => ({ cpuInterfaces })),
  ...units("its", state.itss, (itss) => ({ itss })),
  ...units("vpes", state.vpes ?? [], (vpes) => ({ vpes })),
  ...units("vmovps", state.vmovps ?? [], (vmovps) => ({ vmovps })),
  ...(state.mapped ?? []).flatMap((devices, its) =>
    units(`mapped[${its}]`, devices, (changed) => ({ mapped: (state.mapped ?? []).with(its, changed) })),
  ),
];

function units(
  place: string,
  list: readonly RegisterValues[],
  edit: (list: readonly RegisterValues[]) => Partial<SavedState>,
) {
  return list.map(
    (values, unit) =>
      [`${place}[${unit}]`, values, (changed: RegisterValues) => edit(list.with(unit, changed))] as const,
  );
}

/** Names of events are what commands have mapped: one that is missing is one that was not mapped. */
const mayBeMissing = (name: string): boolean => name.includes("EventID 0x");

describe("a state of arch is refused by the name of the field when", () => {
  for (const [place, values, edit] of lists) {
    it(`one of ${place} is missing, too wide or unknown`, () => {
      for (const name of values.keys()) {
        const without = new Map(values);
        without.delete(name);
        const told = failure(edit(without));
        if (mayBeMissing(name)) assert.equal(told, "loaded");
        else assert.ok(told.startsWith(`${place}.${name} is missing`), `${name}: ${told}`);
        const wide = failure(edit(new Map(values).set(name, 1n << 64n)));
        assert.ok(wide.startsWith(`${place}.${name} is 0x1${"0".repeat(16)}`), `${name}: ${wide}`);
      }
      const strange = failure(edit(new Map(values).set("GITS_FOO", 1n)));
      assert.ok(strange.startsWith(`${place}.GITS_FOO is `), strange);
    });
  }
});

const damaged: readonly (readonly [string, string, bigint])[] = [
  ["cpuInterfaces[1]", "highest pending INTID", 5000n],
  ["cpuInterfaces[1]", "highest pending group", 3n],
  ["redistributors[0]", "highest pending LPI INTID", 0x1_0000n],
  ["redistributors[0]", "highest pending LPI priority", 0x100n],
  ["redistributors[0]", "GICR_VPENDBASER", 1n << 60n],
  ["redistributors[0]", "resident vINTID bits", 17n],
  ["its[0]", "GITS_CTLR", 0x10n],
  ["its[0]", "GITS_CREADR", 0x1_0000n],
  ["its[0]", "GITS_CREADR", 0x2n],
  ["its[0]", "GITS_CBASER", 0x100n],
  ["its[0]", "GITS_BASER0", 1n << 63n],
  ["its[0]", "GITS_BASER5", 1n],
  ["its[0]", "GITS_STATUSR", 1n],
  ["vpes[0]", "vPEID", 0x1_0000n],
  ["vpes[1]", "vPEID", 0n],
  ["vpes[0]", "ITSs", 4n],
  ["vpes[0]", "VCONF_addr", 1n << 52n],
  ["vpes[0]", "Default_Doorbell_pINTID", 5n],
  ["vpes[0]", "vSGIs 4 to 7", 4n],
  ["vmovps[0]", "ITSList", 7n],
  ["vmovps[0]", "RDbase", 3n],
  ["vmovps[0]", "taken by", 3n],
  ["vmovps[0]", "taken by", 0n],
  ["vmovps[1]", "Sequence_Number", 4n],
  ["mapped[0][0]", "EventID bits", 0n],
  ["mapped[0][0]", "EventID bits", 17n],
  ["mapped[0][1]", "DeviceID", 1n],
  ["mapped[0][0]", "ICID of EventID 0x20", 0n],
  ["mapped[0][0]", "vPEID of EventID 0x0", 0n],
  ["mapped[0][0]", "ICID of EventID 0x0", 0x1_0000n],
];

describe("a state of arch with a value that no machine has is refused by its name:", () => {
  for (const [place, name, value] of damaged) {
    it(`${place}.${name} = 0x${value.toString(16)}`, () => {
      const [, values, edit] = lists.find((list) => list[0] === place) ?? assert.fail(place);
      const told = failure(edit(new Map(values).set(name, value)));
      assert.ok(told.startsWith(`${place}.${name} is 0x${value.toString(16)}`), told);
    });
  }

  it("vPEs, VMOVPs and virtual events of a machine without them", () => {
    const plain = throughFile(saved(new StrictMachine().machine));
    const refusal = (edit: Partial<SavedState>): string => {
      const result = loadState({ ...plain, ...edit });
      return "failure" in result ? result.failure.message : "loaded";
    };
    assert.equal(refusal({ vpes: state.vpes ?? [] }), "vpes[0] is there, but a GICv3 has no vPEs");
    assert.match(refusal({ vmovps: state.vmovps ?? [] }), /^vmovps\[0\] is there, but no VMOVP waits/);
    const device = new Map([
      ["DeviceID", 1n],
      ["EventID bits", 1n],
      ["vPEID of EventID 0x0", 0n],
    ]);
    assert.match(refusal({ mapped: [[device]] }), /^mapped\[0\]\[0\]\.vPEID of EventID 0x0 is 0x0: /);
  });

  it("a layout that has no vPE table", () => {
    assert.match(failure({ shape: { ...state.shape, layout: "kvm-rev0" } }), /layout kvm-rev0 has no vPE table/);
  });
});

/** The problem of the file that is {@link changed}. */
function problem(path: string, value: unknown): string {
  const decoded = decodeState(changed(json, path, value));
  return "problem" in decoded ? decoded.problem.message : "accepted";
}

const refused: readonly (readonly [string, unknown, RegExp])[] = [
  ["version", 1, /^version is 1; a machine of the model arch is saved as version 2\.$/],
  ["model", "qemu-7.2", /^version is 2; a machine of the model qemu-7\.2 is saved as version 1\.$/],
  ["machine.gicVersion", 4.2, /^machine\.gicVersion is 4\.2; it has to be one of 3, 4, 4\.1\.$/],
  ["machine.layout", "elf", /^machine\.layout is "elf"; it has to be one of kvm-rev0, qemu, gem5, xen\.$/],
  ["machine.layout", undefined, /^machine\.layout is missing\.$/],
  ["machine.systemErrors", "no", /^machine\.systemErrors is "no"; it has to be true or false\.$/],
  ["machine.singleVmovp", undefined, /^machine\.singleVmovp is missing\.$/],
  ["vpes", undefined, /^vpes is missing\.$/],
  ["vpes", {}, /^vpes is an object; it has to be a list\.$/],
  ["vpes.0.ITSs", 1, /^vpes\[0\]\.ITSs is 1; it has to be hexadecimal text/],
  ["vmovps", undefined, /^vmovps is missing\.$/],
  ["vmovps.0", 3, /^vmovps\[0\] is 3; it has to be an object\.$/],
  ["mapped", undefined, /^mapped is missing\.$/],
  ["mapped", [], /^mapped has 0 entries; the machine has 2 ITSs\.$/],
  ["mapped.0", {}, /^mapped\[0\] is an object; it has to be a list\.$/],
  ["mapped.0.0.DeviceID", "1", /^mapped\[0\]\[0\]\.DeviceID is "1"; it has to be hexadecimal text/],
  ["mapped.1.0.DeviceID", "0x2", /^checksum is /],
  ["machine.layout", "xen", /^checksum is /],
];

describe("a state file of arch with a fault is refused by the name of the field", () => {
  for (const [path, value, message] of refused) {
    it(`${path} = ${JSON.stringify(value) ?? "absent"}`, () => assert.match(problem(path, value), message));
  }
});

describe("a state of arch with any values", () => {
  it("is refused, or is a machine that runs", () => {
    const word = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
    const flips = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.oneof(word, fc.nat(64).map(BigInt))), {
      minLength: 1,
      maxLength: 4,
    });
    let loadedOnes = 0;
    fc.assert(
      fc.property(flips, run, (edits, acts) => {
        let changed: SavedState = state;
        for (const [list, field, value] of edits) {
          const [, values, edit] = lists[list % lists.length];
          const name = [...values.keys()][field % values.size];
          changed = { ...changed, ...edit(new Map(values).set(name, BigInt.asUintN(field % 2 ? 32 : 64, value))) };
        }
        const result = loadState(changed);
        if ("failure" in result) return;
        loadedOnes++;
        const strict = new StrictMachine({}, result.machine);
        const mark = strict.machine.journal.mark();
        for (const act of acts) act(strict);
        assert.equal(strict.machine.journal.rewind(mark), true);
      }),
      { numRuns: 150 },
    );
    assert.ok(loadedOnes > 10, `${loadedOnes} of them were machines`);
  });
});
