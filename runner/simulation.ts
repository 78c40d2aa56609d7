import type { Diagnostic, LineDiagnostic, MachineDescription, ScriptDocument } from "../language/index.ts";
import type { MachineBounds } from "./emulator-target.ts";
import { MappingLog } from "./mappings/mapping-log.ts";
import { machineProblem, type Prepared, prepareTarget, ScriptRun } from "./script-run.ts";
import type { Target } from "./target.ts";

/** Lines run before the caller is asked whether to go on: about a millisecond's work. */
const SLICE = 512;

/** What the machines of one run may take of their host. */
export type RunBounds = MachineBounds & { release(): void };

/**
 * Runs a script on the emulator as it is edited, for the diagnostics that only running finds: the same truth in the editor and in the
 * debugger. An edit takes the machine back to the edited line and runs on from there.
 */
export class Simulation {
  private readonly document: ScriptDocument;
  private run: ScriptRun | undefined;
  private failure: string | undefined;
  private machine: unknown;
  private readonly bounds: (() => RunBounds) | undefined;
  private runBounds: RunBounds | undefined;

  /** @param bounds makes what the machines of a run may take of their host, and takes it back when the run is dropped */
  constructor(document: ScriptDocument, bounds?: () => RunBounds) {
    this.document = document;
    this.bounds = bounds;
  }

  /** The machine as the end of the lines run so far left it; undefined when it cannot be built. */
  get target(): Target | undefined {
    return this.run?.target;
  }

  get scriptRun(): ScriptRun | undefined {
    return this.run;
  }

  /** Tells that the document changed from a line on (`ScriptDocument.update`). */
  changed(firstLine: number): void {
    if (this.machine !== undefined && JSON.stringify(describe(this.document)) !== this.machine) this.drop();
    if (this.run?.rewindTo(firstLine) === false) this.drop();
  }

  /** Forgets the run; the next one begins anew. */
  drop(): void {
    this.run = undefined;
    this.runBounds?.release();
    this.runBounds = undefined;
  }

  /** Runs the next line for a few milliseconds at most. As {@link ScriptRun.advance}; also undefined when the machine cannot be built */
  advance(): ReturnType<ScriptRun["advance"]> {
    return (this.run ?? this.start())?.advance();
  }

  /**
   * Runs on to the end.
   * @param cancelled asked every few hundred lines
   * @returns false when it was cancelled before the end
   */
  complete(cancelled: () => boolean = () => false): boolean {
    const run = this.run ?? this.start();
    if (run === undefined) return true;
    for (let count = 0; run.step() !== undefined; count++) {
      if (count % SLICE === SLICE - 1 && cancelled()) return false;
    }
    return true;
  }

  /** Runs until a line is next, or the script ends: the state that the line sees. */
  runTo(line: number): ScriptRun | undefined {
    this.backTo(line);
    const run = this.run ?? this.start();
    while (run !== undefined && run.nextLine < line && run.step() !== undefined);
    return run;
  }

  /** Takes lines from `line` on back; where that cannot be, the run is dropped. */
  backTo(line: number): void {
    const { run } = this;
    if (run === undefined) return;
    const beyond = (run.history.at(-1)?.line ?? -1) >= line || (run.inLine && run.nextLine >= line);
    if (beyond && !run.rewindTo(line)) this.drop();
  }

  /** What running found, in the order of the lines. */
  *diagnostics(): Iterable<LineDiagnostic> {
    if (this.failure !== undefined) {
      const line = this.document.lines.findIndex(({ syntax }) => syntax.kind === "machine");
      const problem: Diagnostic = machineProblem(this.failure, this.document.lines[Math.max(line, 0)]);
      yield { ...problem, line: Math.max(line, 0) };
    }
    for (const { line, result } of this.run?.history ?? []) {
      for (const problem of result.problems) yield { ...problem, line };
    }
  }

  private start(): ScriptRun | undefined {
    const bounds = this.bounds?.();
    this.runBounds = bounds;
    const prepare = (description: MachineDescription): Prepared => prepareTarget(description, bounds);
    const prepared = prepare(this.document.machine);
    this.machine = JSON.stringify(describe(this.document));
    this.failure = "failure" in prepared ? prepared.failure : undefined;
    this.run =
      "target" in prepared ? new ScriptRun(this.document, prepared.target, prepare, new MappingLog()) : undefined;
    return this.run;
  }
}

/** The machine description in a form that can be compared. */
function describe({ machine }: ScriptDocument): unknown {
  return { ...machine, its: machine.its.toString(), ram: machine.ram.map(({ base, size }) => [`${base}`, `${size}`]) };
}
