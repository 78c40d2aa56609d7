import { runErrors } from "../runner/index.ts";

/** Codes of the problems of an `expect` that does not hold, and of an outcome other than the one behind `=>`. */
export const expectationCodes: ReadonlySet<string> = new Set([
  runErrors.expectationFailed.code,
  runErrors.outcomeDiffers.code,
]);
