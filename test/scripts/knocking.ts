import { execFile } from "node:child_process";
import http from "node:http";

/** One request as an attacker or a browser makes it. */
export interface Knock {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Asks for a WebSocket. */
  readonly upgrade?: boolean;
}

/** What came back: 101 is an open WebSocket. */
export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

const webSocket = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
};

export function knock({ url, method = "GET", headers = {}, upgrade = false }: Knock): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const all = upgrade ? { ...webSocket, ...headers } : headers;
    const request = http.request(url, { method, headers: all, agent: false });
    request.once("error", reject);
    request.once("upgrade", (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: "" });
    });
    request.once("response", (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      response.once("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    request.end();
  });
}

/** The cookie that an address with the key gives to a browser. */
export async function cookieOf(address: string): Promise<string> {
  const { headers } = await knock({ url: address });
  return headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
}

/**
 * Runs JavaScript (CommonJS) as a local user who is not us and returns what it prints. Only root can be somebody else; for any
 * other user the script runs as that user, who has no key either.
 */
export function asStranger(script: string): Promise<string> {
  const nobody = 65534;
  const drop = `if (process.getuid() === 0) { process.setgroups([]); process.setgid(${nobody}); process.setuid(${nobody}); }`;
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ["-e", `${drop}\n${script}`], (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    );
  });
}
