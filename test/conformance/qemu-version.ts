import type { QemuModelName } from "../../architecture/index.ts";
import { qemuModels } from "../../emulator/models/qemu.ts";

/** The model of what tells no version. */
export const OLDEST_QEMU_MODEL: QemuModelName = "qemu-7.2";

/** A QEMU's version, and the model that fits. */
export interface QemuVersion {
  /** "QEMU 11.1.3" */
  readonly name: string;
  /** The newest model that is not newer; of a QEMU that is older than all, the oldest. */
  readonly model: QemuModelName;
  /** Whether it is a model of that very version, but for its last number. */
  readonly fits: boolean;
}

/**
 * Finds the version in what QEMU says of itself: "QEMU emulator version 11.1.3 (Debian ...)", or as a recording has it, "QEMU 11.1.3".
 * @returns undefined when there is none
 */
export function qemuModelFor(text: string): QemuVersion | undefined {
  const found = /\bQEMU (?:emulator version )?((\d+)\.(\d+)[.\d]*)/.exec(text);
  if (found === null) return undefined;
  const [, version, major, minor] = found;
  let model = OLDEST_QEMU_MODEL;
  for (const name of Object.keys(qemuModels) as QemuModelName[]) {
    if (rank(name.replace("qemu-", "")) <= rank(`${major}.${minor}`)) model = name;
  }
  return { name: `QEMU ${version}`, model, fits: model === `qemu-${major}.${minor}` };
}

/** A number by which versions can be compared. */
function rank(version: string): number {
  const [major, minor] = version.split(".").map(Number);
  return major * 1000 + minor;
}
