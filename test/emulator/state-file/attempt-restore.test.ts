import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { attemptRestore, type SavedState, saveState } from "../../../emulator/index.ts";
import type { FoundEntry } from "../../../emulator/kvm/its/restore-refusal.ts";
import { at, mapc, mapd, mapti, ready, submit } from "./machine.ts";

/** A guest with two devices; one event of the first is EventID 4, one 6. */
function saved(): SavedState {
  const machine = ready("kvm-7.2");
  submit(machine, [mapc(0, 0), mapc(2, 2), mapd(1), mapd(3), mapti(1, 4, 2), mapti(1, 6, 0), mapti(3, 1, 0)]);
  const result = saveState(machine);
  assert.ok("state" in result);
  return result.state;
}

/** The state with a word of its memory changed. */
function damaged(state: SavedState, address: number, word: bigint): SavedState {
  const memory = state.memory.map((run) => ({ ...run, bytes: run.bytes.slice() }));
  const run = memory.find((part) => part.address <= address && address < part.address + part.bytes.length);
  assert.ok(run !== undefined);
  new DataView(run.bytes.buffer).setBigUint64(address - run.address, word, true);
  return { ...state, memory };
}

describe("attemptRestore", () => {
  it("shows the walk: entries that it stops at, from where it looked for them, and where a table ends", () => {
    const seen: string[] = [];
    const note = ({ table, id, address, passedFrom }: FoundEntry): void => {
      seen.push(`${table} ${id} ${(address - passedFrom) / 8}`);
    };
    const attempt = attemptRestore(saved(), () => ({
      met: note,
      ended: (table, from, to) => seen.push(`${table} ends ${(to - from) / 8}`),
    }));
    assert.ok("machine" in attempt);
    assert.deepEqual(attempt.itss, [{ errno: 0, fault: undefined }]);
    assert.deepEqual(seen, [
      "collection table 0 0",
      "collection table 0 0",
      "collection table ends 1",
      "device table 1 1",
      "ITT 4 4",
      "ITT 6 0",
      "device table 3 0",
      "ITT 1 1",
    ]);
    assert.deepEqual(
      [...attempt.machine.tables(0).devices()].map(({ deviceId }) => deviceId),
      [1, 3],
    );
  });

  it("answers the kernel's errno, with the entry as data", () => {
    const attempt = attemptRestore(damaged(saved(), at.collectionTable + 8, 0x8000_0000_0009_0002n));
    assert.ok("machine" in attempt);
    const [{ errno, fault }] = attempt.itss;
    assert.deepEqual(
      [errno, fault?.check, fault?.field, fault?.unreadable],
      [22, "RDbase is a PE", "RDbase", undefined],
    );
  });

  it("says which address is not RAM", () => {
    const attempt = attemptRestore(damaged(saved(), at.deviceTable + 24, 0x8000_0000_0000_0004n));
    assert.ok("machine" in attempt);
    const [{ errno, fault }] = attempt.itss;
    assert.deepEqual([errno, fault?.check, fault?.unreadable], [14, "the entry is in RAM", 0]);
  });

  it("stops at a register that the kernel refuses", () => {
    const state = saved();
    const attempt = attemptRestore({ ...state, itss: [new Map([...state.itss[0], ["GITS_IIDR", 0x4b00_143bn]])] });
    assert.ok("machine" in attempt);
    assert.deepEqual([attempt.refused?.step, attempt.refused?.errno, attempt.itss], ["GITS_IIDR", 22, []]);
  });
});
