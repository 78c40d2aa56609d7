import assert from "node:assert/strict";
import { test } from "node:test";
import { qemuModelFor } from "./qemu-version.ts";

test("a program's first line tells its version, and the model that fits", () => {
  assert.deepEqual(qemuModelFor("QEMU emulator version 11.1.3 (Debian 1:11.1.3+ds-1~bpo13+1)"), {
    name: "QEMU 11.1.3",
    model: "qemu-11.1",
    fits: true,
  });
});

test("a recording's version is found likewise", () => {
  assert.equal(qemuModelFor("QEMU 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18), -accel tcg -S -qtest")?.model, "qemu-7.2");
});

for (const [version, model] of [
  ["6.2.0", "qemu-7.2"],
  ["10.2.2", "qemu-7.2"],
  ["12.0.0", "qemu-11.1"],
] as const) {
  test(`QEMU ${version}, of which there is no model, is compared with ${model}`, () => {
    assert.deepEqual(qemuModelFor(`QEMU emulator version ${version}`), { name: `QEMU ${version}`, model, fits: false });
  });
}

test("what tells no version is no QEMU", () => {
  assert.equal(qemuModelFor("echo (GNU coreutils) 9.1"), undefined);
});
