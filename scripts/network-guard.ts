// Refuses a process and all that it starts the network, and writes down who asked for it:  GICWB_NETWORK_LOG=FILE node --require=THIS …
// NODE_OPTIONS hands it on to the Node processes and threads that are started. Sockets of this machine go on: loopback, Unix sockets, pipes.
import dgram from "node:dgram";
import dns from "node:dns";
import { appendFileSync, readFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import process from "node:process";

/** Something that asked for the network. */
export interface Attempt {
  /** What was asked for: `connect 192.0.2.1:80`, `look up example.org`. */
  readonly what: string;
  readonly pid: number;
  /** The program's file and arguments. */
  readonly program: readonly string[];
  /** Who asked, from the innermost call on. */
  readonly stack: string;
}

/** The attempts that were written down, first one first. */
export function attempts(log: string): Attempt[] {
  let text: string;
  try {
    text = readFileSync(log, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return []; // Nobody has asked.
    throw error;
  }
  return text.trim() === ""
    ? []
    : text
        .trim()
        .split("\n")
        .map((line): Attempt => JSON.parse(line));
}

type Call = (this: unknown, ...args: never[]) => unknown;

/** Puts another function in the place of one, which it may call. */
function wrap(owner: object, name: string, wrapper: (original: Call) => Call): void {
  const members = owner as Record<string, unknown>;
  const original = members[name];
  if (typeof original === "function") members[name] = wrapper(original as Call);
}

/** Refuses this process the network. @param log file that attempts are added to */
export function guardNetwork(log: string): void {
  const refuse = (what: string): Error => {
    const error = new Error(`${what}: the network is refused here`);
    const attempt: Attempt = { what, pid: process.pid, program: process.argv.slice(1), stack: error.stack ?? "" };
    appendFileSync(log, `${JSON.stringify(attempt)}\n`);
    return Object.assign(error, { code: "EACCES" });
  };

  wrap(
    net.Socket.prototype,
    "connect",
    (connect) =>
      function (this: net.Socket, ...args: never[]) {
        const where = place(args);
        if (where === undefined) return connect.apply(this, args);
        const error = refuse(`connect ${where}`);
        process.nextTick(() => this.destroy(error));
        return this;
      } as Call,
  );
  wrap(
    net.Server.prototype,
    "listen",
    (listen) =>
      function (this: net.Server, ...args: never[]) {
        // Without a host it is every interface that is listened on.
        const where = place(args, "::");
        if (where === undefined) return listen.apply(this, args);
        const error = refuse(`listen ${where}`);
        process.nextTick(() => this.emit("error", error));
        return this;
      } as Call,
  );
  for (const name of ["bind", "connect", "send"]) {
    wrap(dgram.Socket.prototype, name, () => () => {
      throw refuse(`datagrams: ${name}`);
    });
  }
  for (const name of Object.keys(dns).filter((member) => /^(lookup|resolve|reverse)/.test(member))) {
    wrap(dns, name, (ask) => refusedName(ask, name));
    wrap(dns.promises, name, (ask) => refusedName(ask, name));
  }
  syncBuiltinESMExports();

  function refusedName(ask: Call, name: string): Call {
    return function (this: unknown, ...args: never[]) {
      const host: unknown = args[0];
      if (isLocal(String(host))) return ask.apply(this, args);
      const error = refuse(`look up ${host} (${name})`);
      const tell: unknown = args.at(-1);
      if (typeof tell !== "function") return Promise.reject(error);
      process.nextTick(() => tell(error));
      return undefined;
    };
  }
}

/** HOST:PORT of what `connect` and `listen` are called with, and undefined of a place on this machine. */
function place(args: readonly unknown[], byItself = "localhost"): string | undefined {
  // `net.connect` hands over the list that it has made of its arguments.
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  const named: Readonly<Record<string, unknown>> = typeof first === "object" && first !== null ? first : {};
  if (named.path || named.fd !== undefined || named._handle) return undefined; // http gives a `path` of null.
  const port = typeof first === "object" ? named.port : first;
  if (typeof first === "string" && !/^\d+$/.test(first)) return undefined; // A path.
  const host = String(
    (typeof first === "object" ? named.host : typeof second === "string" ? second : undefined) ?? byItself,
  );
  return isLocal(host) ? undefined : `${host}:${port}`;
}

function isLocal(host: string): boolean {
  return host === "localhost" || host === "::1" || /^(::ffff:)?127(\.\d+){3}$/.test(host);
}

const log = process.env.GICWB_NETWORK_LOG;
if (log) guardNetwork(log);
