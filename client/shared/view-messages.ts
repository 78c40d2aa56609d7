// What the pages of live views and the extension ask of each other.
import type { CustomRequests } from "../../debug-adapter/protocol.ts";
import type { ChangedByArguments } from "../../debug-adapter/views-protocol.ts";
import type { Explained } from "../protocol.ts";
import type { SessionRequest } from "./view-ids.ts";

/** The session that views follow. */
export type SessionState =
  | { readonly kind: "none"; readonly scriptInEditor: boolean }
  /** `key` is another for each moment of each session. */
  | { readonly kind: "running" | "stopped"; readonly key: string; readonly session: string; readonly name: string };

/** Where a place of the script is asked for. */
export type Place = ChangedByArguments | { readonly line: number };

/** What is selected in a view, for the bit ruler. */
export type Selection =
  | { readonly expression: string }
  | { readonly its: number; readonly slot: number }
  /** A line of the script, from 1, as the editor has it. */
  | { readonly line: number; readonly text?: string }
  /** An entry of a dump, as the table editor shows it; needs no session. `dump`: its name. */
  | { readonly entry: Explained; readonly dump: string };

/** In which form a table is copied or written to a file. */
export const tableForms = ["text", "markdown", "csv", "json"] as const;
export type TableForm = (typeof tableForms)[number];

/** What a page asks of the extension. */
export interface OfExtension<Labels = Readonly<Record<string, string>>> {
  readonly start: {
    readonly arguments: null;
    readonly body: {
      readonly labels: Labels;
      readonly session: SessionState;
      /** As {@link OfExtension.keep} was told last. */
      readonly layout: unknown;
      readonly watched: readonly string[];
      readonly selection: Selection | undefined;
    };
  };
  /** A request of the session, with what it answers. */
  readonly session: {
    readonly arguments: { readonly request: SessionRequest; readonly arguments: unknown };
    readonly body: CustomRequests[SessionRequest]["body"];
  };
  /** Assigns to a register or a field of one; answers the value that it has then. */
  readonly assign: {
    readonly arguments: { readonly expression: string; readonly value: string };
    readonly body: { readonly value: string };
  };
  /** Replaces a part of a line of the script that is debugged, if that is still the text that was looked at. */
  readonly editLine: {
    readonly arguments: {
      readonly line: number;
      readonly was: string;
      readonly start: number;
      readonly length: number;
      readonly text: string;
    };
    readonly body: null;
  };
  readonly goTo: { readonly arguments: Place; readonly body: null };
  readonly copy: { readonly arguments: { readonly text: string }; readonly body: null };
  readonly select: { readonly arguments: Selection; readonly body: null };
  readonly keep: { readonly arguments: { readonly layout: unknown }; readonly body: null };
  /** Has all that the view shows said as text. */
  readonly showText: { readonly arguments: null; readonly body: null };
  /** Begins a session, or lets a script be chosen for one. */
  readonly debug: { readonly arguments: null; readonly body: null };
}

/** What the extension asks of a page. */
export interface OfPage {
  readonly session: { readonly arguments: SessionState; readonly body: null };
  readonly watched: { readonly arguments: { readonly expressions: readonly string[] }; readonly body: null };
  readonly selection: { readonly arguments: Selection; readonly body: null };
  /** All rows that its filter leaves, in a form. */
  readonly table: { readonly arguments: { readonly form: TableForm }; readonly body: { readonly text: string } };
  /** Puts a text into its filter, or with none the focus. */
  readonly filter: { readonly arguments: { readonly text?: string }; readonly body: null };
  /** What a menu or a command asks for about one of its rows. */
  readonly act: {
    readonly arguments: {
      readonly action: "pin" | "radix" | "toggle" | "set";
      readonly key: string;
      readonly value?: string;
    };
    readonly body: null;
  };
  /** The lines that show, cells apart by `|`: what a user sees. */
  readonly seen: { readonly arguments: null; readonly body: { readonly lines: readonly string[] } };
}
