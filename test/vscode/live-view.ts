import * as vscode from "vscode";
import type { LiveViewName } from "../../client/shared/view-ids.ts";
import { until } from "./until.ts";
import { extensionApi } from "./workspace.ts";

/** Shows a live view. */
export async function focus(view: LiveViewName): Promise<void> {
  await vscode.commands.executeCommand(`gicWorkbench.${view}.focus`);
}

/** Waits until a live view shows a line, and gives all that show. The editor may bring its own view of a session in front, when that stops. */
export async function shows(view: LiveViewName, wanted: RegExp): Promise<readonly string[]> {
  const { seen } = await extensionApi();
  let last: readonly string[] | undefined;
  try {
    return await until(`${wanted} in ${view}`, async () => {
      last = await seen(view);
      if (last === undefined && view !== "map") await focus(view);
      return last?.some((line) => wanted.test(line)) === true ? last : undefined;
    });
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}; it shows:\n${last?.join("\n")}`);
  }
}
