import { KvmVm } from "../../emulator/index.ts";
import { TraceRun } from "../../runner/trace/index.ts";
import { QemuMachineOfEmulator } from "./qemu-machine.ts";
import type { ConformanceTarget } from "./target.ts";

/** The emulator as the target of the recordings. */
export const emulatorTarget: ConformanceTarget = {
  createTraceRun: () => new TraceRun(),
  createQemuMachine: (options) => new QemuMachineOfEmulator(options),
  createKvmVm: ({ kernel, ipaBits, host }) => new KvmVm({ kernel, ipaBits, hostGic: host.gicVersion }),
};
