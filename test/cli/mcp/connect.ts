import assert from "node:assert/strict";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ListRootsRequestSchema } from "@modelcontextprotocol/sdk/types.js";

/** How a session is begun. */
export interface Start {
  /** Folder that the server is started in. */
  readonly cwd: string;
  /** Folders that the client names; absent: it names none by its nature. */
  readonly roots?: () => readonly string[];
  readonly options?: readonly string[];
}

/** A client of a server of its own. The client checks structured answers against the tools' schemas. */
export async function connect(main: string, { cwd, roots, options = [] }: Start): Promise<Client> {
  const client = new Client(
    { name: "test", version: "1" },
    roots === undefined ? {} : { capabilities: { roots: { listChanged: true } } },
  );
  if (roots !== undefined)
    client.setRequestHandler(ListRootsRequestSchema, () => ({
      roots: roots().map((root) => ({ uri: root.includes("://") ? root : pathToFileURL(root).href })),
    }));
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [main, "mcp", ...options], cwd }));
  // The schemas of answers are known from the list.
  await client.listTools();
  return client;
}

/** What a tool answered. */
export interface Answered {
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Calls a tool. @throws when it answers with an error */
export async function call(client: Client, name: string, args: object): Promise<Answered> {
  const result = await client.callTool({ name, arguments: { ...args } });
  const text = textOf(result);
  assert.notEqual(result.isError, true, text);
  return { text, data: (result.structuredContent ?? {}) as Answered["data"] };
}

/** Calls a tool that has to refuse. @returns its words */
export async function refused(client: Client, name: string, args: object): Promise<string> {
  const result = await client.callTool({ name, arguments: { ...args } });
  assert.equal(result.isError, true, textOf(result));
  return textOf(result);
}

function textOf({ content }: { readonly [key: string]: unknown }): string {
  assert.ok(Array.isArray(content) && content.length === 1 && typeof content[0].text === "string");
  return content[0].text;
}
