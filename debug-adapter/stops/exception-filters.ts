import type { DebugProtocol } from "@vscode/debugprotocol";
import { commandErrorByCode } from "../../architecture/index.ts";
import { type CommandEvent, outcomeDetail, outcomeName } from "../../emulator/index.ts";
import type { Diagnostic } from "../../language/index.ts";
import { expectationCodes, runErrors, type StatementResult } from "../../runner/index.ts";

/** What a run may stop at though nobody has set a breakpoint there. */
export type ExceptionKind =
  | "command-errors"
  | "stalls"
  | "host-crashes"
  | "memory-faults"
  | "failed-expectations"
  | "lost-interrupts"
  | "ignored-writes"
  | "model-differences";

interface Filter {
  readonly kind: ExceptionKind;
  readonly label: string;
  readonly description: string;
  /** Whether it is on where nobody has said otherwise. */
  readonly isOn: boolean;
  readonly condition: string;
}

const errorCondition = "MAPTI_*, *_OOR, 0x010903, or if EXPRESSION, or both";
const plainCondition = "if EXPRESSION";

/** Every filter, in the order in which editors show them. */
export const exceptionFilters: readonly Filter[] = [
  {
    kind: "command-errors",
    label: "Failing commands",
    description: "Stops after a line that the GIC refused.",
    isOn: true,
    condition: errorCondition,
  },
  {
    kind: "stalls",
    label: "Stalled queues",
    description: "Stops after a command that stops the queue: GITS_CREADR.Stalled is 1.",
    isOn: true,
    condition: errorCondition,
  },
  {
    kind: "host-crashes",
    label: "Crashes of the host",
    description: "Stops where the host's kernel would crash.",
    isOn: true,
    condition: plainCondition,
  },
  {
    kind: "memory-faults",
    label: "Memory that is not there",
    description: "Stops after an access, or a command, that met memory or a device that is not there.",
    isOn: true,
    condition: plainCondition,
  },
  {
    kind: "failed-expectations",
    label: "Failed expectations",
    description: "Stops after an expect that does not hold, and after another outcome than the one behind =>.",
    isOn: true,
    condition: plainCondition,
  },
  {
    kind: "lost-interrupts",
    label: "Lost interrupts",
    description: "Stops after an MSI, or an INT, that reaches no PE because something is not mapped or off.",
    isOn: true,
    condition: errorCondition,
  },
  {
    kind: "ignored-writes",
    label: "Ignored writes",
    description: "Stops after a write of which the register has taken nothing.",
    isOn: false,
    condition: plainCondition,
  },
  {
    kind: "model-differences",
    label: "Differences to other models",
    description:
      "Stops before a command with which another model does something else. Each command is tried on every model: slow.",
    isOn: false,
    condition: "qemu-*, kvm-6.1, or if EXPRESSION, or both",
  },
];

/** The filters as the protocol has them. */
export const filterCapabilities: DebugProtocol.ExceptionBreakpointsFilter[] = exceptionFilters.map(
  ({ kind, label, description, isOn, condition }) => ({
    filter: kind,
    label,
    description,
    default: isOn,
    supportsCondition: true,
    conditionDescription: condition,
  }),
);

/** Whether a text names a filter. */
export function isExceptionKind(text: string): text is ExceptionKind {
  return exceptionFilters.some(({ kind }) => kind === text);
}

const memoryCodes: ReadonlySet<string> = new Set([
  runErrors.commandFault.code,
  runErrors.busError.code,
  runErrors.mmioExit.code,
  runErrors.noMemory.code,
]);

/** The filter that a problem belongs to, and the names by which conditions may pick it: of an error its name, its command and its code. */
export function classify(
  { code }: Pick<Diagnostic, "code">,
  event: CommandEvent | undefined,
): { readonly kind: ExceptionKind; readonly names: readonly string[] } {
  const error = event === undefined ? undefined : commandErrorByCode(outcomeDetail(event.outcome));
  const names = error === undefined ? [] : [error.name, error.command, hexCode(error.code)];
  if (expectationCodes.has(code)) return { kind: "failed-expectations", names };
  if (code === runErrors.hostCrash.code) return { kind: "host-crashes", names };
  if (memoryCodes.has(code)) return { kind: "memory-faults", names };
  if (code === runErrors.msiBlocked.code) return { kind: "lost-interrupts", names };
  if (event !== undefined && outcomeName(event.outcome) === "stalled") return { kind: "stalls", names };
  if (error?.command === "INT") return { kind: "lost-interrupts", names };
  return { kind: "command-errors", names };
}

/** The command of a line that failed; of several the last one, which is the line's own. */
export function failedCommand({ commands }: StatementResult): CommandEvent | undefined {
  return commands.findLast(({ outcome }) => outcomeName(outcome) !== "done");
}

/** `0x010903`, as manuals have it. */
export function hexCode(code: number): string {
  return `0x${code.toString(16).padStart(6, "0")}`;
}
