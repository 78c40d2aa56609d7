export type { Doubt, ModelVerdict, Refusal, RestoredCounts } from "./model-verdict.ts";
export { type PlacedProblem, type PlacedText, placedProblems } from "./placed-problems.ts";
export type { Assumption } from "./restored-guest.ts";
export { tablesLines } from "./tables-text.ts";
export { type ToldFinding, type ToldRule, toldRules, worstOf } from "./told-rules.ts";
export { judgeTables, judgeTablesWork, kernelModels, type Verdict, type Worst } from "./verdict.ts";
export { verdictJson } from "./verdict-json.ts";
export { answerLines, assumptionText, doubtText, modelRanges, refusalText, verdictLines } from "./verdict-text.ts";
