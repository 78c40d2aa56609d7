import { type Failures, failureCodes } from "../failures.ts";
import type { OpenScripts } from "./documents.ts";
import type { Script } from "./script.ts";

/** Timers and clock of the place where the server runs. */
export interface Clock {
  /** Milliseconds from any start. */
  now(): number;
  /** Calls back once the requests that have come in are answered; the result takes that back. */
  turn(callback: () => void): () => void;
  /** Calls back after some milliseconds; the result takes that back. */
  later(milliseconds: number, callback: () => void): () => void;
}

/** From a change to the start of work on it, in milliseconds: keystrokes that come in one go are worked on once. */
const PAUSE = 5;
/** Work in one go before requests are answered in between, in milliseconds. A keystroke's first answer is out after one of these. */
const SLICE = 12;

/** From the end of a run to the comparison of models, in milliseconds: whoever goes on typing does not pay for it. */
const REST = 300;

/** Milliseconds for which an answer waits for the rest of a script to run. */
const PATIENCE = 2000;

/**
 * Decides when problems are looked for and published: soon after a change with what is known by then, and again when the whole
 * script has run. Work on a script begins anew with each change, so the newest text always comes first.
 */
export class Publisher {
  private readonly clock: Clock;
  private readonly failures: Failures;
  private readonly scripts: OpenScripts;
  private readonly publish: (script: Script) => void;
  private readonly pending = new Map<string, () => void>();
  /** What waits for the end of a script's run. */
  private readonly waiting = new Map<string, Set<() => void>>();

  /** @param publish sends what is known of a script now */
  constructor(clock: Clock, failures: Failures, scripts: OpenScripts, publish: (script: Script) => void) {
    this.clock = clock;
    this.failures = failures;
    this.scripts = scripts;
    this.publish = publish;
  }

  /** A script was opened or changed, or is to be shown otherwise. */
  touch(uri: string): void {
    this.release(uri);
    this.schedule(uri, PAUSE, true);
  }

  /**
   * For answers that editors ask for once a text and never again: waits until every line of a script has run, until its text changes or
   * it is closed, or for {@link PATIENCE}.
   */
  settled(uri: string): Promise<void> {
    if (this.scripts.get(uri)?.simulation?.complete !== false) return Promise.resolve();
    this.resume(uri);
    return new Promise((resolve) => {
      const waiting = this.waiting.get(uri) ?? new Set();
      this.waiting.set(uri, waiting);
      const done = () => {
        waiting.delete(done);
        stop();
        resolve();
      };
      const stop = this.clock.later(PATIENCE, done);
      waiting.add(done);
    });
  }

  private release(uri: string): void {
    for (const done of this.waiting.get(uri) ?? []) done();
    this.waiting.delete(uri);
  }

  /** A request has taken the run of a script back; it goes on when there is time. Nothing is published: nothing has changed. */
  resume(uri: string): void {
    if (!this.pending.has(uri)) this.schedule(uri, PAUSE, undefined);
  }

  /** Ends work on a script. */
  forget(uri: string): void {
    this.release(uri);
    this.cancel(uri);
  }

  private cancel(uri: string): void {
    this.pending.get(uri)?.();
    this.pending.delete(uri);
  }

  dispose(): void {
    for (const uri of [...this.pending.keys(), ...this.waiting.keys()]) this.forget(uri);
  }

  /** @param first whether this is the first slice after a change; undefined when nothing is to be published */
  private schedule(uri: string, pause: number, first: boolean | undefined): void {
    this.cancel(uri);
    const slice = (): void => {
      this.pending.delete(uri);
      this.failures.guard(
        failureCodes.diagnostics,
        `the diagnostics of ${uri}`,
        () => this.work(uri, first),
        undefined,
      );
    };
    this.pending.set(uri, pause === 0 ? this.clock.turn(slice) : this.clock.later(pause, slice));
  }

  private work(uri: string, first: boolean | undefined): void {
    const script = this.scripts.get(uri);
    if (script === undefined) return;
    const complete = this.advance(script);
    if (first === true || (first === false && complete)) this.publish(script);
    if (!complete) {
      this.schedule(uri, 0, first === undefined ? undefined : false);
      return;
    }
    this.release(uri);
    if (script.portable?.complete === false && !hasErrors(script)) this.compareLater(script);
  }

  /** When a script has run, what differs between models is looked for, in slices, until its text changes. */
  private compareLater({ uri, version }: Script): void {
    const slice = (): void => {
      this.pending.delete(uri);
      const script = this.scripts.get(uri);
      if (script === undefined || script.version !== version) return;
      const compared = this.failures.guard(
        failureCodes.run,
        `the comparison of models of ${uri}`,
        () => this.compare(script),
        true,
      );
      if (compared) {
        if ((script.portable?.hints.length ?? 0) > 0) this.publish(script);
      } else this.pending.set(uri, this.clock.later(PAUSE, slice));
    };
    this.pending.set(uri, this.clock.later(REST, slice));
  }

  private compare({ portable }: Script): boolean {
    return portable?.advance(SLICE, this.clock.now) ?? true;
  }

  /** Runs a script on. Where that fails it is not run any more: what reading finds is better than nothing. */
  private advance(script: Script): boolean {
    try {
      return script.simulation?.advance(SLICE) ?? true;
    } catch (error) {
      this.scripts.stopRunning(script.uri);
      this.failures.report(failureCodes.run, `the run of ${script.uri}`, error);
      return true;
    }
  }
}

/** Problems that are looked at for an error among them. */
const LOOKED_AT = 100;

/** Whether a script has errors: those are to be mended first. */
function hasErrors({ document, simulation }: Script): boolean {
  const found = [...document.diagnostics(LOOKED_AT).list, ...(simulation?.problems(LOOKED_AT).list ?? [])];
  return found.some(({ severity }) => severity === "error");
}
