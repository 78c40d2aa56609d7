import { TraceRun } from "../../runner/trace/index.ts";
import { EmulatorVm } from "./emulator-vm.ts";
import { QemuMachineOfEmulator } from "./qemu-machine.ts";
import type { ConformanceTarget } from "./target.ts";

/** The emulator as the target of the recordings. */
export const emulatorTarget: ConformanceTarget = {
  createTraceRun: () => new TraceRun(),
  createQemuMachine: (options) => new QemuMachineOfEmulator(options),
  createKvmVm: (options) => new EmulatorVm(options),
};
