// What `npm start` with code-server gives to whom. Installs code-server as `npm start` does; a part of `npm test` of its own.
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { after, before, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { npmCommand, runQuietly } from "../../scripts/process.ts";
import { inProject, root } from "../../scripts/project.ts";
import { asStranger, cookieOf, knock } from "../scripts/knocking.ts";

const temporary = mkdtempSync(path.join(tmpdir(), "gicwb-start-"));
const secret = path.join(temporary, "secret");
writeFileSync(secret, "for its user alone", { mode: 0o600 });

let npm: ChildProcess;
/** A second start at the same time as the first. */
let second: ChildProcess;
let address = "";
let secondAddress = "";
let url = "";
let cookie = "";

before(async () => {
  const [one, other] = await Promise.all([start(), start()]);
  ({ npm, address } = one);
  ({ npm: second, address: secondAddress } = other);
  url = new URL(address).origin;
  cookie = await cookieOf(address);
});

after(async () => {
  for (const one of [npm, second]) one.kill("SIGTERM");
  while (ofThisTest().length > 0) await sleep(50);
  rmSync(temporary, { recursive: true });
});

/** Runs `npm start` where no desktop VS Code is found, until it has printed its address. */
async function start(): Promise<{ npm: ChildProcess; address: string }> {
  const { file, args } = npmCommand();
  const child = spawn(file, [...args, "start"], {
    cwd: root,
    env: withoutDesktop(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    const found = /http:\/\/127\.0\.0\.1:\S+/.exec(line);
    if (found) return { npm: child, address: found[0] };
  }
  throw new Error("npm start has printed no address");
}

/** An environment in which no desktop VS Code is found. */
function withoutDesktop(): NodeJS.ProcessEnv {
  const node = `${inProject("node_modules", ".bin")}${path.delimiter}${path.dirname(process.execPath)}`;
  const withoutCode = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => !hasCode(folder));
  const env = { ...process.env, PATH: [node, ...withoutCode].join(path.delimiter), TMPDIR: temporary };
  return { ...env, VSCODE_EXECUTABLE_PATH: "" };
}

function hasCode(folder: string): boolean {
  return statSync(path.join(folder, "code"), { throwIfNoEntry: false })?.isFile() ?? false;
}

/** The folders of the servers that run for this test: each goes when nothing of its server is left. */
function ofThisTest(): string[] {
  return readdirSync(temporary).filter((name) => name.startsWith("gicwb-"));
}

/** What another user's requests get. */
async function strangersAnswers(paths: readonly string[]): Promise<number[]> {
  const asks = paths.map((where) => `fetch(${JSON.stringify(url + where)}).then((answer) => answer.status)`);
  return JSON.parse(await asStranger(`Promise.all([${asks}]).then((all) => console.log(JSON.stringify(all)))`));
}

it("another user gets refusals", async () => {
  const file = `/vscode-remote-resource?path=${encodeURIComponent(secret)}`;
  assert.deepEqual(await strangersAnswers(["/", "/healthz", file, "/proxy/22/"]), [401, 401, 401, 401]);
});

it("another user gets no WebSocket", async () => {
  assert.equal((await knock({ url: `${url}/?reconnectionToken=1`, upgrade: true })).status, 401);
});

it("another user cannot enter the folder of the socket behind the door", () => {
  const modes = ofThisTest().map((name) => statSync(path.join(temporary, name)).mode & 0o777);
  assert.deepEqual(modes, [0o700, 0o700]);
});

it("a page of a foreign name or origin gets refusals, even with the cookie", async () => {
  const foreign: Record<string, string>[] = [{ Host: "evil.example" }, { Origin: "http://evil.example" }];
  const answers = await Promise.all(
    foreign.flatMap((headers) =>
      [false, true].map((upgrade) => knock({ url, upgrade, headers: { Cookie: cookie, ...headers } })),
    ),
  );
  assert.deepEqual(
    answers.map(({ status }) => status),
    [403, 403, 403, 403],
  );
});

it("its user gets the workbench", async () => {
  const where = (await knock({ url: address })).headers.location ?? "";
  const page = await knock({ url: url + where, headers: { Cookie: cookie } });
  assert.match(page.body, /vscode-workbench-web-configuration/);
});

it("its user gets a WebSocket", async () => {
  const where = "/?reconnectionToken=11111111-1111-1111-1111-111111111111";
  assert.equal(
    (await knock({ url: url + where, upgrade: true, headers: { Cookie: cookie, Origin: url } })).status,
    101,
  );
});

/** The command lines of all processes, as every user of the machine can list them. */
function commandLines(): string[] {
  return spawnSync("ps", ["-A", "-o", "args="], { encoding: "utf8", maxBuffer: 1 << 26 }).stdout.split("\n");
}

it("no process shows the key to others", () => {
  const key = new URL(address).searchParams.get("key") ?? "";
  assert.deepEqual(
    commandLines().filter((line) => line.includes(key)),
    [],
  );
});

it("two starts at the same time have a key and a workbench each, and the key of one opens nothing of the other", async () => {
  const there = new URL(secondAddress).origin;
  assert.equal((await knock({ url: `${there}/?key=${new URL(address).searchParams.get("key")}` })).status, 401);
  const page = await knock({ url: there, headers: { Cookie: await cookieOf(secondAddress) } });
  assert.match(page.body, /vscode-workbench-web-configuration/);
  assert.ok(existsSync(inProject("dist", "client.cjs")), "the extension is built");
});

it("kill -9 of npm leaves nothing of code-server, and the other one goes on", async () => {
  const both = ofThisTest();
  second.kill("SIGKILL");
  while (ofThisTest().length > 1) await sleep(50);
  const gone = both.find((name) => !ofThisTest().includes(name)) ?? "";
  assert.notEqual(gone, "");
  while (commandLines().some((line) => line.includes(gone))) await sleep(50);
  assert.equal((await knock({ url, headers: { Cookie: cookie } })).status, 200);
});

it("a home that cannot be written is said in one sentence", async () => {
  const { file, args } = npmCommand();
  const { code, output } = await runQuietly(file, [...args, "--silent", "start"], {
    cwd: root,
    env: { ...withoutDesktop(), XDG_CACHE_HOME: secret },
  });
  assert.equal(code, 1);
  assert.match(
    output,
    /^\S+secret\S* cannot be written \(ENOTDIR\)\. XDG_CACHE_HOME and TMPDIR name other folders [^\n]*\n$/,
  );
});
