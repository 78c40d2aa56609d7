export {
  isStateText,
  type LineProblem,
  type MachineSource,
  machineOfScript,
  machineOfState,
} from "./machine-source.ts";
export { migrationLines, orderLines } from "./migration-text.ts";
export { stateLines } from "./state-text.ts";
