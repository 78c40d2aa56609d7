import { spawnSync } from "node:child_process";

/** The emulator that answers as the model of its version must. */
export const QEMU_PROGRAM = "qemu-system-aarch64";

/** What to tell somebody without it. */
export const QEMU_MISSING = `${QEMU_PROGRAM} is not installed, so there is nothing to compare with. On Debian and Ubuntu: apt-get install qemu-system-arm`;

/** First line of what `--version` prints; undefined when it is not installed. @param program name or path of the emulator */
export function qemuVersion(program = QEMU_PROGRAM): string | undefined {
  const { status, stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  return status === 0 ? stdout.split("\n")[0] : undefined;
}
