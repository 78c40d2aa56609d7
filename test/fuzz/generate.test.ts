import assert from "node:assert/strict";
import { test } from "node:test";
import { commandByName, commands, extractRaw } from "../../architecture/index.ts";
import { generateCase, type Plan } from "./generate.ts";
import { countCommands, type FuzzCase, type Operation } from "./operations.ts";
import { Random } from "./random.ts";
import { GITS_TRANSLATER } from "./shape.ts";

const plan: Plan = { seed: 7, gicVersion: 4, secure: false, batchCommands: 32 };
const cases = (count: number, options: Partial<Plan> = {}): FuzzCase[] =>
  Array.from({ length: count }, (_, number) => generateCase({ ...plan, ...options }, number));

/** A case as text, bigint and bytes included. */
function text(fuzzCase: FuzzCase): string {
  return JSON.stringify(fuzzCase, (_, value: unknown) => {
    if (typeof value === "bigint") return `0x${value.toString(16)}`;
    return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
  });
}

function operations(of: readonly FuzzCase[]): Operation[] {
  return of.flatMap(({ batches }) => batches.flat());
}

test("a plan and a number make one case, whatever was made before it", () => {
  const first = text(generateCase(plan, 3));
  cases(5, { seed: 8 });
  assert.equal(text(generateCase(plan, 3)), first);
  assert.notEqual(text(generateCase(plan, 4)), first);
  assert.notEqual(text(generateCase({ ...plan, seed: 8 }, 3)), first);
  assert.notEqual(text(generateCase({ ...plan, gicVersion: 3 }, 3)), first);
});

test("no batch has more commands than asked for", () => {
  for (const fuzzCase of cases(10, { batchCommands: 5 })) {
    for (const batch of fuzzCase.batches.slice(1)) assert.ok(countCommands([batch]) <= 5);
  }
});

test("every command, unknown opcodes, MSIs of 16 and 32 bits, edits, reads and pokes of every width occur", () => {
  const all = operations(cases(60));
  const opcodes = new Set<number>();
  const writes = new Map<number, number>();
  const kinds = new Set<string>();
  const messages = new Set<number>();
  for (const operation of all) {
    kinds.add(operation.kind);
    if (operation.kind === "write") {
      writes.set(operation.bytes, (writes.get(operation.bytes) ?? 0) + 1);
      if (operation.address === GITS_TRANSLATER) messages.add(operation.bytes);
    }
    if (operation.kind === "commands") for (const [dw0] of operation.words) opcodes.add(Number(dw0 & 0xffn));
  }
  assert.deepEqual([...kinds].sort(), ["commands", "fill", "read", "store", "write"]);
  for (const { name, opcode } of commands) assert.ok(opcodes.has(opcode), `${name} never occurs`);
  assert.ok(opcodes.size > commands.length + 10, "unknown opcodes occur");
  assert.deepEqual([...writes.keys()].sort(), [1, 2, 4, 8]);
  assert.ok(messages.has(2) && messages.has(4));
});

test("without GICv4 its commands are rare, and they are wrong ones then", () => {
  const words = operations(cases(20, { gicVersion: 3 })).flatMap((operation) =>
    operation.kind === "commands" ? operation.words : [],
  );
  const virtual = words.filter(([dw0]) =>
    commands.some(({ opcode, since }) => Number(dw0 & 0xffn) === opcode && since !== "v3"),
  );
  assert.ok(virtual.length > 0 && virtual.length < words.length / 10);
});

test("an ITT of MAPD is in the compared memory, or at an address that both machines know", () => {
  const mapd = commandByName("MAPD");
  const address = mapd?.fields.find(({ name }) => name === "ITT_addr");
  const valid = mapd?.fields.find(({ name }) => name === "V");
  assert.ok(mapd && address && valid);
  for (const operation of operations(cases(60))) {
    if (operation.kind !== "commands") continue;
    for (const words of operation.words) {
      if (Number(words[0] & 0xffn) !== mapd.opcode || extractRaw(words[valid.word], valid) === 0n) continue;
      const itt = Number(extractRaw(words[address.word], address)) * 0x100;
      const isFlash = itt < 0x800_0000;
      const isOtherDevice = itt >= 0x900_0000 && itt < 0x1000_0000;
      assert.ok(!isFlash && !isOtherDevice, `ITT at 0x${itt.toString(16)}`);
    }
  }
});

test("random numbers fill their ranges", () => {
  const random = new Random(1, 2);
  const seen = new Set<number>();
  for (let draw = 0; draw < 400; draw++) seen.add(random.between(3, 9));
  assert.deepEqual([...seen].sort(), [3, 4, 5, 6, 7, 8, 9]);
  for (let draw = 0; draw < 400; draw++) assert.ok(random.bits(5) < 32n && random.bits(64) < 1n << 64n);
  const counts = new Map<string, number>();
  const choices = [
    [1, "rare"],
    [9, "often"],
  ] as const;
  for (let draw = 0; draw < 1000; draw++) {
    const choice = random.weighted(choices);
    counts.set(choice, (counts.get(choice) ?? 0) + 1);
  }
  assert.ok((counts.get("often") ?? 0) > 800 && (counts.get("rare") ?? 0) > 40);
});
