import type { DebugProtocol } from "@vscode/debugprotocol";
import { hex } from "../../architecture/hex.ts";
import type { Target } from "../../runner/index.ts";

/** Threads of ITSs are numbered from here, those of PEs from {@link FIRST_PE}: a machine has 16 and 512 of them at most. */
const FIRST_ITS = 1;
const FIRST_PE = 1001;

/** INTIDs from here to 1023 say that there is none. */
const SPECIAL = 1020n;
const LAST_SPECIAL = 1023n;

/** The thread that a script runs on: ITS 0, which takes its commands, or PE 0 where there is no ITS. */
export function mainThread({ map }: Target): number {
  return map.its.length > 0 ? FIRST_ITS : FIRST_PE;
}

/** ITSs and PEs: what does something by itself in a GIC. */
export function threadsOf({ map, cpus }: Target): DebugProtocol.Thread[] {
  return [
    ...map.its.map((_, its) => ({ id: FIRST_ITS + its, name: `ITS ${its}` })),
    ...Array.from({ length: cpus }, (_, pe) => ({ id: FIRST_PE + pe, name: `PE ${pe}` })),
  ];
}

/** What a thread or frame other than the script's is about; its frame has the number of its thread. */
export function unitOf(
  target: Target,
  id: number | undefined,
): { readonly kind: "its" | "pe"; readonly number: number } | undefined {
  if (id === undefined || id === mainThread(target)) return undefined;
  if (id >= FIRST_PE && id < FIRST_PE + target.cpus) return { kind: "pe", number: id - FIRST_PE };
  if (id > FIRST_ITS && id < FIRST_ITS + target.map.its.length) return { kind: "its", number: id - FIRST_ITS };
  return undefined;
}

/** What a PE or ITS stands at, for people. */
export function unitText(
  target: Target,
  { kind, number }: { readonly kind: "its" | "pe"; readonly number: number },
): string {
  if (kind === "pe") return `PE ${number}: ${peText(target, number)}`;
  const { writer, reader, stalled, enabled } = target.queue(number);
  const state = stalled
    ? "its queue is stalled"
    : reader === writer
      ? "its queue is empty"
      : `at ${hex(reader)} of its queue`;
  return `ITS ${number}: ${enabled ? state : "disabled"}`;
}

function peText(target: Target, pe: number): string {
  const read = (name: string): bigint | undefined =>
    target.time === undefined ? undefined : target.time.peek(() => target.readSystemRegister(pe, name));
  const running = read("ICC_RPR_EL1");
  const pending = read("ICC_HPPIR1_EL1");
  const isNone = pending === undefined || (pending >= SPECIAL && pending <= LAST_SPECIAL);
  const waits = isNone ? "no Group 1 interrupt waits for it" : `INTID ${pending} waits for it`;
  return running === undefined || running === 0xffn ? waits : `runs at priority ${hex(running)}, ${waits}`;
}
