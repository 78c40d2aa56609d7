import {
  findingText,
  type GuestFinding,
  type GuestRegisters,
  type GuestRemark,
  remarkText,
  type SavedGuest,
  summaryLines,
} from "../../dumps/guests/index.ts";
import { printable } from "../../runner/printable.ts";
import type { CommandContext } from "../command.ts";

/** Prints what a saved guest is; what is wrong with its file goes to standard error. */
export function printGuest(
  { out, err }: CommandContext,
  file: string,
  guest: SavedGuest,
  findings: readonly GuestFinding[],
): void {
  for (const line of summaryLines(guest)) out.line(printable(line));
  for (const finding of findings) out.line(printable(`finding: ${findingText(finding)}`));
  for (const note of guest.notes) out.line(printable(`note: ${remarkText(note)}`));
  for (const problem of guest.problems) err.line(printable(`${file}: ${remarkText(problem)}.`));
  out.line();
}

/** A saved guest as JSON: all registers that are not 0. */
export function jsonGuest(file: string, guest: SavedGuest, findings: readonly GuestFinding[]) {
  const { title, machine, owner, gicVersion, secure, nmi, contexts, blocks } = guest;
  const remarks = (list: readonly GuestRemark[]) => list.map((remark) => ({ ...remark, text: remarkText(remark) }));
  return {
    file,
    title,
    machine,
    registersOf: owner,
    gicVersion,
    secure,
    nmi,
    contexts,
    blocks: blocks.map((block) => ({
      ...block,
      address: block.address === undefined ? undefined : hex(block.address),
    })),
    distributor: registers(guest.distributor),
    redistributors: guest.redistributors.map(registers),
    cpuInterfaces: guest.cpuInterfaces.map(registers),
    its: guest.itss.map(({ base, registers: values }) => ({ base: hex(base), ...registers(values) })),
    findings: findings.map((finding) => ({ ...finding, text: findingText(finding) })),
    problems: remarks(guest.problems),
    notes: remarks(guest.notes),
  };
}

function registers(values: GuestRegisters): Record<string, string> {
  return Object.fromEntries([...values].filter(([, value]) => value !== 0n).map(([name, value]) => [name, hex(value)]));
}

function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
