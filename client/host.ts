import type { DebugAdapter, ExtensionContext, McpStdioServerDefinition, TaskProvider, Uri } from "vscode";
import type { EditorFiles } from "../debug-adapter/script-protocol.ts";
import type { ByteStore } from "../dumps/byte-store.ts";
import type { SessionToolsModule } from "./assistants/session-tools.ts";
import type { LanguageServer } from "./language/language-client.ts";

/**
 * What differs between an extension host that is a program of Node and one that is a worker of a browser. Each part is loaded when it is asked
 * for: the extension that has only been activated has neither language client nor debug adapter.
 */
export interface Host {
  /** The client of the language server, with a server that is a process or a worker. */
  languageServer(): Promise<LanguageServer>;
  /** A new debug adapter, of one session. @param editor documents and files by their URIs */
  debugAdapter(editor: EditorFiles): Promise<DebugAdapter>;
  /** The tools that assistants have for a debug session. */
  sessionTools(): Promise<SessionToolsModule>;
  /** How to start `gicwb mcp`; absent where there are no processes. @param label what users see of it */
  mcpServer?(label: string): Promise<McpStdioServerDefinition>;
  /** Tasks that run the command line; absent as {@link mcpServer} */
  tasks?(): Promise<TaskProvider>;
  /** A file's bytes, read when they are asked for; absent where files have no paths. @throws Error with a sentence when it cannot be opened */
  openLarge?(uri: Uri): Promise<ByteStore>;
  /**
   * Whether a URI is that of a file which server and debug adapter read themselves, by its path. What is none they have from the extension,
   * which reads it by `workspace.fs`.
   */
  hasPath(uri: Pick<Uri, "scheme">): boolean;
}

/** Makes the host of an extension that is being activated. */
export type MakeHost = (context: ExtensionContext) => Host;

let current: Host | undefined;

/** Called once, by the activation. */
export function useHost(host: Host): void {
  current = host;
}

/** The host that the extension runs in. */
export function host(): Host {
  if (current === undefined) throw new Error("The extension is not active.");
  return current;
}
