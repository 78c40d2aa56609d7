// What a window with a report, or with an interrupt map, and the extension say to each other.
import type { InterruptMap } from "../dumps/captures/interrupt-map.ts";
import type { DescribedInput, EntryLink, Report } from "../server/tables-protocol.ts";

/** A source as it is found again: its files and folders, none of what they hold. Without any it was a moment of a debug session. */
export interface KeptSource {
  /** As people knew it. */
  readonly name: string;
  readonly uris: readonly string[];
  readonly described?: DescribedInput;
}

/** What a window keeps over a reload of the editor: what was asked, and of what. */
export type KeptQuestion =
  | { readonly kind: "check" | "map"; readonly source: KeptSource }
  | { readonly kind: "trace"; readonly source: KeptSource; readonly deviceId: string; readonly eventId: string }
  | { readonly kind: "compare"; readonly a: KeptSource; readonly b: KeptSource };

/** In which form a report is copied. */
export type CopyForm = "text" | "markdown" | "json";

/** Labels of a report's window in the language of the editor. */
export interface ReportLabels {
  readonly filter: string;
  readonly copy: Readonly<Record<CopyForm, string>>;
  readonly runAgain: string;
  readonly swap: string;
  /** `{0}` rows of `{1}`. */
  readonly rowsOf: string;
  readonly showMore: string;
  readonly noMatch: string;
  readonly reveal: string;
  readonly notes: string;
  readonly tones: { readonly bad: string; readonly warning: string; readonly good: string };
  readonly pageFailed: string;
}

export type FromReport =
  | { readonly type: "ready" }
  | { readonly type: "reveal"; readonly link: EntryLink }
  | { readonly type: "copy"; readonly form: CopyForm }
  | { readonly type: "again" }
  | { readonly type: "swap" };

export type ToReport =
  | { readonly type: "labels"; readonly labels: ReportLabels }
  | {
      readonly type: "report";
      readonly title: string;
      readonly report: Report;
      /** There are two sides, which can change places. */
      readonly canSwap: boolean;
      /** What the page gives to the editor to keep. */
      readonly kept: KeptQuestion | undefined;
    }
  | { readonly type: "busy"; readonly text: string }
  | { readonly type: "failed"; readonly text: string };

/** Labels of the map's window. */
export interface MapLabels {
  readonly filter: string;
  readonly filterHint: string;
  readonly devices: string;
  readonly collections: string;
  readonly pes: string;
  readonly noPe: string;
  readonly unknownPe: string;
  readonly vpes: string;
  readonly enabled: string;
  readonly disabled: string;
  readonly enabledUnknown: string;
  readonly pending: string;
  /** Pending on the PE that it goes to. */
  readonly pendingHere: string;
  /** `{0}` events are pending. */
  readonly pendingCount: string;
  readonly priority: string;
  /** `{0}` is how many: all of them. */
  readonly events: string;
  /** `{0}` events of `{1}`. */
  readonly shown: string;
  readonly leftOut: string;
  readonly noMatch: string;
  readonly keys: string;
  readonly all: string;
  readonly flow: string;
  readonly pageFailed: string;
  readonly runAgain: string;
  /** Of a session alone. */
  readonly changed?: string;
}

export type FromMap =
  | { readonly type: "ready" }
  | { readonly type: "reveal"; readonly its: number; readonly address: number }
  | { readonly type: "copy"; readonly text: string }
  | { readonly type: "again" };

export type ToMap =
  | { readonly type: "labels"; readonly labels: MapLabels }
  | {
      readonly type: "map";
      readonly title: string;
      readonly detail: string;
      readonly map: InterruptMap;
      readonly kept: KeptQuestion | undefined;
    }
  | { readonly type: "busy"; readonly text: string }
  | { readonly type: "failed"; readonly text: string };
