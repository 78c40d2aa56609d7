import path from "node:path";
import type { Page } from "playwright-core";
import { UserError } from "../project.ts";
import type { CodeServer } from "./code-server.ts";

/** What a page of the workbench shows and loads. All paths are absolute. */
export interface WorkbenchOptions {
  readonly folder: string;
  readonly extensionDevelopmentPath?: string;
  readonly extensionTestsPath?: string;
}

/** Address of a workbench on a running server, with the key that opens it: whoever has the address has the account. */
export function workbenchUrl(server: CodeServer, options: WorkbenchOptions): string {
  const host = new URL(server.url).host;
  const remote = (file: string) => `vscode-remote://${host}${encodeURI(path.resolve(file))}`;
  const payload: [string, string][] = [];
  for (const name of ["extensionDevelopmentPath", "extensionTestsPath"] as const) {
    const file = options[name];
    if (file !== undefined) payload.push([name, remote(file)]);
  }
  payload.push(["skipWelcome", "true"], ["skipReleaseNotes", "true"]);
  const query = new URLSearchParams({ folder: path.resolve(options.folder) });
  if (payload.length > 2) query.set("payload", JSON.stringify(payload));
  query.set("key", server.key);
  return `${server.url}/?${query}`;
}

/** How long the workbench may take to draw itself on a slow machine, in ms (three to five seconds are usual). */
const drawLimit = 60_000;

export async function openWorkbench(page: Page, server: CodeServer, options: WorkbenchOptions): Promise<void> {
  const response = await page.goto(workbenchUrl(server, options));
  if (!response?.ok()) throw new UserError(`The workbench answered HTTP ${response?.status()}.\n${server.log()}`);
  await page.waitForSelector(".monaco-workbench .part.statusbar", { timeout: drawLimit });
}
