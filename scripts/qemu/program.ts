import { spawnSync } from "node:child_process";

/** The emulator that answers as the model `qemu-7.2` must. */
export const QEMU_PROGRAM = "qemu-system-aarch64";

/** What to tell somebody without it. */
export const QEMU_MISSING = `${QEMU_PROGRAM} is not installed, so there is nothing to compare with. On Debian and Ubuntu: apt-get install qemu-system-arm`;

/** First line of `qemu-system-aarch64 --version`; undefined when it is not installed. */
export function qemuVersion(): string | undefined {
  const { status, stdout } = spawnSync(QEMU_PROGRAM, ["--version"], { encoding: "utf8" });
  return status === 0 ? stdout.split("\n")[0] : undefined;
}
