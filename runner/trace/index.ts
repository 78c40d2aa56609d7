export { LineSplitter } from "./lines.ts";
export type { Difference } from "./replay.ts";
export { CONTEXT_LINES, contextLines, differenceLines, eventRows, grouped, summaryLines } from "./report.ts";
export { type Assumptions, type ReplayResult, TraceRun } from "./trace-run.ts";
