import type { CommandWords } from "../architecture/command-codec.ts";
import type { ScriptDocument } from "../language/document.ts";
import { type AssemblyProblem, assembleScript } from "../runner/assemble-script.ts";
import { machineProblem, prepareTarget } from "../runner/setup.ts";

/** The commands of a script as they stand in the queue. */
export interface AssembledScript {
  /** Four doublewords each, with the line that queues it, from 0. `commandBytes` makes the 32 bytes. */
  readonly packets: readonly { readonly line: number; readonly words: CommandWords }[];
  /** Lines that cannot be assembled. */
  readonly problems: readonly AssemblyProblem[];
}

/** The packets that a script queues. It is run on the way, because arguments may depend on what the lines above did. */
export function assemble(document: ScriptDocument): AssembledScript {
  const { refusal, machineLine: line, lines } = document;
  if (refusal !== undefined) return { packets: [], problems: [{ line: 0, problem: refusal }] };
  const prepared = prepareTarget(document.machine);
  if ("target" in prepared) return assembleScript(document, prepared.target);
  return { packets: [], problems: [{ line, problem: machineProblem(prepared.failure, lines[line]) }] };
}
