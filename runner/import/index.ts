export { type Imported, LogImport, machineFor, plainName, scriptLines, scriptOfLog } from "./import-script.ts";
export { type ImportedLine, type LogSource, readLogLine } from "./log-readers.ts";
export { registerStatements } from "./register-statements.ts";
