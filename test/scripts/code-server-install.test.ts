import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { npmCommand, runQuietly } from "../../scripts/process.ts";

const top = mkdtempSync(path.join(tmpdir(), "gicwb-install-"));
after(() => rmSync(top, { recursive: true }));
const script = (name: string) => path.join(import.meta.dirname, name);
const fresh = () => mkdtempSync(path.join(top, "cache-"));
const entryOf = (cache: string) =>
  path.join(cache, "code-server-4.139.1", "node_modules", "code-server", "out", "node", "entry.js");

function argumentsFor(cache: string, mode: string): string[] {
  return [
    script("install-run.ts"),
    cache,
    process.execPath,
    script("install-npm.ts"),
    mode,
    path.join(top, "npm-cache"),
  ];
}

interface Outcome {
  readonly code: number | null;
  readonly said: string;
}

/** An install as a script of the project makes it, with an npm that behaves as the mode says. */
function install(cache: string, mode = "good"): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, argumentsFor(cache, mode), { encoding: "utf8" });
  return { code: status, said: stdout + stderr };
}

describe("an install of code-server", () => {
  it("comes to its end and leaves nothing beside", () => {
    const cache = fresh();
    assert.match(install(cache).said, /^installed /m);
    assert.deepEqual(readdirSync(cache), ["code-server-4.139.1"]);
  });

  it("is made once", () => {
    const cache = fresh();
    install(cache);
    assert.doesNotMatch(install(cache, "EFAIL").said, /Installing/);
  });

  for (const mode of ["hollow", "cut"]) {
    it(`does not count when npm's files are ${mode} and npm says nothing`, () => {
      const cache = fresh();
      assert.match(
        install(cache, mode).said,
        /3 of code-server's files came incomplete \(node_modules\/code-server\/package.json\)/,
      );
      assert.deepEqual(readdirSync(cache), []);
    });
  }

  const sentences: readonly [string, RegExp][] = [
    ["warns", /^The disk of .* is full: make room for 450 MB/m],
    ["ENOSPC", /^The disk of .* is full: make room for 450 MB/m],
    ["EROFS", /cannot be written \(EROFS\): set XDG_CACHE_HOME/],
    ["ENOTFOUND", /^The npm registry does not answer \(ENOTFOUND\)/m],
    ["FETCH_ERROR", /^The npm registry does not answer \(FETCH_ERROR\)/m],
  ];
  for (const [mode, sentence] of sentences) {
    it(`says in one sentence what stands in its way: ${mode}`, () => {
      const { code, said } = install(fresh(), mode);
      assert.equal(code, 1);
      assert.match(said, sentence);
      assert.doesNotMatch(said, /npm error|\n {4}at /);
    });
  }

  it("says that its folder cannot be made", () => {
    const file = path.join(top, "a-file");
    writeFileSync(file, "");
    assert.match(install(path.join(file, "cache")).said, /cannot be written \(ENOTDIR\)/);
  });

  it("says that no registry answers, with npm itself", () => {
    const npm = npmCommand();
    const args = [script("install-run.ts"), fresh(), npm.file, ...npm.args, "--registry=http://127.0.0.1:1"];
    const { stdout, stderr } = spawnSync(process.execPath, args, {
      encoding: "utf8",
      env: { ...process.env, npm_config_cache: fresh() },
    });
    assert.match(stdout + stderr, /^The npm registry does not answer \(ECONNREFUSED\)/m);
  });

  it("may be made by several at the same time", async () => {
    const cache = fresh();
    const all = [1, 2, 3].map(() => runQuietly(process.execPath, argumentsFor(cache, "good")));
    for (const { code, output } of await Promise.all(all)) {
      assert.match(output, /^installed /m);
      assert.equal(code, 0);
    }
    assert.deepEqual(readdirSync(cache), ["code-server-4.139.1"]);
    assert.doesNotMatch(install(cache).said, /Installing/);
  });

  it("replaces a folder that is not complete any more, and says so", () => {
    const cache = fresh();
    install(cache);
    truncateSync(entryOf(cache));
    assert.match(install(cache).said, /code-server-4.139.1 is not complete. Installing/);
    assert.notEqual(readFileSync(entryOf(cache), "utf8"), "");
  });

  it("replaces a folder that was never compared", () => {
    const cache = fresh();
    mkdirSync(path.dirname(entryOf(cache)), { recursive: true });
    assert.match(install(cache).said, /^installed /m);
  });

  it("removes what an install has left whose process is gone, and nothing of one that runs", () => {
    const cache = fresh();
    const gone = spawnSync(process.execPath, ["-e", ""]).pid;
    for (const pid of [gone, process.pid]) mkdirSync(path.join(cache, `code-server-4.139.1.installing-${pid}`));
    install(cache);
    assert.deepEqual(readdirSync(cache), ["code-server-4.139.1", `code-server-4.139.1.installing-${process.pid}`]);
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const) {
    it(`that ${signal} interrupts leaves neither its folder nor its npm`, async () => {
      const cache = fresh();
      const child = spawn(process.execPath, argumentsFor(cache, "stays"), { stdio: "ignore" });
      const building = path.join(cache, `code-server-4.139.1.installing-${child.pid}`);
      const lock = path.join(building, "node_modules", ".package-lock.json");
      while (!existsSync(lock)) await sleep(20); // The stand-in's last file.
      child.kill(signal);
      while (existsSync(building) || npmRuns(building)) await sleep(20);
    });
  }
});

/** True while a process works in a folder, where the system lets one see that. */
function npmRuns(folder: string): boolean {
  if (!existsSync("/proc/self/cwd")) return false;
  const { stdout } = spawnSync("sh", ["-c", "ls -l /proc/[0-9]*/cwd 2>/dev/null"], { encoding: "utf8" });
  return stdout.includes(folder);
}
