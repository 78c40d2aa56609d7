import { createServer, type Socket } from "node:net";
import process from "node:process";
import { serve } from "../../debug-adapter/wire/serve.ts";
import { defineCommand } from "../command.ts";
import { errors } from "../errors.ts";

const MAX_PORT = 65_535n;

/** `gicwb dap`: the debug adapter, for editors other than VS Code. */
export const dap = defineCommand({
  name: "dap",
  summary: "be a debug adapter (Debug Adapter Protocol) on standard input and output",
  args: [],
  options: {
    stdio: { type: "flag", summary: "on standard input and output (the default)" },
    port: { type: "number", value: "N", summary: "on port N of this machine, a session a connection; 0 chooses one" },
  },
  details: [
    "Attributes of launch requests: program, model, cpus, state, stopOnEntry, stopAtEnd, test, filesRoot, compareWith (docs/debugging.md).",
    "Exit code 0: the client has disconnected; 2: it sent what is no message of the protocol.",
  ],
  async run(_, { stdio, port }, { err }) {
    if (stdio === true && port !== undefined) throw errors.usage("Say --stdio or --port, not both.", "dap");
    if (port !== undefined && (port < 0n || port > MAX_PORT)) {
      throw errors.usage(`A port is a number from 0 to ${MAX_PORT}.`, "dap");
    }
    if (port !== undefined) {
      return await listen(Number(port), (line) => {
        err.line(line);
        return err.flush();
      });
    }
    const { code, problem } = await serve(process.stdin, process.stdout, (end) => process.once("SIGTERM", end));
    if (problem !== undefined) err.line(problem);
    // Nothing more is read: an open input would keep the process.
    process.stdin.destroy();
    return code;
  },
});

/** Serves each connection until the process is told to end. */
function listen(port: number, say: (line: string) => Promise<void>): Promise<0> {
  return new Promise((resolve, reject) => {
    const sessions = new Map<Socket, () => void>();
    const server = createServer((socket) => {
      serve(socket, socket, (stop) => sessions.set(socket, stop))
        .then(({ problem }) => {
          sessions.delete(socket);
          socket.end();
          return problem === undefined ? undefined : say(problem);
        })
        .catch(reject);
    });
    server.on("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      const chosen = typeof address === "object" ? address?.port : address;
      say(`The debug adapter listens on port ${chosen} of 127.0.0.1.`).catch(reject);
    });
    const end = (): void => {
      // What was said last must reach its readers first.
      const written = [...sessions].map(([socket, stop]) => {
        const finished = new Promise<void>((done) => socket.once("finish", done).once("close", done));
        stop();
        return finished;
      });
      server.close();
      Promise.all(written).then(() => resolve(0), reject);
    };
    process.once("SIGTERM", end);
    process.once("SIGINT", end);
  });
}
