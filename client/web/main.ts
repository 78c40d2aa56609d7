// What an extension host in a browser loads: the `browser` of package.json. All else is what Node loads as well.
import { type ExtensionContext, Uri } from "vscode";
import type { WorkbenchApi } from "../api.ts";
import { webHost } from "./host.ts";
import { PackageFiles } from "./package-files.ts";

/** The file that Node loads. */
type Client = typeof import("../extension.ts");

let client: Client | undefined;

/** Called by VS Code, as `activate` of extension.ts is in Node. */
export async function activate(context: ExtensionContext): Promise<WorkbenchApi> {
  const files = new PackageFiles(Uri.joinPath(context.extensionUri, "dist"));
  client = await files.load<Client>("client.cjs");
  return client.activate(context, webHost(files));
}

/** Called by VS Code before the extension host ends as it should. */
export function deactivate(): Promise<void> | undefined {
  return client?.deactivate();
}
