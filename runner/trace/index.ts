export { LineSplitter } from "./lines.ts";
export { grouped } from "./numbers.ts";
export type { Difference } from "./replay.ts";
export { CONTEXT_LINES, contextLines, differenceLines, eventRows, summaryLines } from "./report.ts";
export { type Assumptions, type ReplayResult, TraceRun } from "./trace-run.ts";
