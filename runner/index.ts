export { type Assembly, type AssemblyProblem, assembleScript } from "./assemble-script.ts";
export { type CommandFailure, commandFailure } from "./command-failure.ts";
export { CommandQueue, type Submission } from "./command-queue.ts";
export { compareModels, type ModelAnswer } from "./compare-models.ts";
export { EmulatorTarget, type MachineBounds } from "./emulator-target.ts";
export { runErrors } from "./errors.ts";
export { StatementExecutor } from "./execute.ts";
export { commandIds, effectOf, explainFault, outcomeText } from "./explain-outcome.ts";
export type { RunProblems } from "./findings.ts";
export type { Caller } from "./flow/callers.ts";
export { type Frame, type Local, localValue } from "./flow/frame.ts";
export { type IncludedLine, includedProblem, includedText } from "./flow/included-problem.ts";
export { type LineDone, type LinePlace, lineAfter, sourceOfLine } from "./flow/run-history.ts";
export { type RunEvent, runningScript } from "./flow/running-script.ts";
export { type FileSystem, isInside, readBelow, scriptPlace } from "./inputs/confined-files.ts";
export { type Fetched, FetchedFiles } from "./inputs/fetched-files.ts";
export { readLoads } from "./inputs/loaded-files.ts";
export { placeOfUri, uriOfPlace } from "./inputs/uri-paths.ts";
export * from "./inside/index.ts";
export * from "./inspect/index.ts";
export { type LastChange, lastChange } from "./last-change.ts";
export { ITE_BYTES, isMapping, type Mapping, type MappingChange, MappingLog } from "./mappings/mapping-log.ts";
export { type Mapped, type Subject, subjectKey } from "./mappings/subject.ts";
export { traceMachineMsi } from "./msi-path/msi-path.ts";
export { differenceLines, type LineDifference, type PortableAnswer } from "./portable/line-difference.ts";
export { PortableCheck } from "./portable/portable-check.ts";
export { encodeRegister } from "./registers.ts";
export { RunRules } from "./rules/run-rules.ts";
export { ScriptRun } from "./script-run.ts";
export {
  machineProblem,
  type Prepare,
  type Prepared,
  prepareTarget,
  preparing,
  READY_PROPERTY,
  readyBytes,
  readyLayout,
  readyPlaces,
  scriptBounds,
  setUpTarget,
} from "./setup.ts";
export { type RunBounds, Simulation } from "./simulation.ts";
export { TargetStateReader } from "./state-reader.ts";
export type { RunProblem, ShownValue, StatementResult } from "./statement-result.ts";
export { peekBus, peekMany, peekRegister, registerAddress, type Target, type TimeTravel } from "./target.ts";
export { type FileCoverage, LineCoverage } from "./tests/line-coverage.ts";
export { runTests, type TestOptions, testing } from "./tests/run-tests.ts";
export {
  expectationCodes,
  failedTests,
  isBroken,
  isExpecting,
  type ScriptTest,
  type TestProblem,
  TestRecord,
  type TestResult,
  testsOf,
} from "./tests/script-tests.ts";
export { afterRequests, type Turn } from "./turns.ts";
