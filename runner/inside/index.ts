export { type CommandSpan, commandSpans, isCommandSpan, type MsiSpan } from "./command-span.ts";
export { commandSteps, type MicroLink, type MicroStep, msiSteps, wayLinks } from "./micro-steps.ts";
