import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { ServerProcess } from "../../client/node/server-process.ts";

const folder = mkdtempSync(path.join(tmpdir(), "gic-server-process-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** One that has ended and that nobody has asked about (state Z) is not there any more. */
function isThere(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return /^[^Z]/.test(stdout.trim());
}

/** A server that says that it is up, and then does something. */
function server(name: string, code: string): { readonly process: ServerProcess; readonly lines: string[] } {
  const module = path.join(folder, `${name}.cjs`);
  writeFileSync(module, `process.send("up", () => { ${code} });\nprocess.on("message", () => undefined);\n`);
  const lines: string[] = [];
  return {
    process: new ServerProcess(module, { info: (line) => lines.push(line), error: (line) => lines.push(line) }),
    lines,
  };
}

describe("a process of the language server", () => {
  const ways: readonly (readonly [what: string, code: string])[] = [
    ["waits for requests", ""],
    ["is busy in an endless loop", "for (;;);"],
    ["does not want to end", 'process.on("SIGTERM", () => undefined); process.on("disconnect", () => undefined);'],
  ];
  for (const [what, code] of ways) {
    it(`is gone when it was told to end, also when it ${what}`, async () => {
      const { process } = server("ends", code);
      await once(process.child, "message");
      await process.end();
      assert.equal(process.child.signalCode ?? process.child.exitCode, "SIGKILL");
      await process.end();
    });
  }

  it("is gone when it has ended by itself, with what it wrote last and its exit code", async () => {
    const { process, lines } = server(
      "falls",
      'console.error("last words"); process.exitCode = 7; process.disconnect();',
    );
    await process.gone;
    await process.end();
    if (!process.child.stderr?.closed) await once(process.child, "close");
    assert.deepEqual(lines.sort(), ["The language server has ended: exit code 7.", "last words"]);
  });

  it("is gone when what has started it ends, also when it is busy in an endless loop", async () => {
    const busy = path.join(folder, "busy.cjs");
    writeFileSync(busy, 'process.send("up", () => { for (;;); });\n');
    const source = JSON.stringify(path.join(import.meta.dirname, "../../client/node/server-process.ts"));
    const host = path.join(folder, "host.ts");
    writeFileSync(
      host,
      `import { ServerProcess } from ${source};
const { child } = new ServerProcess(${JSON.stringify(busy)}, console);
child.once("message", () => { console.log(child.pid); process.exit(0); });\n`,
    );
    const { stdout } = spawnSync(process.execPath, [host], { encoding: "utf8" });
    const pid = Number(stdout);
    assert.ok(pid > 0, stdout);
    while (isThere(pid)) await setTimeout(20);
  });

  it("that cannot be run is gone too", async () => {
    const lines: string[] = [];
    const tell = (line: string) => lines.push(line);
    const process = new ServerProcess(path.join(folder, "no such.cjs"), { info: tell, error: tell });
    await process.gone;
    assert.ok(lines.includes("The language server has ended: exit code 1."));
  });
});
