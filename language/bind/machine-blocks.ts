import type { Block } from "../blocks.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { errors } from "../errors.ts";
import { limits } from "../limits.ts";
import { noBinding, noUses, type ScriptLine } from "../parse/line.ts";
import { LineState } from "../parse/parse-line.ts";
import type { MachineProperty } from "../parse/syntax.ts";
import { defaultMachine, MachineBuilder, type MachineDescription } from "./machine.ts";

/** Reads the machine blocks of a script, their lines in order. */
export class MachineBlocks {
  /** The machine of the block before every other statement; the default when there is none. */
  first = defaultMachine;
  /** The line that begins its description: the block's, or one that includes a file; undefined: none describes it. */
  describedBy: ScriptLine | undefined;
  private count = 0;
  private builder: MachineBuilder<ScriptLine> | undefined;
  /** Line that opens the block. */
  private opening: ScriptLine | undefined;

  /** Takes the machine that an included file describes. @param by the line that includes it */
  take(machine: MachineDescription, by: ScriptLine | undefined): void {
    this.first = machine;
    this.describedBy = by;
  }

  /** Binds one line of a block. The line that opens it executes it, with the properties of them all. */
  bind(line: ScriptLine, around: Block | undefined): void {
    line.binding = noBinding;
    const { syntax } = line;
    if (syntax.kind !== "machine") return;
    const { word, properties } = syntax;
    if (around !== undefined && around.kind !== "test") {
      if (word !== undefined) line.binding = { problem: errors.machineInBlock(word), uses: noUses };
      return;
    }
    if (word !== undefined && !this.open(line)) {
      line.binding = { problem: errors.tooManyMachines(word), uses: noUses };
      return;
    }
    const problem = this.add(properties, line);
    if (problem !== undefined) line.binding = { problem, uses: noUses };
    if (syntax.closes) this.finish();
    else this.describe();
  }

  /** All properties of the block under way are read, if there is one. */
  finish(): void {
    if (this.builder === undefined) return;
    for (const { place, problem } of this.builder.finish())
      if (place.binding.problem === undefined) place.binding = { ...place.binding, problem, uses: noUses };
    this.describe();
    this.builder = undefined;
  }

  private describe(): void {
    if (this.builder === undefined) return;
    const machine = this.builder.build();
    if (this.opening === undefined || this.opening.stateBefore === LineState.start) this.take(machine, this.opening);
    else this.opening.binding = { ...this.opening.binding, statement: { kind: "machine", machine } };
  }

  /** @returns whether the script may have one more */
  private open(line: ScriptLine): boolean {
    this.finish();
    this.opening = line;
    this.builder = this.count < limits.machines ? new MachineBuilder<ScriptLine>() : undefined;
    this.count++;
    return this.builder !== undefined;
  }

  private add(properties: readonly MachineProperty[], line: ScriptLine): Diagnostic | undefined {
    for (const property of properties) {
      const problem = this.builder?.add(property, line);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
}
