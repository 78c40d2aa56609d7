import { PassThrough, type Readable, type Writable } from "node:stream";
import { createDebugAdapter } from "../inline.ts";
import { MessageReader } from "./message-reader.ts";

/** What a session over streams came to. */
export interface Served {
  /** 0, or 2 when the client sent what is no message. */
  readonly code: 0 | 2;
  /** Why it ended, when that was not the client's wish. */
  readonly problem?: string;
}

/** A session over two streams: resolves when it is over. @param stop is given what ends it from outside */
export function serve(
  input: Readable,
  output: Writable,
  stop: (end: () => void) => void = () => undefined,
): Promise<Served> {
  return new Promise((resolve) => {
    const session = createDebugAdapter(() => resolve({ code: 0 }));
    stop(() => session.end());
    const reader = new MessageReader({
      message: (value) => {
        if (!session.receive(value)) end("a message is no request with a seq and a command");
      },
      broken: (problem) => end(problem),
    });
    const end = (problem: string): void => {
      resolve({ code: 2, problem: `The debug adapter ends: ${problem}.` });
      session.shutdown();
    };
    // The session only writes: what it is to read comes through the reader, which has bounds.
    session.start(new PassThrough(), output);
    input.on("data", (data: Buffer) => reader.push(data));
    input.on("end", () => session.shutdown());
    output.on("error", () => session.shutdown());
  });
}
