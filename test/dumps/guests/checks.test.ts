import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openCapture, walkCapture } from "../../../dumps/captures/index.ts";
import { checkGuest, findingText, type GuestWrite, type SavedGuest } from "../../../dumps/guests/index.ts";
import { finish } from "../../../dumps/work.ts";
import { fixture, guestOf } from "./fixtures.ts";
import { kvmState } from "./kvm-guest.ts";
import { cloudHypervisorState, firecrackerText, memoryFile } from "./vmm-files.ts";

const state = kvmState();
const memory = memoryFile(state);

function findings(guest: SavedGuest): string[] {
  const capture = openCapture([{ name: "state", content: { guest } }]);
  return checkGuest(guest, capture, finish(walkCapture(capture))).map(findingText);
}

test("sound guests have no findings", () => {
  for (const guest of [
    guestOf(fixture("qemu-gicv3").bytes),
    guestOf(fixture("qemu-gicv2").bytes),
    guestOf(cloudHypervisorState(state), memory),
    guestOf(firecrackerText(state, 8), memory),
  ])
    assert.deepEqual(findings(guest), []);
});

describe("a saved guest", () => {
  test("whose vCPUs all have the registers of the first one loses LPIs", () => {
    const guest = guestOf(
      cloudHypervisorState(state, (gic) => {
        const words = gic.rdist as number[];
        gic.rdist = [...words.slice(0, 7), ...words.slice(0, 7), ...words.slice(14, 31), ...words.slice(14, 31)];
      }),
      memory,
    );
    const [table] = guest.redistributors.map((registers) => (registers.get("GICR_PENDBASER") ?? 0n) & ~0xffffn);
    assert.deepEqual(checkGuest(guest), [
      { code: "shared-pending-table", pes: [0, 1], address: Number(table & 0xf_ffff_ffff_ffffn) },
    ]);
    assert.match(findings(guest)[0], /^PEs 0, 1 have the LPI pending table at 0x[0-9a-f]+ in common while their LPIs/);
  });

  test("with LPIs disabled may have one table", () => {
    const guest = guestOf(
      cloudHypervisorState(state, (gic) => {
        const words = gic.rdist as number[];
        const control = [...words.slice(0, 6), 0];
        gic.rdist = [...control, ...control, ...words.slice(14)];
      }),
      memory,
    );
    assert.deepEqual(checkGuest(guest), []);
  });

  test("whose tables are not in its memory is told which", () => {
    const small = { ...state, shape: { ...state.shape, ram: [{ base: 0x4000_0000, bytes: 0x30_0100 }] } };
    const guest = guestOf(cloudHypervisorState(small), memory.subarray(0, 0x30_0100));
    assert.deepEqual(findings(guest), [
      "the ITT of DeviceID 0x10, 0x40300400, 64 bytes, is not in the memory that was saved",
    ]);
    const none = { ...state, shape: { ...state.shape, ram: [{ base: 0x8000_0000, bytes: 0x1000 }] } };
    assert.deepEqual(
      findings(guestOf(cloudHypervisorState(none), memory)).map((text) => text.split(",")[0]),
      [
        "the device table",
        "the collection table",
        "the command queue of ITS 0",
        ...[0, 1].flatMap((pe) => [`the LPI configuration table of PE ${pe}`, `the LPI pending table of PE ${pe}`]),
      ],
    );
  });

  test("that is restored in an order that undoes it is told what is lost", () => {
    const write = (unit: string, name: string, value: bigint): GuestWrite => ({ unit, name, value });
    const guest = {
      ...guestOf(cloudHypervisorState(state), memory),
      writes: [
        write("GICD", "GICD_ISENABLER1", 0xfn),
        write("GICD", "GICD_ICENABLER1", 0x3n),
        write("PE 0", "GICR_ICENABLER0", 0x1n),
        write("PE 0", "GICR_ISENABLER0", 0x1n),
        write("PE 1", "GICR_ISENABLER0", 0x1n),
        write("PE 1", "GICR_CTLR", 1n),
        write("PE 1", "GICR_PENDBASER", 0x4000_0000n),
      ],
    };
    assert.deepEqual(checkGuest(guest), [
      {
        code: "cleared-after-set",
        unit: "GICD",
        set: "GICD_ISENABLER1",
        clear: "GICD_ICENABLER1",
        intids: [32, 33],
      },
      { code: "halves-differ", unit: "GICD", set: "GICD_ISENABLER1", clear: "GICD_ICENABLER1", intids: [34, 35] },
      { code: "enabled-before-base", unit: "PE 1", register: "GICR_PENDBASER" },
    ]);
  });

  test("whose halves differ, as no kernel reads them, is told where", () => {
    const guest = guestOf(
      cloudHypervisorState(state, (gic) => {
        const words = [...(gic.dist as number[])];
        words[2] ^= 0x10;
        gic.dist = words;
      }),
      memory,
    );
    assert.deepEqual(findings(guest), [
      "GICD: GICD_ISENABLER2 and GICD_ICENABLER2 show the same bits, but have other values: INTIDs 68",
    ]);
  });
});
