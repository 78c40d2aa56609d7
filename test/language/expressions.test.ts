import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { evaluate, MAX_VALUE, parseExpressionText, type Scope, type StateReader } from "../../language/index.ts";
import { operation, script } from "./scripts.ts";

/** Value of an expression, or the code of its problem. */
function value(text: string, scope: Scope = { lookup: () => undefined }): bigint | string {
  const { expression, problem } = parseExpressionText(text);
  if (problem !== undefined) return problem.code;
  const result = evaluate(expression, scope);
  return result.ok ? result.value : result.problem.code;
}

describe("numbers", () => {
  const numbers: readonly (readonly [string, bigint | string])[] = [
    ["0", 0n],
    ["007", 7n],
    ["1_000", 1000n],
    ["0xffff_FFFF", 0xffffffffn],
    ["0X1F", 31n],
    ["0b1010_0000", 0xa0n],
    ["0o777", 511n],
    ["64K", 65536n],
    ["0x10K", 16384n],
    ["16M", 16n << 20n],
    ["4G", 4n << 30n],
    ["18446744073709551615", MAX_VALUE],
    ["9007199254740993", 9007199254740993n],
    ["18446744073709551616", "ITS0108"],
    ["17179869184G", "ITS0108"],
    ["0b", "ITS0107"],
    ["_1", "ITS0408"],
  ];
  for (const [text, expected] of numbers) test(text, () => assert.equal(value(text), expected));
});

describe("operators follow C", () => {
  const expressions: readonly (readonly [string, bigint | string])[] = [
    ["1 + 2 * 3", 7n],
    ["(1 + 2) * 3", 9n],
    ["10 - 3 - 2", 5n],
    ["7 / 2", 3n],
    ["-7 / 2", -3n],
    ["-7 % 3", -1n],
    ["1 << 4 + 1", 32n],
    ["1 | 2 ^ 3 & 1", 3n],
    ["5 & 1 == 1", 1n],
    ["1 < 2 == 1", 1n],
    ["0 && 1 / 0", 0n],
    ["1 || 1 / 0", 1n],
    ["1 && 0 || 1", 1n],
    ["!5 + !0", 1n],
    ["~0", MAX_VALUE],
    ["~0 == -1", 1n],
    ["-1 < 0", 1n],
    ["~0 > 0", 1n],
    ["~0 << 12", 0xffff_ffff_ffff_f000n],
    ["-1 >> 60", 15n],
    ["- - 5", 5n],
    ["0xabcd[15:8]", 0xabn],
    ["0xabcd[0]", 1n],
    ["0xabcd[15:8][3:0]", 0xbn],
    ["(1 << 63)[63]", 1n],
    ["~0 + 1", "ITS0401"],
    ["-(~0)", "ITS0401"],
    ["~0 * ~0", "ITS0401"],
    ["1 +", "ITS0105"],
    ["1 2", "ITS0106"],
    ["()", "ITS0105"],
    ["", "ITS0105"],
  ];
  for (const [text, expected] of expressions) test(text || "nothing", () => assert.equal(value(text), expected));
});

test("random expressions agree with BigInt arithmetic", () => {
  const operators = ["+", "-", "*", "&", "|", "^"] as const;
  const tree: fc.Arbitrary<{ text: string; result: bigint }> = fc.letrec((tie) => ({
    leaf: fc.bigInt(0n, 0xffffn).map((number) => ({ text: `0x${number.toString(16)}`, result: number })),
    pair: fc
      .tuple(tie("tree"), fc.constantFrom(...operators), tie("tree"))
      .map(([a, operator, b]) => pair(a as Sum, operator, b as Sum)),
    tree: fc.oneof({ maxDepth: 4 }, tie("leaf"), tie("pair")),
  })).tree as fc.Arbitrary<Sum>;
  type Sum = { text: string; result: bigint };
  const pair = (a: Sum, operator: (typeof operators)[number], b: Sum): Sum => {
    const unsigned = (number: bigint) => BigInt.asUintN(64, number);
    const results = {
      "+": a.result + b.result,
      "-": a.result - b.result,
      "*": a.result * b.result,
      "&": unsigned(a.result) & unsigned(b.result),
      "|": unsigned(a.result) | unsigned(b.result),
      "^": unsigned(a.result) ^ unsigned(b.result),
    };
    return { text: `(${a.text} ${operator} ${b.text})`, result: results[operator] };
  };
  fc.assert(
    fc.property(tree, ({ text, result }) => {
      const got = value(text);
      if (typeof got === "bigint") assert.equal(got, result);
      else assert.equal(got, "ITS0401");
    }),
  );
});

/** A machine whose every piece of state is told by the question. */
const echo: StateReader = {
  register: ({ name, pe }) => (name === "GITS_BASER0" ? 0x8107_0000_4000_0600n : BigInt(pe)),
  memory: (address, width) => (address === 0x1000n ? BigInt(width) : { failure: "No memory there." }),
  table: (table, ids, field) => BigInt(`0x${table.length}${ids.join("")}${field === undefined ? "" : "f"}`),
  vcpu: (property, pe) => (property === "running" ? BigInt(pe) : { failure: "It writes nothing." }),
  interrupt: (property, intid, pe) =>
    property === "pending" ? BigInt(intid + (pe ?? 0)) : { failure: `${property}?` },
  largestId: () => undefined,
};

describe("state references ask the machine", () => {
  const references: readonly (readonly [string, bigint | string])[] = [
    ["GITS_BASER0.Type", 1n],
    ["gits_baser0.type", 1n],
    ["GITS_BASER0[58:56]", 1n],
    ["GITS_BASER0[63]", 1n],
    ["GITS_BASER0@0.Valid", 1n],
    ["GICR_CTLR[3]", 3n],
    ["GICR_CTLR", 0n],
    ["GICR_TYPER[1 + 1]", 2n],
    ["running[1 + 2]", 3n],
    ["writing[0]", "ITS0406"],
    ["GICR_TYPER[2][1:0]", 2n],
    ["GICR_TYPER[31:8]", 0n],
    ["mem64[0x1000] + mem8[4K]", 72n],
    ["mem64[0x2000]", "ITS0406"],
    ["dte[-1].valid", "ITS0409"],
    ["dte[0x1_0000_0000]", "ITS0409"],
    ["ite[-1, 0]", "ITS0409"],
    ["ite[1, 0x1_0000_0001]", "ITS0409"],
    ["cte[-65535]", "ITS0409"],
    ["cte[0x1_0000]", "ITS0409"],
    ["pending[-1]", "ITS0409"],
    ["pending[~0]", "ITS0409"],
    ["pending[32, -1]", "ITS0313"],
    ["priority[32, 0x1_0000_0000]", "ITS0313"],
    ["running[-1]", "ITS0313"],
    ["writing[512]", "ITS0313"],
    ["dte[1]", 0x31n],
    ["ite[1, 2]", 0x312n],
    ["ite[1, 2].pintid", 0x312fn],
    ["cte[5].valid", 0x35fn],
    ["pending[8192]", 8192n],
    ["pending[8192, 1]", 8193n],
    ["enabled[8192]", "ITS0406"],
    ["enabled[8192 1]", "ITS0105"],
    ["dte[1, 2]", "ITS0105"],
    ["ite[1]", "ITS0105"],
    ["dte", "ITS0105"],
  ];
  for (const [text, expected] of references)
    test(text, () => assert.equal(value(text, { lookup: () => undefined, state: echo }), expected));
});

test("an address field is written and read whole", () => {
  const write = operation(script("write GITS_CBASER = { Valid=1, Physical_Address=0x40010000, Size=3 }"), 0);
  assert.ok(write.kind === "write-register");
  assert.equal(write.value, 0x8000_0000_4001_0003n);
  assert.equal(write.width, 64);
});

test("a single field is a read-modify-write", () => {
  const write = operation(script("write GICR_CTLR[1].EnableLPIs = 1"), 0);
  assert.ok(write.kind === "modify-register");
  assert.deepEqual([write.location.name, write.location.pe, write.width], ["GICR_CTLR", 1, 32]);
  assert.deepEqual([write.field.name, write.raw], ["EnableLPIs", 1n]);
});

const machine: Scope = { lookup: () => undefined, state: echo };

test("an expectation keeps both sides of its comparison", () => {
  assert.deepEqual(operation(script('expect pending[3] == 4 - 2, "say \\"it\\""'), 0, machine), {
    kind: "expect",
    holds: false,
    comparison: { operator: "==", left: 3n, right: 2n },
    message: 'say "it"',
  });
  assert.deepEqual(operation(script("expect dte[1].valid && pending[3] == 3"), 0, machine), {
    kind: "expect",
    holds: true,
    message: undefined,
  });
});

describe("raw accesses and memory statements compute their numbers", () => {
  const operations: readonly (readonly [string, object])[] = [
    [
      "write32 0x08080000 = -1",
      { kind: "write-address", address: 0x0808_0000n, width: 32, pe: 0, value: 0xffff_ffffn },
    ],
    ["read64 0x08080008", { kind: "read-address", address: 0x0808_0008n, width: 64, pe: 0 }],
    ["read8 0x08080008@3", { kind: "read-address", address: 0x0808_0008n, width: 8, pe: 3 }],
    ["mem16[0x1000] = -2", { kind: "store", address: 0x1000n, width: 16, value: 0xfffen }],
    ["fill 0x1000, 64K, 0xa2", { kind: "fill", address: 0x1000n, length: 65536n, byte: 0xa2 }],
    ["read mem64[0x1000]", { kind: "show", value: 64n }],
    ["msi EventID=3, DeviceID=1 + 1", { kind: "msi", its: 0, deviceId: 2n, eventId: 3n, expected: undefined }],
    ["let x = pending[7]", { kind: "let", name: "x", value: 7n }],
    ["reset", { kind: "action", its: 0, action: "reset", expected: undefined }],
    ["save@(1 + 0)", { kind: "action", its: 1, action: "save", expected: undefined }],
  ];
  for (const [line, expected] of operations)
    test(line, () => assert.deepEqual(operation(script(line), 0, machine), expected));
});
