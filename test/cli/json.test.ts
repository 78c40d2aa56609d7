import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { commands, loadAll } from "../../cli/commands/index.ts";
import { timerInterrupt } from "../trace/small-trace.ts";
import { gicwb } from "./gicwb.ts";

/** Those that speak a protocol. */
const servers = ["dap", "lsp", "mcp"];

const folder = mkdtempSync(path.join(tmpdir(), "gicwb-json-"));
after(() => rmSync(folder, { recursive: true, force: true }));
function file(name: string, text: string): string {
  const place = path.join(folder, name);
  writeFileSync(place, text);
  return place;
}

const script = file("a.itscmd", "MAPC ICID=1, RDbase=0\nMAPD DeviceID=8, Size=5, ITT_addr=0x40400000\n");
const queue = file(
  "queue.txt",
  "0x40000000:\t0x0000000000000009\t0x0000000000000000\n0x40000010:\t0x8000000000010001\t0x0000000000000000\n",
);

async function json(...words: string[]) {
  const { code, out, err } = await gicwb(...words, "--json");
  assert.equal(err, "");
  return { code, told: JSON.parse(out) };
}

describe("gicwb --json", () => {
  test("is an option of every command but the servers", async () => {
    const without = (await loadAll(commands)).filter(
      ({ name, options }) => !servers.includes(name) && !("json" in options),
    );
    assert.deepEqual(
      without.map(({ name }) => name),
      [],
    );
  });

  test("assemble: line, words and text of each command", async () => {
    const { told } = await json("assemble", script);
    assert.deepEqual(told.commands[0], {
      line: 1,
      words: ["0x9", "0x0", "0x8000000000000001", "0x0"],
      text: "MAPC ICID=1, RDbase=0",
    });
    assert.equal(told.commands[1].line, 2);
  });

  test("disassemble: address, words and text of each command", async () => {
    const { told } = await json("disassemble", queue);
    assert.deepEqual(told.commands, [
      { address: "0x40000000", words: ["0x9", "0x0", "0x8000000000010001", "0x0"], text: "MAPC ICID=1, RDbase=1" },
    ]);
  });

  test("import: statements, where they come from, and what was left out", async () => {
    const { told } = await json("import", queue);
    assert.equal(told.statements[0].origin, "slot 0, at 0x40000000");
    assert.match(told.notes[0], /^1 commands of a queue/);
  });

  test("format: of each file whether it is changed, with the same exit code", async () => {
    const other = file("b.itscmd", "mapc icid=1,rdbase=0\n");
    const { code, told } = await json("format", "--check", script, other);
    assert.equal(code, 1);
    assert.deepEqual(told.files, [
      { file: script, changed: false },
      { file: other, changed: true },
    ]);
  });

  test("models: all of them, and what one decides", async () => {
    const { told } = await json("models", "qemu");
    assert.equal(told.default, "kvm-7.2");
    assert.ok(told.models.some(({ name }: { name: string }) => name === "arch"));
    assert.equal(told.model, "qemu-7.2");
    assert.ok(told.decisions.every(({ source }: { source: string }) => source !== ""));
    const { code, err } = await gicwb("models", "kvm-1.0");
    assert.equal(code, 2);
    assert.match(err, /There is no model "kvm-1.0"; there are kvm-7\.2, /);
  });

  test("replay: counts, and a difference as data", async () => {
    const good = file("good.log", `${timerInterrupt.join("\n")}\n`);
    const { code, told } = await json("replay", good);
    assert.equal(code, 0);
    assert.ok(told.compared > 0 && told.events.length > 0 && told.difference === undefined);
    const bad = file(
      "bad.log",
      `${timerInterrupt.join("\n").replace("ICC_IAR1 read cpu 0x0 value 0x1b", "ICC_IAR1 read cpu 0x0 value 0x3ff")}\n`,
    );
    const wrong = await json("replay", bad);
    assert.equal(wrong.code, 1);
    assert.ok(wrong.told.difference.line > 0);
  });

  test("migrate: steps and losses, orders, the matrix", async () => {
    const { code, told } = await json("migrate", script);
    assert.equal(code, 0);
    assert.deepEqual([told.order.name, told.migrated, told.losses], ["documented", true, []]);
    assert.ok((await json("migrate", "--list")).told.orders.length > 3);
    assert.ok((await json("migrate", "--matrix")).told.rows[0].hops.length > 1);
  });

  test("state show: registers by name, memory as ranges", async () => {
    const state = path.join(folder, "a.gicstate.json");
    await gicwb("state", "save", script, "-o", state);
    const { told } = await json("state", "show", state);
    assert.equal(told.model, "kvm-7.2");
    assert.equal(told.itss[0].GITS_CTLR.slice(0, 2), "0x");
    assert.ok(told.memory[0].bytes % 4096 === 0);
    const { code, err } = await gicwb("state", "dump", state, "--json");
    assert.equal(code, 2);
    assert.match(err, /--json is for gicwb state show/);
  });
});
