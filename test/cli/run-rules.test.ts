import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { gicwb } from "./gicwb.ts";

const folder = mkdtempSync(path.join(tmpdir(), "gicwb-rules-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string): string {
  const target = path.join(folder, name);
  writeFileSync(target, content);
  return target;
}

const event =
  "MAPC ICID=0, RDbase=0\nMAPD DeviceID=8, Size=4, ITT_addr=0x43f00000\nMAPTI DeviceID=8, EventID=0, pINTID=8192, ICID=0\n";
const twice = file(
  "twice.itscmd",
  `${event}MAPTI DeviceID=8, EventID=1, pINTID=8192, ICID=0\nmsi DeviceID=8, EventID=0\n`,
);

describe("gicwb run", () => {
  test("prints warnings and exits with 0", async () => {
    const { code, err, out } = await gicwb("run", twice);
    assert.equal(code, 0);
    assert.match(err, /^.*twice\.itscmd:4:1: warning L-12: pINTID 8192 is that of EventID 0x0 of DeviceID 0x8, too\./);
    assert.doesNotMatch(err, /L-14/);
    assert.match(out, /no errors, 1 warning$/m);
  });
  test("hints when it is asked for them", async () =>
    assert.match((await gicwb("run", "--hints", twice)).err, /hint L-14/));
  test("--rules raises one to an error, and the exit code with it", async () => {
    const { code, err } = await gicwb("run", "--rules", "L-12=error", twice);
    assert.equal(code, 1);
    assert.match(err, /error L-12/);
  });
  test("--rules with a rule that does not exist is told", async () => {
    const { code, err } = await gicwb("run", "--rules", "L-99=off", twice);
    assert.equal(code, 2);
    assert.match(err, /there is no rule L-99/);
  });
  test("--json has every problem, hints too", async () => {
    const { out } = await gicwb("run", "--json", twice);
    const { files } = JSON.parse(out);
    assert.deepEqual(
      files[0].problems.map(({ line, severity, code }: { line: number; severity: string; code: string }) => [
        line,
        severity,
        code,
      ]),
      [
        [4, "warning", "L-12"],
        [5, "hint", "L-14"],
      ],
    );
    assert.equal(files[0].warnings, 1);
  });
});

describe("gicwb run --portable", () => {
  test("names the line and the answers", async () => {
    const { code, out } = await gicwb("run", "--portable", twice);
    assert.equal(code, 1);
    assert.match(out, /twice\.itscmd:4: MAPTI DeviceID=8, EventID=1, pINTID=8192, ICID=0$/m);
    assert.match(out, /^ {4}kvm-7\.3: ignored, EEXIST, not mapped$/m);
    assert.match(out, /1 line differs on 8 models$/m);
  });
  test("finds what differs in silence", async () => {
    const script = file("again.itscmd", `${event}MAPTI DeviceID=8, EventID=0, pINTID=8193, ICID=0\n`);
    const { out } = await gicwb("run", "--portable", script);
    assert.match(out, /^ {4}kvm-5\.10, .*: done, pINTID 8192$/m);
    assert.match(out, /^ {4}qemu-7\.2, qemu-11\.1, arch: done, pINTID 8193$/m);
  });
  test("a script that is the same everywhere exits with 0", async () => {
    const { code, out } = await gicwb("run", "--portable", file("same.itscmd", event));
    assert.equal(code, 0);
    assert.match(out, /no line differs on 8 models$/m);
  });
  test("a comment allows a line", async () => {
    const script = file("allowed.itscmd", "read GITS_IIDR # allow L-80\n");
    assert.equal((await gicwb("run", "--portable", script)).code, 0);
  });
  test("--json has the answer of each model", async () => {
    const { out } = await gicwb("run", "--portable", "--json", twice);
    const [{ lines, models }] = JSON.parse(out).files;
    assert.equal(models.length, 8);
    assert.deepEqual(
      lines.map(({ line }: { line: number }) => line),
      [4],
    );
    assert.equal(lines[0].answers["kvm-7.3"], "ignored, EEXIST, not mapped");
  });
  test("models that have no such machine are said", async () => {
    const script = file("v2.itscmd", "machine { model = kvm  gic = 2 }\nread GICD_CTLR\n");
    assert.match((await gicwb("run", "--portable", script)).out, /qemu-7\.2 is left out: /);
  });
  test("goes with no model", async () =>
    assert.equal((await gicwb("run", "--portable", "--model", "kvm", twice)).code, 2));
});
