import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultBases } from "../../architecture/bases.ts";
import { offsetOf, registerByName } from "../../architecture/index.ts";
import { remarkText } from "../../dumps/guests/index.ts";
import { decodeState, encodeState, loadState, type Machine, saveState } from "../../emulator/index.ts";
import { stateOfGuest } from "../../runner/saved-machines/index.ts";
import { fixture, guestOf } from "../dumps/guests/fixtures.ts";
import { kvmState } from "../dumps/guests/kvm-guest.ts";
import { kvmStream } from "../dumps/guests/kvm-stream.ts";

function machineOf(state: Parameters<typeof loadState>[0]): Machine {
  const loaded = loadState(state);
  if ("failure" in loaded) throw new Error(loaded.failure.message);
  return loaded.machine;
}

describe("a machine made of a stream of a real QEMU", () => {
  const { bytes, observed } = fixture("qemu-gicv3");
  const made = stateOfGuest(guestOf(bytes));
  assert.ok("state" in made);
  const machine = machineOf(made.state);

  test("answers the bus as that QEMU did", () => {
    const wrong: string[] = [];
    let compared = 0;
    for (const [label, value] of Object.entries(observed)) {
      const [, name, pe] = /^(GI[A-Z_]+\d*)(?:\[(\d)\])?$/.exec(label) ?? [];
      const found = name === undefined ? undefined : registerByName(name);
      if (found === undefined) continue;
      const base = name.startsWith("GICD")
        ? defaultBases.gicd
        : name.startsWith("GITS")
          ? defaultBases.its
          : defaultBases.gicr + Number(pe) * defaultBases.gicrStride;
      const width = found.register.width === 64 ? 8 : 4;
      const read = machine.read(base + offsetOf(name), width);
      compared++;
      if (read !== BigInt(value)) wrong.push(`${label}: 0x${read?.toString(16)}, QEMU ${value}`);
    }
    assert.deepEqual(wrong, []);
    assert.equal(compared, Object.keys(observed).filter((label) => label.startsWith("GI")).length);
  });

  test("has nothing that the stream has not, and says so", () => {
    assert.deepEqual(made.left, []);
    assert.equal(made.state.model, "qemu-7.2");
    assert.deepEqual(made.state.shape, {
      cpus: 2,
      gicVersion: 3,
      secure: false,
      ram: [{ base: 0x4000_0000, bytes: 0x100_0000 }],
      its: [0x808_0000],
    });
  });

  test("goes on: the PE takes the LPI that waits, and the interrupt that is active can be ended", () => {
    assert.equal(machine.lpi(9000)?.pending, true);
    assert.equal(machine.lpi(8200)?.pending, true);
    assert.equal(machine.lpi(8200)?.enabled, false);
    // SPI 36 with priority 0x70 is active, so that SPI 40 with the same one waits.
    assert.equal(machine.readSystemRegister?.(0, "ICC_RPR_EL1"), 0x0n);
    machine.writeSystemRegister?.(0, "ICC_EOIR1_EL1", 36n);
    assert.equal((machine.read(defaultBases.gicd + offsetOf("GICD_ISACTIVER1"), 4) ?? 1n) & 0x10n, 0n);
  });

  test("is saved as a file, and is the same after it", () => {
    const decoded = decodeState(encodeState(made.state).json);
    assert.ok("state" in decoded);
    assert.deepEqual(decoded.state.distributor, made.state.distributor);
    const again = saveState(machineOf(decoded.state));
    assert.ok("state" in again);
    assert.deepEqual(again.state, made.state);
  });
});

describe("a machine made of QEMU's stream of a guest of KVM", () => {
  const state = kvmState();
  const guest = guestOf(kvmStream(state));
  const made = stateOfGuest(guest, "kvm-7.2");
  assert.ok("state" in made);

  test("has the registers under the names of KVM's attributes, but for those that QEMU does not save", () => {
    assert.equal(guest.owner, "kvm");
    assert.equal(guest.layout, "kvm-rev0");
    const expected = new Map(state.distributor).set("GICD_IROUTER144", 0n);
    assert.deepEqual(made.state.distributor, expected);
    assert.deepEqual(made.state.redistributors, state.redistributors);
    assert.deepEqual(made.state.cpuInterfaces, state.cpuInterfaces);
    assert.deepEqual(made.state.itss, state.itss);
    assert.deepEqual(made.state.memory, state.memory);
  });

  test("says what is lost", () => {
    assert.deepEqual(made.left, [
      `GICD: not in the file, as at reset: GICD_IIDR, ${Array.from({ length: 11 }, (_, index) => `GICD_IROUTER${144 + index}`).join(", ")} and 133 more`,
      "PE 0: not in the file, as at reset: GICR_ICFGR0",
      "PE 1: not in the file, as at reset: GICR_ICFGR0",
    ]);
    assert.deepEqual(guest.notes.map(remarkText), [
      `offset 0x${guest.notes[0].offset?.toString(16)}: this QEMU asks KVM for GICD_IROUTER<n> at offset 0x6000 + 4 n instead of 8 n: routes of INTIDs 144 to 287 are not in the stream`,
    ]);
  });

  test("is restored, with its LPIs", () => {
    const machine = machineOf(made.state);
    assert.equal(machine.lpi(8192)?.pending, true);
    assert.deepEqual(
      [...machine.tables(0).devices()].map(({ deviceId }) => deviceId),
      [0x8, 0x10],
    );
  });
});

describe("what has no machine", () => {
  test("is a GICv2, and it is said what shows it", () => {
    const made = stateOfGuest(guestOf(fixture("qemu-gicv2").bytes));
    assert.ok("failure" in made);
    assert.match(made.failure, /gicwb decode shows its registers/);
  });

  test("of a guest with more memory than a machine takes, the tables are kept", () => {
    const { bytes } = fixture("qemu-gicv3");
    const guest = guestOf(bytes);
    // Its RAM is zero but for tables: as if each page had something.
    const memory: typeof guest.memory = {
      isEmpty: false,
      holds: (address) => guest.memory.holds(address),
      spans: (from, limit) => guest.memory.spans(from, limit),
      held: (from, limit) => guest.memory.spans(from, limit),
      read: (address, length) => {
        const found = guest.memory.read(address, length);
        return found?.every((byte) => byte === 0) ? new Uint8Array(length).fill(address < 0x4010_0000 ? 1 : 0) : found;
      },
    };
    const blocks = [{ name: "mach-virt.ram", bytes: 0x4000_0000, address: 0x4000_0000 }];
    const big = { ...memory, held: () => [{ address: 0x4000_0000, length: 0x2000_0000 }] };
    const made = stateOfGuest({
      ...guest,
      blocks,
      memory: { ...big, held: (from, limit) => (limit === 0x8000_0000 ? big.held() : guest.memory.held(from, limit)) },
    });
    assert.ok("state" in made);
    assert.match(
      made.left[0],
      /^512 MiB of memory that is not zero are more than the 256 MiB of a machine: it has the tables alone/,
    );
    assert.equal(machineOf(made.state).lpi(9000)?.pending, true);
    assert.ok(made.state.memory.every(({ address }) => address >= 0x4010_0000));
  });
});
