import { type ConnectionOptions, ErrorCodes, LSPErrorCodes, type Message, ResponseError } from "vscode-languageserver";

/**
 * How connections are made: a request that is given up while it waits in the queue is answered so, and never begun. Without this the
 * library hands it over first and tells of the end afterwards.
 */
export const connectionOptions: ConnectionOptions = {
  connectionStrategy: {
    cancelUndispatched: (message) => ({ jsonrpc: "2.0", id: idOf(message), error: cancelled().toJson() }),
  },
};

/** What is answered to a request that its client has given up. */
export function cancelled(): ResponseError<never> {
  return new ResponseError<never>(LSPErrorCodes.RequestCancelled, "The request was given up.");
}

/** What is answered to a request that is not as the protocol has it. */
export function invalid(problem: string): ResponseError<never> {
  return new ResponseError<never>(ErrorCodes.InvalidParams, problem);
}

function idOf(message: Message): number | string | null {
  return "id" in message && (typeof message.id === "number" || typeof message.id === "string") ? message.id : null;
}
