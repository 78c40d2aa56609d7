import type { MessageTransports } from "vscode-languageclient";

/** What the server writes beside the protocol, line by line. */
export interface ServerOutput {
  info(line: string): void;
  error(line: string): void;
}

/** A language server that runs, as a process or in a worker. */
export interface RunningServer {
  readonly transports: MessageTransports;
  /** Ends it, whatever it is doing: one that is busy cannot be asked. Settles when it is gone. */
  end(): Promise<void>;
}

/** Starts a language server. Rejects when there is none to start. */
export type StartServer = (output: ServerOutput) => Promise<RunningServer>;
