// What an extension host and the debug adapter in a worker beside it say to each other.

import type { EditorFiles } from "./script-protocol.ts";

/** A message of the Debug Adapter Protocol, or the answer to a question of the adapter. */
export type ToAdapterWorker =
  | { readonly kind: "protocol"; readonly message: unknown }
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown }
  | { readonly kind: "refusal"; readonly id: number; readonly reason: string };

/** A message of the Debug Adapter Protocol, or a question about a document or file. */
export type FromAdapterWorker =
  | { readonly kind: "protocol"; readonly message: unknown }
  | {
      readonly kind: "ask";
      readonly id: number;
      readonly question: keyof EditorFiles;
      readonly args: readonly string[];
    };
