export { type KnownMistake, knownMistakes } from "./known-mistakes.ts";
export { pageIndex, pageOf, pageText } from "./page-text.ts";
export { untoldCodes } from "./run-codes.ts";
