import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { encodeState, saveState } from "../../emulator/index.ts";
import { machineOfScript } from "../../runner/saved-machines/index.ts";
import { stateDumpOf } from "../../server/state-dump.ts";
import { mapped } from "./kit.ts";

const made = machineOfScript(mapped);
assert.ok("machine" in made);
const saved = saveState(made.machine);
assert.ok("state" in saved);
const { state } = saved;
const { json } = encodeState(state);
const beside = encodeState(state, "guest.bin");
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

describe("the request for the dump of a saved machine", () => {
  it("is answered with the tables", () => {
    const answer = stateDumpOf({ text: json });
    assert.ok("dump" in answer);
    assert.match(answer.dump, /\n# gic: table=itt layout=kvm-rev0 base=0x40400000 device-id=0x10 event-bits=5\n/);
  });

  it("asks for the memory beside the file, and takes it", () => {
    assert.deepEqual(stateDumpOf({ text: beside.json }), { memoryFile: "guest.bin" });
    const raw = base64(beside.raw ?? new Uint8Array());
    assert.deepEqual(stateDumpOf({ text: beside.json, raw }), stateDumpOf({ text: json }));
  });

  for (const [what, params, refusal] of [
    ["no text", {}, /no text/],
    ["nothing", null, /no text/],
    ["another type", { text: 5 as unknown as string }, /no text/],
    [
      "a newer version",
      { text: json.replace('"version": 1', '"version": 7') },
      /^version is 7; this program reads up to 3\./,
    ],
    ["a text that is cut off", { text: json.slice(0, 999) }, /cut off or is no JSON/],
    [
      "a wrong checksum",
      { text: json.replace(/"checksum": ".*"/, '"checksum": "0x1"') },
      /^checksum is 0x1, but the contents give/,
    ],
    ["another JSON", { text: "{}" }, /^format is missing\. A saved machine has "format": "gic-workbench-state"\./],
    [
      "a name that leads elsewhere",
      { text: beside.json.replace("guest.bin", "../guest.bin") },
      /memoryFile is "\.\.\/guest\.bin", which is not beside it/,
    ],
    ["a name with a drive", { text: beside.json.replace("guest.bin", "C:x") }, /which is not beside it/],
    [
      "memory that is cut off",
      { text: beside.json, raw: base64(new Uint8Array(9)) },
      /"guest\.bin", which has 9: it is cut off/,
    ],
    ["memory that is no base64", { text: beside.json, raw: "?" }, /"guest\.bin", which is missing/],
  ] as const) {
    it(`refuses ${what} with a sentence`, () => {
      const answer = stateDumpOf(params);
      assert.ok("refusal" in answer);
      assert.match(answer.refusal, refusal);
    });
  }
});
