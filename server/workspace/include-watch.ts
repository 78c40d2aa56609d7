import { type Failures, failureCodes } from "../failures.ts";
import type { OpenScripts } from "../scripts/documents.ts";
import type { Clock } from "../scripts/publisher.ts";

/** Milliseconds between the last change of a file and a look at the scripts that may include it. */
const PAUSE = 100;

/** Looks at scripts again when a file that they include is another one, or the editor has another text of it. */
export class IncludeWatch {
  private readonly scripts: OpenScripts;
  private readonly failures: Failures;
  private readonly clock: Clock;
  private readonly changed: (uris: readonly string[]) => void;
  private waiting: (() => void) | undefined;
  /** Scripts whose included files may be others; undefined: all. */
  private stale: Set<string> | undefined = new Set();

  /** @param changed is told of the scripts that mean something else */
  constructor(scripts: OpenScripts, failures: Failures, clock: Clock, changed: (uris: readonly string[]) => void) {
    this.scripts = scripts;
    this.failures = failures;
    this.clock = clock;
    this.changed = changed;
  }

  /** A file may be another, or what the editor has of it. Who includes it is looked at once nothing more comes. @param uri of it */
  fileChanged(uri: string): void {
    const including = this.scripts.including(uri);
    if (including.length === 0) return;
    for (const one of including) this.stale?.add(one);
    this.lookLater();
  }

  /** Any file may be another, or be there now. */
  anyChanged(): void {
    this.stale = undefined;
    this.lookLater();
  }

  dispose(): void {
    this.waiting?.();
  }

  private lookLater(): void {
    this.waiting?.();
    this.waiting = this.clock.later(PAUSE, () => this.look());
  }

  private look(): void {
    const { stale } = this;
    this.stale = new Set();
    const refresh = () => {
      const uris = this.scripts.refreshIncludes(stale);
      if (uris.length > 0) this.changed(uris);
    };
    this.failures.guard(failureCodes.diagnostics, "the check of included files", refresh, undefined);
  }
}
