import { commands, type Disposable, debug, type ExtensionContext, Uri, workspace } from "vscode";
import { machineRequest, type Report } from "../../server/tables-protocol.ts";
import { stateConfiguration } from "../debug/debug-configurations.ts";
import { programOf } from "../debug/programs.ts";
import type { SessionTracker } from "../debug/session-tracker.ts";
import { registerCommand, showWarning } from "../messages.ts";
import { texts } from "../texts.ts";
import { writeWhole } from "../write-whole.ts";
import { type AskTables, askAbout } from "./ask-tables.ts";
import { sourceFor, told } from "./pick-source.ts";
import type { ReportPanels } from "./report-panel.ts";

/** States that are kept: sessions that run have read theirs. */
const KEPT = 20;

/**
 * "Debug From This Dump": a session on a machine with the tables of a dump, capture or saved guest. Its state is written to the extension's own
 * storage, never beside the user's files; what of the guest it does not have is said.
 */
export function registerDebugDumpCommand(
  ask: AskTables,
  panels: ReportPanels,
  tracker: SessionTracker,
  { globalStorageUri }: ExtensionContext,
): Disposable {
  return registerCommand("gicWorkbench.debugDump", (resource?: unknown, selected?: unknown) =>
    told(async () => {
      const source = await sourceFor(texts.tables.debugWhat(), resource, selected, tracker);
      if (source === undefined) return false;
      const asked = await askAbout(ask, texts.tables.restoring(source.name), machineRequest, [source], ([input]) => ({
        input,
      }));
      if (asked === undefined) return false;
      const { answer: made, sources } = asked;
      const folder = Uri.joinPath(globalStorageUri, "restored");
      const file = Uri.joinPath(folder, `${fileName(source.name)}.gicstate.json`);
      await workspace.fs.createDirectory(folder);
      await forgetOldest(folder, file);
      await writeWhole(file, new TextEncoder().encode(made.json));
      const [first] = sources[0].uris.values();
      const workspaceFolder = first && workspace.getWorkspaceFolder(first);
      const configuration = { ...stateConfiguration(programOf(file)), name: texts.tables.debugName(source.name) };
      const started = await debug.startDebugging(workspaceFolder, configuration);
      // A session that stands still from the beginning is there to be looked at; editors open the view at a breakpoint only.
      if (started) await commands.executeCommand("workbench.view.debug");
      if (started && made.left.length > 0) void tellLeft(panels, source.name, made.model, made.left);
      return started;
    }),
  );
}

/** What the machine has otherwise than the guest. */
async function tellLeft(panels: ReportPanels, name: string, model: string, left: readonly string[]): Promise<void> {
  const details = texts.tables.details();
  if ((await showWarning(texts.tables.restoredWith(name, model, left.length), details)) !== details) return;
  const report: Report = {
    inputs: [{ label: "", name, detail: model }],
    result: { text: texts.tables.restoredHeading(name, model) },
    tables: [],
    notes: left,
  };
  await panels.show({
    key: `machine of ${name}`,
    title: texts.tables.debugName(name),
    ask: async () => ({ report, sources: [] }),
  });
}

/** A name of a file on any system. */
function fileName(name: string): string {
  const plain = name.replace(/[^\w.-]+/g, "-").replace(/^[-.]+|[-.]+$/g, "");
  return plain.slice(-80) || "dump";
}

async function forgetOldest(folder: Uri, but: Uri): Promise<void> {
  const files = (await workspace.fs.readDirectory(folder)).map(([name]) => Uri.joinPath(folder, name));
  const others = files.filter((uri) => uri.toString() !== but.toString());
  const ages = await Promise.all(others.map(async (uri) => ({ uri, mtime: (await workspace.fs.stat(uri)).mtime })));
  for (const { uri } of ages.sort((a, b) => b.mtime - a.mtime).slice(KEPT - 1)) await workspace.fs.delete(uri);
}
