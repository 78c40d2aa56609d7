import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { type Door, openDoor } from "../../scripts/vscode/door.ts";
import { type Answer, asStranger, cookieOf, type Knock, knock } from "./knocking.ts";

describe("the door in front of code-server", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "gicwb-door-"));
  const reached: string[] = [];
  const inside = http.createServer((request, response) => {
    reached.push(`${request.method} ${request.url}`);
    response.end(`inside ${request.method} ${request.url} of ${request.headers.host}`);
  });
  inside.on("upgrade", (request, socket) => {
    reached.push(`upgrade ${request.url}`);
    socket.end("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  });
  let door: Door;
  let cookie: string;

  before(async () => {
    const socket = path.join(folder, "inside");
    await new Promise<void>((resolve) => inside.listen(socket, resolve));
    door = await openDoor(socket);
    cookie = await cookieOf(`${door.url}/?key=${door.key}`);
  });

  after(async () => {
    await door.close();
    inside.close();
    rmSync(folder, { recursive: true });
  });

  /** What a request gets, after a check that a refused one was not passed on. */
  async function ask(what: Omit<Knock, "url">, where = "/"): Promise<Answer> {
    const before = reached.length;
    const answer = await knock({ url: `${door.url}${where}`, ...what });
    if (answer.status === 401 || answer.status === 403) assert.equal(reached.length, before, "it was passed on");
    return answer;
  }

  for (const where of ["/", "/healthz", "/_static/x.js", "/vscode-remote-resource?path=/etc/shadow", "/proxy/22/"]) {
    it(`refuses ${where} to who has no key`, async () => {
      assert.equal((await ask({}, where)).status, 401);
    });
  }

  it("refuses a WebSocket to who has no key", async () => {
    assert.equal((await ask({ upgrade: true })).status, 401);
  });

  it("gives a WebSocket only to who has the cookie: an address with the key may have been seen", async () => {
    assert.equal((await ask({ upgrade: true }, `/?key=${door.key}`)).status, 401);
  });

  it("refuses another key", async () => {
    assert.equal((await ask({}, `/?key=${"A".repeat(door.key.length)}`)).status, 401);
  });

  it("refuses a cookie with another key", async () => {
    assert.equal((await ask({ headers: { Cookie: `${cookie.slice(0, -1)}~` } })).status, 401);
  });

  it("refuses a method that changes something to who has the key in the address only", async () => {
    assert.equal((await ask({ method: "POST" }, `/?key=${door.key}`)).status, 401);
  });

  it("says in a sentence what to do", async () => {
    assert.match((await ask({})).body, /^This server is for the person who has started it: open the address/);
  });

  it("refuses another user of this machine", async () => {
    const script = `fetch(${JSON.stringify(`${door.url}/`)}).then((answer) => console.log(answer.status))`;
    assert.equal(await asStranger(script), "401\n");
  });

  it("gives a browser that has the key a cookie that no script and no other site gets", async () => {
    const answer = await ask({}, `/?key=${door.key}`);
    assert.match(String(answer.headers["set-cookie"]), /^gicwb-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  it("sends that browser on to the address without the key", async () => {
    const answer = await ask({}, `/?folder=%2Fa&key=${door.key}&x=1`);
    assert.deepEqual([answer.status, answer.headers.location], [302, "/?folder=%2Fa&x=1"]);
  });

  it("sends nobody to another server", async () => {
    assert.equal((await ask({}, `//evil.example/?key=${door.key}`)).headers.location, "/evil.example/");
  });

  it("passes on what comes with the cookie", async () => {
    const { host } = new URL(door.url);
    const answer = await ask({ method: "POST", headers: { Cookie: cookie, Origin: door.url } }, "/a?b=1");
    assert.equal(answer.body, `inside POST /a?b=1 of ${host}`);
  });

  it("passes on a WebSocket that comes with the cookie", async () => {
    assert.equal((await ask({ upgrade: true, headers: { Cookie: cookie, Origin: door.url } })).status, 101);
  });

  it("answers to localhost as well", async () => {
    const { port } = new URL(door.url);
    assert.equal((await ask({ headers: { Cookie: cookie, Host: `localhost:${port}` } })).status, 200);
  });

  const foreign: readonly [string, Record<string, string>][] = [
    ["a Host that only resolves to this machine", { Host: "evil.example" }],
    ["a Host of another port", { Host: "127.0.0.1:1" }],
    ["a foreign Origin", { Origin: "http://evil.example" }],
    ["an Origin on another port of this machine", { Origin: "http://127.0.0.1:1" }],
    ["an Origin without a name", { Origin: "null" }],
    ["what another site has a browser fetch", { "Sec-Fetch-Site": "cross-site" }],
    ["what another port of this machine has a browser fetch", { "Sec-Fetch-Site": "same-site" }],
  ];
  for (const [what, headers] of foreign) {
    for (const upgrade of [false, true]) {
      it(`refuses ${what}, cookie or not, for ${upgrade ? "a WebSocket" : "a page"}`, async () => {
        assert.equal((await ask({ upgrade, headers: { Cookie: cookie, ...headers } })).status, 403);
      });
    }
  }

  it("says that the server inside does not answer", async () => {
    const lonely = await openDoor(path.join(folder, "nobody-listens"));
    const headers = { Cookie: await cookieOf(`${lonely.url}/?key=${lonely.key}`) };
    const answer = await knock({ url: lonely.url, headers });
    await lonely.close();
    assert.deepEqual([answer.status, answer.body], [502, "The server behind this address does not answer.\n"]);
  });
});
