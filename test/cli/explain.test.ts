import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { test } from "node:test";

const root = path.join(import.meta.dirname, "..", "..");

function explain(...args: readonly string[]) {
  return spawnSync(process.execPath, [path.join(root, "cli", "main.ts"), "explain", ...args], {
    cwd: root,
    encoding: "utf8",
  });
}

test("explain prints the fields in columns and what follows from them", () => {
  const { status, stdout, stderr } = explain("ICH_LR2_EL2=0x50a0000000002001");
  assert.equal(stderr, "");
  assert.equal(status, 0);
  const lines = stdout.split("\n");
  assert.equal(lines[0], "ICH_LR2_EL2 = 0x50a0000000002001");
  assert.equal(lines[1], "  Pending: LPI 8193, priority 0xa0, Group 1.");
  assert.equal(lines[2], "    State     [63:62]  Pending (1)  state of the virtual interrupt.");
  assert.equal(lines.length, 10);
});

test("explain --json gives exact 64-bit values", () => {
  const { status, stdout } = explain("--json", "GITS_BASER0=0xb907000040100607");
  assert.equal(status, 0);
  const { text, readings } = JSON.parse(stdout);
  assert.equal(text, "GITS_BASER0=0xb907000040100607");
  assert.equal(readings[0].kind, "register");
  const address = readings[0].fields.find(({ name }: { name: string }) => name === "Physical_Address");
  assert.deepEqual(
    [address.raw, address.value, address.text, address.msb],
    ["0x40100", "0x40100000", "0x40100000", 47],
  );
});

test("words may be one argument or several", () => {
  const several = explain("attr", "VGIC_V3", "REDIST_REGS", "pe=1", "GICR_PENDBASER");
  const one = explain("attr VGIC_V3 REDIST_REGS pe=1 GICR_PENDBASER");
  assert.equal(several.stdout, one.stdout);
  assert.match(one.stdout, /^VGIC_V3 REDIST_REGS attr 0x100000078: /);
});

test("what cannot be explained is one sentence, with the name that was meant, and exit code 2", () => {
  for (const [text, message] of [
    ["GITS_TYPR=1", /^gicwb: "GITS_TYPR" is no number, .* Did you mean GITS_TYPER\? \[GICWB-USAGE\]/],
    ["attr VGIC_V3 REDIST_REG 0", /Did you mean REDIST_REGS\?/],
    ["MAPTI_ID_ORR", /Did you mean MAPTI_ID_OOR\?/],
    ["errno EBUZY", /Did you mean EBUSY\?/],
    ["command 1 2 3", /four words of 64 bits or eight of 32 bits, not 3/],
  ] as const) {
    const { status, stdout, stderr } = explain(text);
    assert.equal(status, 2, text);
    assert.equal(stdout, "");
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /\n\s+at /);
  }
});
