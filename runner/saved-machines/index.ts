export type { TextProblem } from "../../dumps/vgic-text/text-lines.ts";
export {
  parseVgicItsState,
  type VgicItsDevice,
  type VgicItsEvent,
  type VgicItsState,
} from "../../dumps/vgic-text/vgic-its-state.ts";
export { parseVgicState, type VgicInterrupt, type VgicState } from "../../dumps/vgic-text/vgic-state.ts";
export { type GuestState, stateOfGuest } from "./guest-state.ts";
export { importVgic, type VgicImport } from "./import-vgic.ts";
export {
  elsewhereSentence,
  isPlainFileName,
  isStateText,
  type LineProblem,
  type MachineSource,
  machineOfScript,
  machineOfState,
  problemSentence,
  restoredMachine,
} from "./machine-source.ts";
export { migrationLines, orderLines } from "./migration-text.ts";
export { capturesOf } from "./state-capture.ts";
export { stateDump, stateDumpText } from "./state-dump.ts";
export { stateLines } from "./state-text.ts";
