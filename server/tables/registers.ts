import { hex } from "../../architecture/hex.ts";
import type { Work } from "../../dumps/work.ts";
import type { SavedState } from "../../emulator/index.ts";
import { findRegister } from "../../language/index.ts";
import { allRegisterValues, EmulatorTarget, registerExpression } from "../../runner/index.ts";
import { capturesIn, type InputContent } from "../../runner/inputs/tables-input.ts";
import { restoredMachine, stateOfGuest } from "../../runner/saved-machines/index.ts";
import type { RegistersOf, RegistersParams } from "../tables-protocol.ts";
import { type FileAccess, InputProblem, readInput } from "./read-input.ts";

/** Answers `gic/registersOf`. @throws InputProblem when the input tells no register */
export function* registersOf({ input }: RegistersParams, access: FileAccess | undefined): Work<RegistersOf> {
  const content = yield* readInput(input, access);
  const values = (yield* machineValues(content)) ?? (yield* knownValues(content));
  if (values.size === 0) {
    throw new InputProblem(
      `${input.name} tells no register: it is no saved machine, and no file of it holds an ITS's or a redistributor's frame.`,
    );
  }
  return { registers: [...values].map(([expression, value]) => ({ expression, value: hex(value) })) };
}

/** All that can be read of a saved machine or guest, once it is restored; undefined of other inputs. */
function* machineValues(content: InputContent): Work<ReadonlyMap<string, bigint> | undefined> {
  const state = yield* stateIn(content);
  if (state === undefined) return undefined;
  const restored = restoredMachine(state);
  if ("failure" in restored) throw new InputProblem(restored.failure);
  return allRegisterValues(new EmulatorTarget(restored.machine));
}

function* stateIn(content: InputContent): Work<SavedState | undefined> {
  if ("state" in content) return content.state;
  const guests = (yield* capturesIn(content)).flatMap(({ guests: found }) => found);
  if (guests.length !== 1) return undefined;
  const made = stateOfGuest(guests[0].guest);
  return "failure" in made ? undefined : made.state;
}

/** What the files of a capture say of registers. */
function* knownValues(content: InputContent): Work<ReadonlyMap<string, bigint>> {
  const found = new Map<string, bigint>();
  for (const [its, { facts }] of (yield* capturesIn(content)).entries()) {
    for (const [name, value] of facts.registers) {
      const expression = expressionOf(name, its);
      if (expression !== undefined && !found.has(expression)) found.set(expression, value);
    }
  }
  return found;
}

/** @param name as a capture has it: `GITS_CTLR`, `PE 1 GICR_CTLR`, `ITS 1 GITS_CTLR` */
function expressionOf(name: string, capture: number): string | undefined {
  const [, unit, number, register] = /^(?:(PE|ITS) (\d+) )?(\w+)$/.exec(name) ?? [];
  const member = register === undefined ? undefined : findRegister(register);
  if (member === undefined) return undefined;
  return registerExpression({
    ...member,
    name: register,
    pe: unit === "PE" ? Number(number) : 0,
    its: unit === "ITS" ? Number(number) : capture,
  });
}
