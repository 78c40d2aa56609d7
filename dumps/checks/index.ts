export { checkTables, type TableCheck } from "./check-tables.ts";
export { type CheckedTables, checkedTables, spanOf } from "./checked-tables.ts";
export * from "./finding.ts";
export { counted, findingSentence, placeText } from "./finding-text.ts";
export { takenPlaces } from "./overlaps.ts";
export { holdTables, type ReadTables, readTablesOf } from "./read-tables.ts";
export { type RuleId, ruleIds, ruleOf, type Severity, type TableRule } from "./rules.ts";
