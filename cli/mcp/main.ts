// `gicwb mcp`, and the threads in which its calls are carried out.
import process from "node:process";
import { isMainThread } from "node:worker_threads";
import { answerInThisThread } from "./answer-in-thread.ts";

/**
 * Serves the client on standard input and output. Settles when it is gone.
 * @param module this file, as threads load it
 */
export async function serveStdio(module: string, root: string | undefined): Promise<void> {
  // Threads need nothing of the protocol.
  const [{ serve }, { LineTransport }, { Threads }, { limits }] = await Promise.all([
    import("./serve.ts"),
    import("./line-transport.ts"),
    import("./threads.ts"),
    import("./limits.ts"),
  ]);
  const transport = new LineTransport(process.stdin, process.stdout, limits.messageBytes);
  await serve(transport, { threads: new Threads(module), started: process.cwd(), root });
}

if (!isMainThread) answerInThisThread();
