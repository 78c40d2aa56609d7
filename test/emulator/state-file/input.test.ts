import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decodeState, encodeState, loadState, rawFileOf, STATE_VERSION, saveState } from "../../../emulator/index.ts";
import { populate, ready } from "./machine.ts";
import { changed, throughFile } from "./saving.ts";

const machine = ready("kvm-7.2");
populate(machine);
const result = saveState(machine);
if ("failure" in result) throw new Error(result.failure.message);
const { state } = result;
const { json } = encodeState(state);

/** The problem of the file that is {@link changed}. */
function problem(path: string, value: unknown): string {
  const decoded = decodeState(changed(json, path, value));
  return "problem" in decoded ? `${decoded.problem.field} | ${decoded.problem.message}` : "accepted";
}

const refused: readonly (readonly [string, unknown, RegExp])[] = [
  ["format", "elf", /^format \| format is not "gic-workbench-state"/],
  ["format", undefined, /^format \| format is missing; it|^format \| format is missing/],
  ["version", STATE_VERSION + 1, /^version \| version is 4; this program reads up to 3\. A newer one wrote the file/],
  ["version", "1", /^version \| version is "1"; it has to be a whole number/],
  ["model", "kvm-9.9", /^model \| model names no model: "kvm-9\.9"/],
  ["version", 2, /^version \| version is 2; a machine of the model kvm-7\.2 is saved as version 1\./],
  ["model", "arch", /^version \| version is 1; a machine of the model arch is saved as version 2\./],
  ["machine.gicVersion", 4.1, /^machine\.gicVersion \| machine\.gicVersion is 4\.1; it has to be one of 2, 3\./],
  ["machine.layout", "qemu", /^machine\.layout \| machine\.layout is unknown here/],
  ["vpes", [], /^vpes \| vpes is unknown here/],
  ["machine.cpus", 0, /^machine\.cpus \| machine\.cpus is 0; it has to be a whole number from 1 to 512/],
  ["machine.cpus", 4, /^redistributors \| redistributors has 3 entries; the machine has 4 PEs/],
  ["machine.ram", {}, /^machine\.ram \| machine\.ram is an object; it has to be a list/],
  ["machine.ram.0.bytes", "0x123", /^machine\.ram\[0\]\.bytes \| .* is no multiple of 0x1000/],
  ["machine.ram.0.bytes", "0xffffffffffff000", /^machine\.ram\[0\]\.bytes \| .* is above 0x100000000/],
  ["machine.ram.0.bytes", "0x1000", /^memory\[1\]\.address \| .* lies outside the machine's RAM/],
  ["machine.secure", 1, /^machine\.secure \| machine\.secure is 1; it has to be true or false/],
  ["machine.colour", "red", /^machine\.colour \| machine\.colour is unknown here/],
  ["colour", "red", /^colour \| colour is unknown here/],
  ["distributor", null, /^distributor \| distributor is null; it has to be an object/],
  ["distributor.GICD_CTLR", 18, /^distributor\.GICD_CTLR \| .* hexadecimal text of at most 64 bits/],
  ["distributor.GICD_CTLR", "0x1ffffffffffffffff", /^distributor\.GICD_CTLR \| /],
  ["distributor.GICD_CTLR", "0x50", /^checksum \| checksum is 0x[0-9a-f]{8}, but the contents give 0x[0-9a-f]{8}/],
  ["its.0.GITS_CBASER", undefined, /^checksum \| /],
  ["its", [], /^its \| its has 0 entries; the machine has 1 ITS\./],
  ["memory", undefined, /^memory \| memory is missing/],
  ["memory.0.bytes", 5000, /^memory\[0\]\.bytes \| memory\[0\]\.bytes is 5000, no multiple of 4096/],
  ["memory.0.bytes", 8192, /^memory\[0\]\.data \| memory\[0\]\.data has 4096 bytes; "bytes" says 8192/],
  ["memory.0.data", "AAAA", /^memory\[0\]\.data \| .* has 3 bytes; "bytes" says 4096/],
  ["memory.0.data", "AA?A", /^memory\[0\]\.data \| .* is no base64 at character 2/],
  ["memory.0.data", "AAAAA", /^memory\[0\]\.data \| .* is no base64 at character 5/],
  ["memory.0.crc32", "0x00000000", /^memory\[0\]\.crc32 \| .* the memory is damaged/],
  ["memory.1.address", "0x40000000", /^memory\[1\]\.address \| .* is not above the run before it/],
  ["memory.0.address", "0x10", /^memory\[0\]\.address \| .* is no multiple of 0x1000/],
  ["checksum", "0x00000000", /^checksum \| checksum is 0x00000000, but the contents give/],
  ["checksum", undefined, /^checksum \| checksum is missing/],
];

describe("a state file with a fault is refused by the name of the field", () => {
  for (const [path, value, message] of refused) {
    it(`${path} = ${JSON.stringify(value) ?? "absent"}`, () => assert.match(problem(path, value), message));
  }

  it("a file that is cut off", () => {
    for (const length of [0, 1, 100, json.length >> 1, json.length - 3]) {
      const decoded = decodeState(json.slice(0, length));
      assert.ok("problem" in decoded);
      assert.equal(decoded.problem.field, "");
      assert.match(decoded.problem.message, /^The file is cut off or is no JSON: /);
    }
  });

  it("what is no object", () => {
    for (const text of ["null", "[]", "3", '"x"']) {
      const decoded = decodeState(text);
      assert.ok("problem" in decoded);
      assert.match(decoded.problem.message, /^The file is .*; it has to be an object\.$/);
    }
  });

  it("the message about an edited file says which checksum accepts the edit", () => {
    const file = JSON.parse(json) as { distributor: Record<string, string>; checksum: string };
    file.distributor.GICD_CTLR = "0x50";
    const first = decodeState(JSON.stringify(file));
    assert.ok("problem" in first);
    file.checksum = /write (0x[0-9a-f]{8}) here/.exec(first.problem.message)?.[1] ?? "";
    const second = decodeState(JSON.stringify(file));
    assert.ok("state" in second);
    assert.equal(second.state.distributor.get("GICD_CTLR"), 0x50n);
  });

  it("any change of any value: refused with the name of a field, or taken and written again as it is", () => {
    const paths: string[] = [];
    const walk = (value: unknown, path: string): void => {
      if (paths.length > 3000) return;
      if (path !== "") paths.push(path.slice(1));
      if (typeof value === "object" && value !== null) {
        for (const [name, below] of Object.entries(value)) walk(below, `${path}.${name}`);
      }
    };
    walk(JSON.parse(json), "");
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        const decoded = decodeState(changed(json, path, value));
        if ("problem" in decoded) {
          const { field, message } = decoded.problem;
          assert.ok(field !== "" && message.includes(field), `${field} | ${message}`);
        } else assert.deepEqual(throughFile(decoded.state), decoded.state);
      }),
      { numRuns: 300 },
    );
  });
});

describe("a state file", () => {
  it("of a KVM or QEMU model has what programs that know version 1 alone can read, and no more", () => {
    for (const model of ["kvm-6.1", "qemu-7.2"] as const) {
      const other = saveState(ready(model));
      assert.ok("state" in other);
      const file = JSON.parse(encodeState(other.state).json) as Record<string, Record<string, unknown>>;
      assert.equal(file.version, 1);
      assert.deepEqual(
        Object.keys(file).join(" "),
        "format version model machine distributor redistributors cpuInterfaces its memory checksum",
      );
      assert.deepEqual(Object.keys(file.machine).join(" "), "cpus gicVersion secure ram its");
    }
  });

  it("does not depend on white space", () => {
    const decoded = decodeState(JSON.stringify(JSON.parse(json), null, 4));
    assert.ok("state" in decoded);
    assert.equal(encodeState(decoded.state).json, json);
  });

  it("holds every 64-bit value", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (value) => {
        const decoded = decodeState(encodeState({ ...state, distributor: new Map([["GICD_CTLR", value]]) }).json);
        assert.ok("state" in decoded);
        assert.equal(decoded.state.distributor.get("GICD_CTLR"), value);
      }),
      { numRuns: 50 },
    );
  });

  it("holds any bytes of memory", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4096, maxLength: 4096 }), (bytes) => {
        const decoded = decodeState(encodeState({ ...state, memory: [{ address: 0x4000_0000, bytes }] }).json);
        assert.ok("state" in decoded);
        assert.deepEqual(decoded.state.memory[0].bytes, bytes);
      }),
      { numRuns: 10 },
    );
  });

  it("may have its memory beside it", () => {
    const { json: header, raw } = encodeState(state, "guest.bin");
    assert.ok(raw !== undefined && header.length < json.length);
    assert.equal(rawFileOf(header), "guest.bin");
    assert.equal(rawFileOf(json), undefined);
    const decoded = decodeState(header, raw);
    assert.ok("state" in decoded);
    assert.equal(encodeState(decoded.state).json, json);
    const missing = decodeState(header);
    assert.ok(
      "problem" in missing && missing.problem.message === 'memory[0].offset is in "guest.bin", which is missing.',
    );
    const short = decodeState(header, raw.subarray(0, raw.length - 1));
    assert.ok("problem" in short && /^memory\[\d+\]\.offset: bytes .*: it is cut off\.$/.test(short.problem.message));
    const damaged = decodeState(
      header,
      raw.map((byte, index) => (index === 5 ? byte ^ 1 : byte)),
    );
    assert.ok("problem" in damaged && damaged.problem.field === "memory[0].crc32");
  });

  it("loads into a new machine and leaves the present one alone", () => {
    const before = encodeState(state).json;
    const broken = loadState({ ...state, itss: [new Map([...state.itss[0], ["GITS_CREADR", 0xffff_ffffn]])] });
    assert.ok("failure" in broken);
    const again = saveState(machine);
    assert.ok("state" in again);
    assert.equal(encodeState(again.state).json, before);
  });
});
