import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  ResultSchema,
  RootsListChangedNotificationSchema,
  type Tool as ToolOfProtocol,
} from "@modelcontextprotocol/sdk/types.js";
import manifest from "../../package.json" with { type: "json" };
import { argumentsSchema } from "./arguments.ts";
import type { CallResult } from "./call.ts";
import { foldersOf, noFolder, oneFolder } from "./client-folders.ts";
import { noValidator } from "./no-validator.ts";
import type { Threads } from "./threads.ts";
import { descriptionOf, type Tool } from "./tool.ts";
import type { Folders } from "./tool-files.ts";
import { tools } from "./tools/index.ts";

/** Time that a client has to name its folders, in ms. */
const ROOTS_MS = 10_000;

const instructions =
  "Tools for Arm GIC and ITS: exact answers about register values, table dumps, command sequences and lost MSIs, from an emulator that answers as Linux KVM and QEMU do. All of them only read. Files are read below the client's folders alone; nothing is sent anywhere.";

/** What a server works with. */
export interface ServeOptions {
  readonly threads: Threads;
  /** Folder that it was started in. */
  readonly started: string;
  /** The one folder below which files are read, whatever the client names. */
  readonly root: string | undefined;
}

/** Serves one client. Settles when it is gone. */
export async function serve(transport: Transport, { threads, started, root }: ServeOptions): Promise<void> {
  const server = new Server(
    { name: "gic-workbench", title: "GIC Workbench", version: manifest.version },
    { capabilities: { tools: {} }, instructions, jsonSchemaValidator: noValidator },
  );
  const gone = new Promise<void>((resolve) => {
    server.onclose = resolve;
  });
  let folders: Promise<Folders> | undefined;
  server.setNotificationHandler(RootsListChangedNotificationSchema, () => {
    folders = undefined;
  });
  const begun = (): void => {
    if (server.getClientCapabilities() === undefined)
      throw new McpError(ErrorCode.InvalidRequest, "The session has not begun: send initialize first.");
  };
  server.setRequestHandler(ListToolsRequestSchema, () => {
    begun();
    return { tools: tools.map(toolOfProtocol) };
  });
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }): Promise<CallToolResult> => {
    begun();
    const { name, arguments: given } = params;
    if (!tools.some((tool) => tool.name === name)) {
      const names = tools.map((tool) => tool.name).join(", ");
      throw new McpError(
        ErrorCode.InvalidParams,
        `There is no tool ${JSON.stringify(name.slice(0, 80))}; there are ${names}.`,
      );
    }
    folders ??= root === undefined ? foldersOfClient(server, started) : Promise.resolve(oneFolder(root, "by --root"));
    const asked = folders;
    const found = await asked;
    // A client that did not say its folders may do so the next time.
    if (found.none !== undefined && folders === asked) folders = undefined;
    return resultOf(await threads.run({ tool: name, arguments: given, folders: found }, signal));
  });
  await server.connect(transport);
  await gone;
}

/** A tool as clients list it. */
export function toolOfProtocol(tool: Tool): ToolOfProtocol {
  const { name, title, output } = tool;
  return {
    name,
    title,
    description: descriptionOf(tool),
    inputSchema: argumentsSchema(tool.arguments) as ToolOfProtocol["inputSchema"],
    outputSchema: output as ToolOfProtocol["outputSchema"],
    // They change nothing, and speak with nobody.
    annotations: { title, readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  };
}

/** The folders that the client names; of one that names none by its nature, that in which the server was started. */
async function foldersOfClient(server: Server, started: string): Promise<Folders> {
  if (server.getClientCapabilities()?.roots === undefined) return oneFolder(started, "in which the server was started");
  try {
    // Not by listRoots of the SDK: one folder that is no file: URI would make an error of all.
    const { roots } = await server.request({ method: "roots/list" }, ResultSchema, { timeout: ROOTS_MS });
    return foldersOf(Array.isArray(roots) ? roots.flatMap(uriOf) : []);
  } catch (error) {
    return noFolder(`the client did not say its folders (${error instanceof Error ? error.message : String(error)})`);
  }
}

function uriOf(root: unknown): string[] {
  const uri = typeof root === "object" && root !== null && "uri" in root ? root.uri : undefined;
  return typeof uri === "string" ? [uri] : [];
}

function resultOf(result: CallResult | undefined): CallToolResult {
  // Nobody reads the answer of a call that was cancelled.
  if (result === undefined) return { isError: true, content: [{ type: "text", text: "The call was cancelled." }] };
  if ("answer" in result) {
    const { text, data } = result.answer;
    return { content: [{ type: "text", text }], structuredContent: data };
  }
  const { code, message, next } = result.failure;
  return { isError: true, content: [{ type: "text", text: `${message} [${code}]\n${next}` }] };
}
