import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findingSentence } from "../../dumps/checks/index.ts";
import type { SavedState } from "../../emulator/index.ts";
import { capturesOf } from "../../runner/saved-machines/index.ts";
import { judgeTables, toldRules, type Verdict } from "../../runner/verdict/index.ts";
import { at, cte, dte, GuestCapture, ite, tablesOf } from "../dumps/guest-capture.ts";
import { savedState } from "./guest-state.ts";

/** Tables of a second ITS. */
const second = { collections: 0x4005_0000, devices: 0x4014_0000, itt: 0x4015_0000 };

function twoItss(intid: number): SavedState {
  const guest = new GuestCapture();
  guest.word(second.collections, cte(0, 1)).word(second.devices + 8, dte(second.itt, 2, 0));
  guest.word(second.itt + 8, ite(intid, 0, 0)).byte(at.properties + intid - 8192, 0xa1);
  const state = savedState(guest, "kvm-7.2");
  const registers = new Map([
    ["GITS_IIDR", 0x4b00_043bn],
    ["GITS_BASER0", 0xb107_0000_0000_0200n | BigInt(second.devices)],
    ["GITS_BASER1", 0xb407_0000_0000_0200n | BigInt(second.collections)],
  ]);
  const shape = { ...state.shape, its: [0x808_0000, 0x90a_0000] };
  return { ...state, shape, itss: [...state.itss, registers] };
}

function judged(state: SavedState): Verdict {
  return judgeTables(capturesOf(state, "guest.json").map(tablesOf), ["kvm-7.2", "kvm-7.3"]);
}

describe("a saved machine with two ITSs", () => {
  it("has the tables of each, which one guest restores", () => {
    const verdict = judged(twoItss(8200));
    assert.deepEqual(
      verdict.itss.map(({ report }) => report.devices.map(({ deviceId }) => deviceId)),
      [[8, 12, 20], [1]],
    );
    assert.deepEqual(
      verdict.models.map(({ answer, restored }) => [answer, restored]),
      Array.from({ length: 2 }, () => ["restored", { devices: 4, events: 6, collections: 3 }]),
    );
    assert.deepEqual(toldRules(verdict), []);
  });

  it("shares LPIs: one that both map is told, and Linux 7.3 drops the second event", () => {
    const verdict = judged(twoItss(8192));
    assert.deepEqual(
      verdict.models.map(({ restored, droppedCount }) => [restored?.events, droppedCount]),
      [
        [6, 0],
        [5, 1],
      ],
    );
    const [{ rule, findings }] = toldRules(verdict);
    assert.equal(rule, "L-29-lpi-twice");
    assert.match(
      findingSentence(findings[0].finding),
      /^ITT's entry of DeviceID 0x1, EventID 0x1 at 0x40150008 .* DeviceID 0x8, /,
    );
  });

  it("has the register of each looked at, where one does not say where its collections are", () => {
    const state = twoItss(8200);
    const [first, other] = state.itss;
    const registers = new Map([...other].filter(([name]) => name !== "GITS_BASER1"));
    const { models, assumptions } = judged({ ...state, itss: [first, registers] });
    assert.deepEqual(assumptions, [{ kind: "no table", table: "collection" }]);
    assert.deepEqual(
      models.map(({ answer, restored }) => [answer, restored?.events]),
      [
        ["restored", 6],
        ["restored", 6],
      ],
    );
  });

  it("is refused as a whole when one of them is, and the ITS is named", () => {
    const state = twoItss(8200);
    const bytes = state.memory[0].bytes.slice();
    new DataView(bytes.buffer).setBigUint64(second.collections - at.ram, cte(0, 9), true);
    const verdict = judged({ ...state, memory: [{ address: at.ram, bytes }] });
    const [{ answer, refusal }] = verdict.models;
    assert.deepEqual(
      [answer, refusal?.kind, refusal?.errno, refusal?.kind === "entry" && refusal.its],
      ["refused", "entry", 22, 1],
    );
  });
});
