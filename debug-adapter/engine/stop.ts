import type { LineDone } from "../../runner/index.ts";
import type { Exception } from "../stops/exceptions.ts";

/**
 * Runs a task soon, after the messages that have come in (setImmediate, or a MessageChannel in a browser).
 * @param goesOn the task is the next slice of long work: everybody else in the process has a turn before it
 */
export type Scheduler = (task: () => void, goesOn?: boolean) => void;

/** Why a script stands where it does. */
export interface Stop {
  readonly reason:
    | "entry"
    | "step"
    | "breakpoint"
    | "function breakpoint"
    | "data breakpoint"
    | "instruction breakpoint"
    | "exception"
    | "pause"
    | "end"
    | "goto";
  /** What the editor shows; absent: what it says for the reason. */
  readonly description?: string;
  readonly breakpointIds?: readonly number[];
  readonly exception?: Exception;
}

/** How a step is made. */
export interface StepOptions {
  /** Into the line, or into the command that is next inside of it. */
  readonly into?: boolean;
  /** By micro-steps, whatever the top frame is. */
  readonly micro?: boolean;
}

/** Who is told what happens. */
export interface EngineListener {
  ran(done: LineDone): void;
  /** Text of a log point or about a breakpoint, at a line that runs next. */
  logged(line: number, text: string): void;
  /** A slice of a long run is over. */
  sliceDone(): void;
  stopped(stop: Stop): void;
  /** What was carried out by hand is done, or taken back. */
  workDone(): void;
  /** The script has ended and nobody wants to look at it. */
  ended(): void;
}

/** Work in milliseconds before messages are looked at. A stretch of one line takes a few more at most. */
export const SLICE_MS = 16;
