export { type Imported, LogImport, machineFor, scriptLines } from "./import-script.ts";
export { type ImportedLine, type LogSource, readLogLine } from "./log-readers.ts";
export { registerStatements } from "./register-statements.ts";
