export type { Doubt, ModelVerdict, Refusal, RestoredCounts } from "./model-verdict.ts";
export type { Assumption } from "./restored-guest.ts";
export { judgeTables, kernelModels, type Verdict, type Worst } from "./verdict.ts";
export {
  assumptionText,
  doubtText,
  refusalText,
  type ToldFinding,
  type ToldRule,
  toldRules,
  verdictLines,
  worstOf,
} from "./verdict-text.ts";
