export { readAttribute } from "./attribute.ts";
export { readCommand } from "./command-value.ts";
export { explainText, explainTopics, readAnyNumber } from "./explain.ts";
export { readAddress, readIntid, readIrqLine } from "./plain-values.ts";
export type { Explanation, NotExplained, Reading, ReadingKind } from "./reading.ts";
export { readingLines } from "./reading-lines.ts";
export { readRegister, registersNamed } from "./register-value.ts";
