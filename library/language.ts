/**
 * `gicwb/language`: command scripts (`*.itscmd`): read, format, assemble, disassemble, run and test. Editor, debugger and `gicwb run`
 * read and run scripts by the same objects. Pure code: no file, no network, no Node API.
 */
export type { CommandWords } from "../architecture/command-codec.ts";
export type { Work } from "../dumps/work.ts";
export { finish } from "../dumps/work.ts";
export type { Constants } from "../language/constants.ts";
export type { Diagnostic, Severity } from "../language/diagnostic.ts";
export type { LineDiagnostic } from "../language/document.ts";
export { ScriptDocument } from "../language/document.ts";
export { formatDocument } from "../language/editing/format.ts";
export type { FileRefusal, ScriptFile, ScriptFiles, ScriptPlace } from "../language/files.ts";
export { commandBytes, disassemble, disassembleBytes } from "../language/operation/disassemble.ts";
export type { AssemblyProblem } from "../runner/assemble-script.ts";
export type { LineDone } from "../runner/flow/run-history.ts";
export type { StatementResult } from "../runner/statement-result.ts";
export type { TestResult } from "../runner/tests/script-tests.ts";
export type { AssembledScript } from "./assemble.ts";
export { assemble } from "./assemble.ts";
export type { LineProblem, RunOptions, ScriptResult } from "./run-script.ts";
export { runScript, runScriptWork } from "./run-script.ts";
export type { TestRunOptions } from "./test-script.ts";
export { testScript, testScriptWork } from "./test-script.ts";
