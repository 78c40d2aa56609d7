// What the extension loads in Node when it is needed, beside the language client.
import { createRequire } from "node:module";
import path from "node:path";
import { type DebugAdapter, l10n, type Uri } from "vscode";
import type { EditorFiles } from "../../debug-adapter/script-protocol.ts";
import type { ByteStore } from "../../dumps/byte-store.ts";
import { useTranslation } from "../texts.ts";
import { LargeFile } from "./large-file.ts";

// This is packed into a file of its own, with sentences of its own.
useTranslation((message, ...args) => l10n.t(message, ...args));

/** What the bundle of the debug adapter offers. */
interface AdapterModule {
  createDebugAdapter(exit: undefined, editor: EditorFiles): DebugAdapter;
}

/** The debug adapter of this process. @throws Error when the extension's folder has none */
export function loadAdapter(extensionPath: string, editor: EditorFiles): DebugAdapter {
  const load = createRequire(path.join(extensionPath, "dist", "client.cjs"));
  return (load("./debug-inline.cjs") as AdapterModule).createDebugAdapter(undefined, editor);
}

export { GicwbTasks } from "./gicwb-tasks.ts";

/** A file of a disk whose bytes are read when they are asked for. @throws Error with a sentence when it cannot be opened */
export function openLarge(uri: Uri): ByteStore {
  return new LargeFile(uri);
}
