import { type ChildProcess, fork } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import type { ServerOutput } from "../language/running-server.ts";
import { asNode } from "./own-node.ts";

/**
 * Objects that live briefly get three times so many MiB. V8's own choice is many times that, saves no time here and costs 120 MiB in a script of
 * 100,000 lines (bench/language-server.ts).
 */
export const serverBounds: readonly string[] = ["--max-semi-space-size=4"];

/** A process that runs the language server, and ends when it is told to. */
export class ServerProcess {
  /** Speaks the protocol over its IPC channel. */
  readonly child: ChildProcess;
  /** Settles when the process is gone. */
  readonly gone: Promise<void>;

  /** @param module file that Node runs */
  constructor(module: string, output: ServerOutput) {
    const child = fork(module, ["--node-ipc", `--clientProcessId=${process.pid}`], {
      env: { ...process.env, ...asNode },
      execArgv: [...serverBounds, ...(isDebugged() ? ["--nolazy", "--inspect=6019"] : [])],
      silent: true,
    });
    this.child = child;
    if (child.stdout !== null) createInterface({ input: child.stdout }).on("line", (line) => output.info(line));
    if (child.stderr !== null) createInterface({ input: child.stderr }).on("line", (line) => output.error(line));
    // Nobody else would end a server that hangs when the window is closed.
    const kill = () => void child.kill("SIGKILL");
    process.once("exit", kill);
    this.gone = new Promise<void>((resolve) => {
      child.once("exit", (code, signal) => {
        output.info(`The language server has ended: ${signal === null ? `exit code ${code}` : signal}.`);
        resolve();
      });
      child.on("error", (error) => {
        output.error(error.message);
        // Without a number it has never been there, and no exit will be told.
        if (child.pid === undefined) resolve();
      });
    }).then(() => {
      process.off("exit", kill);
    });
  }

  /** Ends the process, whatever it is doing: one that is busy or stopped cannot be asked. Settles when it is gone. */
  async end(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.gone;
  }
}

/** Whether somebody debugs the extension: then the server can be debugged too. */
function isDebugged(): boolean {
  return process.execArgv.some((argument) => /^--inspect(-brk)?(=|$)/.test(argument));
}
