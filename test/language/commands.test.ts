import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { commands } from "../../architecture/index.ts";
import { commandBytes, disassemble, disassembleBytes, operationOf } from "../../language/index.ts";
import { operation, problems, script } from "./scripts.ts";

/** Words of a line's constant command in hexadecimal. */
function words(line: string, ...above: string[]): string[] | undefined {
  const document = script(...above, line);
  assert.deepEqual(problems(document), []);
  const statement = document.lines[above.length].statement;
  return statement?.kind === "command" || statement?.kind === "raw"
    ? statement.words?.map((word) => word.toString(16))
    : undefined;
}

describe("commands become the words that Linux and QEMU encode", () => {
  const encodings: readonly (readonly [string, string])[] = [
    ["MAPD DeviceID=0x10, Size=7, ITT_addr=0x40400000, V=1", "1000000008 7 8000000040400000 0"],
    ["MAPD DeviceID=0x10, Size=7, ITT_addr=0x40400000", "1000000008 7 8000000040400000 0"],
    ["MAPD DeviceID=0x10, V=0", "1000000008 0 0 0"],
    ["MAPC ICID=3, RDbase=3", "9 0 8000000000030003 0"],
    ["MAPTI DeviceID=2, EventID=20, pINTID=8195, ICID=3", "20000000a 200300000014 3 0"],
    ["MAPVI DeviceID=2, EventID=20, pINTID=8195, ICID=3", "20000000a 200300000014 3 0"],
    ["MAPI DeviceID=2, EventID=8200, ICID=3", "20000000b 2008 3 0"],
    ["MOVI DeviceID=2, EventID=20, ICID=2", "200000001 14 2 0"],
    ["MOVALL RDbase1=3, RDbase2=2", "e 0 30000 20000"],
    ["INV DeviceID=2, EventID=20", "20000000c 14 0 0"],
    ["INVALL ICID=3", "d 0 3 0"],
    ["INT DeviceID=2, EventID=20", "200000003 14 0 0"],
    ["CLEAR DeviceID=2, EventID=20", "200000004 14 0 0"],
    ["DISCARD DeviceID=2, EventID=20", "20000000f 14 0 0"],
    ["SYNC RDbase=3", "5 0 30000 0"],
    ["sync rdBASE=3", "5 0 30000 0"],
    ["VMAPTI DeviceID=2, EventID=20, vPEID=0x12, vINTID=8500", "20000002a 1200000014 3ff00002134 0"],
    ["VSGI vPEID=0x12, vINTID=5, Priority=0xa0, Group=1, Enable=1", "500a00523 1200000000 0 0"],
    ["raw 0x5, 0, 0x30000, ~0", "5 0 30000 ffffffffffffffff"],
  ];
  for (const [line, expected] of encodings) test(line, () => assert.equal(words(line)?.join(" "), expected));
});

test("constant names are folded into the words", () => {
  assert.deepEqual(words("MAPI DeviceID=nic, EventID=first + 1, ICID=0", "let nic = 2", "let first = 8K"), [
    "20000000b",
    "2001",
    "0",
    "0",
  ]);
});

test("a command over state has its words when it runs", () => {
  const document = script("let last = GITS_CREADR", "MAPI DeviceID=2, EventID=last >> 5, ICID=0");
  const statement = document.lines[1].statement;
  assert.ok(statement?.kind === "command");
  assert.equal(statement.words, undefined);
  const queued = operation(document, 1, { lookup: () => 0x40n });
  assert.ok(queued.kind === "command");
  assert.deepEqual(queued.words, [0x2_0000_000bn, 2n, 0n, 0n]);
});

test("a value that turns out not to fit is reported when it runs, at its place", () => {
  const document = script("let last = GITS_CREADR", "INVALL ICID=last");
  const statement = document.lines[1].statement;
  assert.ok(statement?.kind === "command");
  const problem = operationOf(statement, { lookup: () => 0x1_0000n });
  assert.ok("code" in problem);
  assert.deepEqual([problem.code, problem.start, problem.length], ["ITS0306", 12, 4]);
});

test("MAPD whose V is known only later may leave Size out, until V is 1", () => {
  const document = script("let v = GITS_CTLR.Enabled", "MAPD DeviceID=2, V=v");
  assert.deepEqual(problems(document), []);
  const statement = document.lines[1].statement;
  assert.ok(statement?.kind === "command");
  assert.ok("words" in operationOf(statement, { lookup: () => 0n }));
  const problem = operationOf(statement, { lookup: () => 1n });
  assert.equal("code" in problem ? problem.code : "", "ITS0304");
});

test("outcomes are done, ignored, stalled, a command error by name or number, an errno", () => {
  const expected = (line: string) => {
    const statement = script(line).lines[0].statement;
    return statement !== undefined && "expected" in statement ? statement.expected : undefined;
  };
  assert.deepEqual(expected("SYNC RDbase=0"), undefined);
  assert.deepEqual(expected("SYNC RDbase=0 => done"), { kind: "done" });
  assert.deepEqual(expected("SYNC RDbase=0=>stalled"), { kind: "stalled" });
  const error = { kind: "error", code: 0x010a05, name: "MAPTI_ID_OOR" };
  assert.deepEqual(expected("SYNC RDbase=0 => MAPTI_ID_OOR"), error);
  assert.deepEqual(expected("SYNC RDbase=0 => E_ITS_MAPTI_ID_OOR"), error);
  assert.deepEqual(expected("SYNC RDbase=0 => 0x10a05"), error);
  assert.deepEqual(expected("msi DeviceID=1, EventID=0 => ignored"), { kind: "ignored" });
  assert.deepEqual(expected("restore => EINVAL"), { kind: "errno", errno: 22, name: "EINVAL" });
});

test("every command of the architecture parses, and disassembles to a line that queues the same words", () => {
  for (const { name, fields } of commands) {
    const list = fields.map((field, index) => `${field.name}=${field.shift === undefined ? index % 2 : 0}`);
    const line = `${name} ${list.join(", ")}`;
    const encoded = words(line)?.map((word) => BigInt(`0x${word}`));
    assert.ok(encoded, line);
    const [a, b, c, d] = encoded;
    assert.deepEqual(words(disassemble([a, b, c, d])), words(line), line);
  }
});

test("words that no command has come back as raw, unchanged", () => {
  const packet = [0xffn, 0n, 1n << 63n, 5n] as const;
  assert.equal(disassemble(packet), "raw 0xff, 0x0, 0x8000000000000000, 0x5");
  const reserved = [0x5n, 1n, 0x3_0000n, 0n] as const;
  assert.match(disassemble(reserved), /^raw 0x5, 0x1, 0x30000, 0x0 {2}# SYNC RDbase=3; RES0 bits set: DW1 0x1$/);
  assert.deepEqual(words(disassemble(reserved)), ["5", "1", "30000", "0"]);
});

test("a queue in bytes is disassembled command by command", () => {
  const bytes = new Uint8Array(70);
  bytes.set(commandBytes([0x5n, 0n, 0x3_0000n, 0n]), 0);
  bytes.set(commandBytes([0xdn, 0n, 3n, 0n]), 32);
  assert.deepEqual(disassembleBytes(bytes), ["SYNC RDbase=3", "INVALL ICID=3"]);
});
