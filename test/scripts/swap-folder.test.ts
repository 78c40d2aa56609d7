import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { buildProduct } from "../../scripts/bundle.ts";
import { runQuietly } from "../../scripts/process.ts";

const top = mkdtempSync(path.join(tmpdir(), "gicwb-swap-"));
after(() => rmSync(top, { recursive: true }));
const script = path.join(import.meta.dirname, "swap-run.ts");
const count = 50;

/** A folder that stands there with its files, as the last build has left it. */
function standing(): string {
  const folder = path.join(mkdtempSync(path.join(top, "at-")), "dist");
  mkdirSync(folder);
  for (let i = 0; i < count; i++) writeFileSync(path.join(folder, `${i}`), "");
  return folder;
}

describe("a folder that is made anew", () => {
  it("is whole whoever makes it at the same time, and nothing is left beside it", async () => {
    const folder = standing();
    const makers = [1, 2, 3].map(() => runQuietly(process.execPath, [script, folder, "20", `${count}`]));
    let working = true;
    const all = Promise.all(makers).finally(() => {
      working = false;
    });
    const seen = new Set<number>();
    while (working) {
      if (existsSync(folder)) seen.add(filesIn(folder));
      await sleep(0);
    }
    assert.deepEqual(await all, Array(3).fill({ code: 0, output: "" }));
    seen.delete(0); // It was being exchanged.
    assert.deepEqual([...seen], [count]);
    assert.deepEqual(readdirSync(path.dirname(folder)), ["dist"]);
  });

  it("stays as it was when the disk is full in the middle, which is said in a sentence", async () => {
    const folder = standing();
    const { code, output } = await runQuietly(process.execPath, [script, folder, "1", "3", "fails"]);
    assert.equal(code, 1);
    assert.match(
      output,
      /^The disk of one of the folders that are written is full \(ENOSPC\): make room there\.[^\n]*\n$/,
    );
    assert.equal(filesIn(folder), count);
    assert.deepEqual(readdirSync(path.dirname(folder)), ["dist"]);
  });

  it("stays as it was when its maker is killed, and what that left goes with the next one", async () => {
    const folder = standing();
    const child = spawn(process.execPath, [script, folder, "1", "3", "stays"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    assert.equal(filesIn(folder), count);
    assert.equal(readdirSync(path.dirname(folder)).length, 2);
    await runQuietly(process.execPath, [script, folder, "1", "4"]);
    assert.equal(filesIn(folder), 4);
    assert.deepEqual(readdirSync(path.dirname(folder)), ["dist"]);
  });

  it("is what the build does", async () => {
    const folder = standing();
    await buildProduct({ minify: true, folder });
    assert.ok(existsSync(path.join(folder, "gicwb.cjs")));
    assert.ok(!existsSync(path.join(folder, "0")), "a file of before is left");
    assert.deepEqual(readdirSync(path.dirname(folder)), ["dist"]);
  });
});

function filesIn(folder: string): number {
  try {
    return readdirSync(folder).length;
  } catch {
    return 0; // It was being exchanged since we looked.
  }
}
