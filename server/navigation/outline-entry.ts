import type { Span } from "../../language/parse/syntax.ts";

/** One entry of the outline. */
export interface Entry {
  readonly kind: "machine" | "let" | "macro" | "test" | "device" | "collection" | "event";
  readonly name: string;
  readonly detail: string;
  /** First and last line, from 0. */
  readonly line: number;
  readonly endLine: number;
  /** What to select in the first line. */
  readonly selection: Span;
  /** Events of a device. */
  readonly children: readonly Entry[];
}
