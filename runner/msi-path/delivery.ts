import { offsetOf } from "../../architecture/index.ts";
import type { MsiStep } from "../../dumps/captures/index.ts";
import type { Machine } from "../../emulator/index.ts";

/** GICD_CTLR: Group 1 interrupts of the reader's world go to CPU interfaces. Bit 1 in every view with affinity routing. */
const ENABLE_GROUP_1 = 1n << 1n;
const LIST_REGISTERS = 16;
/** ICH_LR<n>_EL2.State of one that is not in use. */
const INVALID = 0;

/** The GIC goes by the configuration byte that it has read last, whatever memory says by now. */
export function withCached(machine: Machine, steps: readonly MsiStep[]): readonly MsiStep[] {
  const at = steps.findIndex(({ link }) => link === "configuration byte");
  if (at < 0) return steps;
  const byte = steps[at];
  const cached = machine.lpi(byte.values.INTID);
  if (cached === undefined) return steps;
  const differs =
    Number(cached.enabled) !== byte.values.Enable ||
    (byte.values.Priority !== undefined && cached.priority !== byte.values.Priority);
  if (!differs) return steps;
  const values = { ...byte.values, Enable: Number(cached.enabled), Priority: cached.priority };
  return [
    ...steps.slice(0, at),
    // What memory says counts only once an INV or INVALL has made the GIC read it.
    { ...byte, state: "good" },
    { link: "cached configuration", state: cached.enabled ? "good" : "broken", values },
    ...(cached.enabled ? pendingStep(steps, cached.pending, at) : []),
  ];
}

/** The step behind the configuration byte; the tables' walk ends before it where memory says that the LPI is not enabled. */
function pendingStep(steps: readonly MsiStep[], pending: boolean, at: number): readonly MsiStep[] {
  const rest = steps.slice(at + 1);
  if (rest.length > 0) return rest;
  const { INTID } = steps[at].values;
  const PE = steps.findLast(({ values }) => values.PE !== undefined)?.values.PE ?? 0;
  return [{ link: "pending bit", state: "good", values: { INTID, PE, Pending: Number(pending) } }];
}

/** What the distributor and the PE's CPU interface do with an LPI that the redistributor has. @param steps up to its pending bit */
export function delivery(machine: Machine, steps: readonly MsiStep[]): MsiStep[] {
  const last = steps.at(-1);
  if (last?.link !== "pending bit" || last.state === "broken") return [];
  const { PE: pe, INTID: intid, Pending: pending } = last.values;
  const cached = machine.lpi(intid);
  // Before the registers: a vCPU enters its guest for a read of them, and its list registers are filled.
  const inListRegister = listRegister(machine, pe, intid);
  const { map } = machine;
  const address = map.gicd + offsetOf("GICD_CTLR");
  const ctlr = machine.read(address, 4) ?? 0n;
  const group = machine.readSystemRegister?.(pe, "ICC_IGRPEN1_EL1") ?? 0n;
  const mask = Number(machine.readSystemRegister?.(pe, "ICC_PMR_EL1") ?? 0n);
  const running = Number(machine.readSystemRegister?.(pe, "ICC_RPR_EL1") ?? 0xffn);
  const priority = cached?.priority ?? 0;
  const step = (link: MsiStep["link"], good: boolean, values: MsiStep["values"], place = {}): MsiStep => ({
    link,
    state: good ? "good" : "broken",
    values,
    ...place,
  });
  const enabled = (ctlr & ENABLE_GROUP_1) !== 0n;
  const found = [
    step("GICD_CTLR", enabled, { EnableGrp1: Number(enabled) }, { address, word: ctlr, bytes: 4 }),
    step("ICC_IGRPEN1_EL1", (group & 1n) === 1n, { PE: pe, Enable: Number(group & 1n) }),
    step("ICC_PMR_EL1", priority < mask, { PE: pe, Priority: priority, Mask: mask }),
    // An LPI that is not pending waits for nothing: what runs may be itself. LPIs have no active state that would tell.
    step("ICC_RPR_EL1", priority < running || pending === 0, { PE: pe, Priority: priority, Running: running }),
  ];
  const broken = found.findIndex(({ state }) => state === "broken");
  if (broken >= 0) return found.slice(0, broken + 1);
  return [...found, ...inListRegister];
}

/** Of KVM: the list register that the LPI is in. A vCPU outside its guest has none in use. */
function listRegister(machine: Machine, pe: number, intid: number): MsiStep[] {
  if (machine.vmm === undefined) return [];
  for (let index = 0; index < LIST_REGISTERS; index++) {
    const word = machine.readHypervisorRegister?.(pe, `ICH_LR${index}_EL2`);
    if (word === undefined) break;
    const state = Number(word >> 62n);
    if (state !== INVALID && Number(word & 0xffff_ffffn) === intid) {
      return [
        {
          link: "list register",
          state: "good",
          word,
          bytes: 8,
          values: { PE: pe, INTID: intid, Index: index, State: state },
        },
      ];
    }
  }
  return [{ link: "list register", state: "unknown", values: { PE: pe, INTID: intid } }];
}
