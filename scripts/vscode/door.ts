import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import { type Duplex, pipeline } from "node:stream";

/**
 * The only way to a server that listens on a socket in a folder that no other user can enter. The door listens on a free port
 * of 127.0.0.1, which every user and every web page of this machine can knock at, and lets pass only who has the key: once in
 * the address, from then on in a cookie.
 */
export interface Door {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** The secret: with `?key=KEY` in the address a browser is given the cookie. */
  readonly key: string;
  /** Shuts the door in front of everybody, inside and outside. */
  close(): Promise<void>;
}

/** Opens a door to the server on a Unix socket. */
export async function openDoor(socket: string): Promise<Door> {
  const key = randomBytes(32).toString("base64url");
  const server = http.createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const keeper = new Keeper(port, key);
  const tunnels = new Set<Duplex>();

  server.on("request", (request, response) => {
    const refusal = keeper.refusal(request);
    if (refusal !== undefined) {
      response.writeHead(refusal.status, refusalHeaders).end(`${refusal.sentence}\n`);
      return;
    }
    const without = keeper.addressWithoutKey(request);
    if (without !== undefined) {
      response.writeHead(302, { Location: without, "Set-Cookie": keeper.cookie, ...noTraces }).end();
      return;
    }
    forward(socket, request, response);
  });
  server.on("upgrade", (request, outside, head) => {
    outside.on("error", () => outside.destroy());
    const refusal = keeper.refusal(request) ?? (keeper.hasCookie(request) ? undefined : noKey);
    if (refusal !== undefined) {
      outside.end(refusalText(refusal));
      return;
    }
    tunnels.add(outside);
    outside.once("close", () => tunnels.delete(outside));
    tunnel(socket, request, outside, head);
  });

  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
      for (const outside of tunnels) outside.destroy();
    });
  return { url: `http://127.0.0.1:${port}`, key, close };
}

interface Refusal {
  readonly status: 401 | 403;
  readonly sentence: string;
}

const noKey: Refusal = {
  status: 401,
  sentence:
    "This server is for the person who has started it: open the address that the start has printed, as a whole.",
};

/** Neither the key nor what it opens is kept by a cache or told to another server. */
const noTraces = { "Cache-Control": "no-store", "Referrer-Policy": "no-referrer" };
const refusalHeaders = {
  ...noTraces,
  "Content-Type": "text/plain; charset=utf-8",
  "X-Content-Type-Options": "nosniff",
  Connection: "close",
};

function refusalText({ status, sentence }: Refusal): string {
  const headers = Object.entries(refusalHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\n${headers.join("")}\r\n${sentence}\n`;
}

/** Decides who may pass. */
class Keeper {
  /** What a browser keeps of the key. A browser sends cookies to every port of a host, so the name has the port. */
  readonly cookie: string;
  private readonly key: string;
  private readonly cookieName: string;
  private readonly hosts: readonly string[];

  constructor(port: number, key: string) {
    this.key = key;
    this.cookieName = `gicwb-${port}`;
    this.cookie = `${this.cookieName}=${key}; Path=/; HttpOnly; SameSite=Strict`;
    this.hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  }

  refusal(request: http.IncomingMessage): Refusal | undefined {
    const { host = "", origin } = request.headers;
    // A page of another name that resolves to this machine has that name here.
    if (!this.hosts.includes(host)) {
      return { status: 403, sentence: `This server answers to ${this.hosts.join(" and ")} only.` };
    }
    // The page of another server, also of one on another port of this machine, to which a browser sends our cookie.
    const site = request.headers["sec-fetch-site"];
    const foreign =
      (origin !== undefined && origin !== `http://${host}`) || site === "cross-site" || site === "same-site";
    if (foreign) return { status: 403, sentence: "This server does not answer to pages of another origin." };
    return this.hasCookie(request) || this.keyInAddress(request) ? undefined : noKey;
  }

  hasCookie(request: http.IncomingMessage): boolean {
    const cookies = (request.headers.cookie ?? "").split(";").map((text) => text.trim());
    const prefix = `${this.cookieName}=`;
    return cookies.some((text) => text.startsWith(prefix) && this.isKey(text.slice(prefix.length)));
  }

  /** Where a browser that came with the key goes on, so that the key stays neither in its history nor in a referrer. */
  addressWithoutKey(request: http.IncomingMessage): string | undefined {
    if (!this.keyInAddress(request)) return undefined;
    const { path, query } = split(request);
    query.delete("key");
    return query.size === 0 ? path : `${path}?${query}`;
  }

  private keyInAddress(request: http.IncomingMessage): boolean {
    if (request.method !== "GET") return false;
    const key = split(request).query.get("key");
    return key !== null && this.isKey(key);
  }

  /** Takes the same time for every wrong key. */
  private isKey(text: string): boolean {
    const digest = (of: string) => createHash("sha256").update(of).digest();
    return timingSafeEqual(digest(text), digest(this.key));
  }
}

function split(request: http.IncomingMessage): { path: string; query: URLSearchParams } {
  const [path = "/", ...rest] = (request.url ?? "/").split("?");
  // A second slash at the beginning would be the name of another server.
  return { path: path.replace(/^\/*/, "/"), query: new URLSearchParams(rest.join("?")) };
}

function forward(socketPath: string, request: http.IncomingMessage, response: http.ServerResponse): void {
  const { method, url: path, headers } = request;
  const inside = http.request({ socketPath, method, path, headers, agent: false });
  inside.once("response", (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders);
    pipeline(answer, response, () => {}); // A browser that leaves early is no error.
  });
  inside.once("error", () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502, refusalHeaders).end("The server behind this address does not answer.\n");
  });
  response.once("close", () => inside.destroy());
  pipeline(request, inside, () => {});
}

function tunnel(socketPath: string, request: http.IncomingMessage, outside: Duplex, head: Buffer): void {
  const inside = net.connect(socketPath);
  inside.on("error", () => outside.destroy());
  const lines = [`${request.method} ${request.url} HTTP/1.1`];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
  }
  inside.write(`${lines.join("\r\n")}\r\n\r\n`);
  inside.write(head);
  pipeline(outside, inside, outside, () => {}); // The end of either is the end of both.
}
