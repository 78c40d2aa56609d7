import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { type Write, writeWhole } from "../../cli/write-whole.ts";
import { gicwb } from "./gicwb.ts";

const folder = mkdtempSync(path.join(tmpdir(), "gicwb-write-"));
after(() => rmSync(folder, { recursive: true }));

let made = 0;
/** A folder with one script in it that is not in the one form. */
function place(text = "MAPC  ICID=0,RDbase=0\n"): string {
  const file = path.join(mkdtempSync(path.join(folder, `${++made}-`)), "a.itscmd");
  writeFileSync(file, text);
  return file;
}

/** A disk that takes four bytes of each file. */
const full: Write = async (file, content, options) => {
  await writeFile(file, Buffer.from(content).subarray(0, 4), options);
  throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
};

describe("a file that gicwb writes", () => {
  test("stays what it was when the disk is full, and nothing is left beside it", async () => {
    const file = place();
    await assert.rejects(writeWhole(file, "another text", full), /a\.itscmd" cannot be written: ENOSPC/);
    assert.equal(readFileSync(file, "utf8"), "MAPC  ICID=0,RDbase=0\n");
    assert.deepEqual(readdirSync(path.dirname(file)), ["a.itscmd"]);
  });

  test("is not there when the disk is full and it was not there before", async () => {
    const file = path.join(path.dirname(place()), "new.itscmd");
    await assert.rejects(writeWhole(file, "another text", full));
    assert.ok(!existsSync(file));
  });

  test("keeps its rights, and a link that leads to it", async () => {
    const file = place();
    chmodSync(file, 0o640);
    const link = path.join(path.dirname(file), "link.itscmd");
    symlinkSync(file, link);
    assert.equal((await gicwb("format", link)).code, 0);
    assert.ok(lstatSync(link).isSymbolicLink());
    assert.equal(readFileSync(file, "utf8"), "MAPC ICID=0, RDbase=0\n");
    assert.equal(statSync(file).mode & 0o777, 0o640);
  });

  test("may be a device: what it refuses is said", async () => {
    const script = place("MAPC ICID=0, RDbase=0\n");
    const device = existsSync("/dev/full") ? "/dev/full" : path.dirname(script);
    const { code, err } = await gicwb("assemble", script, "-o", device);
    assert.equal(code, 1);
    assert.match(err, /cannot be written: (ENOSPC|EISDIR)\./);
  });

  test("in a folder that is none is said", async () => {
    const script = place("MAPC ICID=0, RDbase=0\n");
    const { code, err } = await gicwb("assemble", script, "-o", path.join(script, "queue.bin"));
    assert.equal(code, 1);
    assert.match(err, /cannot be written: ENOTDIR\./);
  });
});
