import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parseOptions } from "./options.ts";

test("options are read, and have defaults", () => {
  const options = parseOptions(["--seed", "0x10", "--commands", "200000", "--v4", "--batch", "8"]);
  assert.ok(typeof options !== "string");
  assert.deepEqual(
    [options.seed, options.commands, options.gicVersion, options.secure, options.batchCommands],
    [16, 200_000, 4, false, 8],
  );
  const plain = parseOptions([]);
  assert.ok(typeof plain !== "string");
  assert.deepEqual([plain.seed, plain.gicVersion, plain.replay], [1, 3, undefined]);
});

test("a wrong option is one sentence", () => {
  assert.equal(parseOptions(["--sede", "1"]), "unknown option --sede");
  assert.equal(parseOptions(["--seed"]), "--seed needs a value");
  assert.equal(parseOptions(["--commands", "many"]), "--commands takes a number from 1 to 1000000000000, not many");
  assert.equal(parseOptions(["--batch", "0"]), "--batch takes a number from 1 to 120, not 0");
});

test("without QEMU the command says so in one sentence and ends with 2", () => {
  const entry = fileURLToPath(new URL("qemu.ts", import.meta.url));
  const run = spawnSync(process.execPath, [entry, "--qemu", "no-such-qemu", "--commands", "1"], { encoding: "utf8" });
  assert.equal(run.status, 2);
  assert.equal(run.stdout, "");
  assert.equal(run.stderr, "no-such-qemu is not installed. On Debian and Ubuntu: apt-get install qemu-system-arm\n");
});
