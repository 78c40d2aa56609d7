import { Buffer } from "node:buffer";
import type { Readable, Writable } from "node:stream";
import { deserializeMessage, serializeMessage } from "@modelcontextprotocol/sdk/shared/stdio.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";

const NEWLINE = 0x0a;
const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;

/**
 * Messages a line each. Other than the SDK's own transport it answers what is no message, goes on after a line that is too long, and ends
 * when the client closes its side.
 */
export class LineTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  private readonly input: Readable;
  private readonly output: Writable;
  private readonly most: number;
  private pieces: Buffer[] = [];
  private length = 0;
  /** Whether the rest of this line is passed over, because it is too long. */
  private skipping = false;
  private closed = false;

  /** @param most bytes of one line */
  constructor(input: Readable, output: Writable, most: number) {
    this.input = input;
    this.output = output;
    this.most = most;
  }

  async start(): Promise<void> {
    const end = () => void this.close();
    this.input.on("data", (chunk: Buffer) => this.take(chunk));
    this.input.on("end", end);
    this.input.on("error", end);
    // The client is gone: nobody reads what is written.
    this.output.on("error", end);
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.closed) return;
    if (this.output.write(serializeMessage(message))) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.output.off("drain", done);
        this.output.off("close", done);
        resolve();
      };
      this.output.on("drain", done);
      this.output.on("close", done);
    });
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.pieces = [];
    this.input.destroy();
    this.onclose?.();
  }

  private take(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0 && !this.closed; end = chunk.indexOf(NEWLINE, from)) {
      this.add(chunk.subarray(from, end));
      this.lineEnds();
      from = end + 1;
    }
    this.add(chunk.subarray(from));
  }

  private add(piece: Buffer): void {
    this.length += piece.length;
    if (this.length > this.most) {
      this.skipping = true;
      this.pieces = [];
    }
    if (!this.skipping && piece.length > 0) this.pieces.push(piece);
  }

  private lineEnds(): void {
    const { skipping, length, pieces } = this;
    this.pieces = [];
    this.length = 0;
    this.skipping = false;
    if (skipping) {
      this.refuse(null, INVALID_REQUEST, `The message has ${length} bytes; ${this.most} may be sent. It was not read.`);
      return;
    }
    const line = Buffer.concat(pieces).toString("utf8").trim();
    if (line !== "") this.message(line);
  }

  private message(line: string): void {
    let parsed: unknown;
    try {
      parsed = JSON.parse(line);
    } catch {
      this.refuse(null, PARSE_ERROR, "The line is no JSON. Each message is one line of JSON.");
      return;
    }
    let message: JSONRPCMessage;
    try {
      message = deserializeMessage(line);
    } catch {
      this.refuse(
        idOf(parsed),
        INVALID_REQUEST,
        "The line is no message of JSON-RPC 2.0: one object, with jsonrpc, method and id.",
      );
      return;
    }
    this.onmessage?.(message);
  }

  /** @param id of the request, where one can be seen */
  private refuse(id: string | number | null, code: number, message: string): void {
    if (!this.closed) this.output.write(`${JSON.stringify({ jsonrpc: "2.0", id, error: { code, message } })}\n`);
  }
}

function idOf(message: unknown): string | number | null {
  const id = typeof message === "object" && message !== null && "id" in message ? message.id : null;
  return typeof id === "string" || typeof id === "number" ? id : null;
}
