import { type QuickPickItem, TabInputCustom, TabInputText, Uri, window, workspace } from "vscode";
import { activeResource } from "../active-resource.ts";
import type { SessionTracker } from "../debug/session-tracker.ts";
import { inert, reasonOf } from "../inert.ts";
import { showError } from "../messages.ts";
import { texts } from "../texts.ts";
import { type InputSource, sourceOf, sourceOfSession } from "./input-source.ts";

interface Choice extends QuickPickItem {
  readonly source?: InputSource;
  readonly dialog?: "file" | "folder";
}

/** What a menu passes on: the resource that it was opened on, and all that are selected; or the address of a document, as a text. */
export function givenUris(resource: unknown, selected: unknown): Uri[] {
  const given = typeof resource === "string" ? Uri.parse(resource, true) : resource;
  const all = Array.isArray(selected) ? selected.filter((uri) => uri instanceof Uri) : [];
  // A menu of an editor's title passes on what is no selection.
  const isSelection = given instanceof Uri && all.some((uri) => uri.toString() === given.toString());
  return isSelection ? all : given instanceof Uri ? [given] : [];
}

/** Asks for a capture, dump, saved guest or machine, or a moment of a session. @param but is not offered */
export async function pickSource(
  title: string,
  tracker: SessionTracker,
  but?: InputSource,
): Promise<InputSource | undefined> {
  const choices: Choice[] = [...sessionChoices(tracker), ...openChoices()].filter(
    ({ source }) => source?.key !== but?.key,
  );
  const picked = await window.showQuickPick<Choice>(
    [
      ...choices,
      { label: texts.tables.chooseFile(), dialog: "file", alwaysShow: true },
      { label: texts.tables.chooseFolder(), dialog: "folder", alwaysShow: true },
    ],
    { title, matchOnDescription: true },
  );
  if (picked?.dialog === undefined) return picked?.source;
  const uris = await window.showOpenDialog({
    title,
    canSelectFiles: picked.dialog === "file",
    canSelectFolders: picked.dialog === "folder",
    canSelectMany: picked.dialog === "file",
    defaultUri: workspace.workspaceFolders?.[0]?.uri,
  });
  return uris === undefined || uris.length === 0 ? undefined : sourceOf(uris);
}

/** What a command is about: what its menu passes on, what the user looks at, or what they choose. */
export async function sourceFor(
  title: string,
  resource: unknown,
  selected: unknown,
  tracker: SessionTracker,
): Promise<InputSource | undefined> {
  const uris = givenUris(resource, selected);
  if (uris.length > 0) return sourceOf(uris);
  const active = activeResource();
  if (active !== undefined && looksLikeTables(active)) return sourceOf([active]);
  return pickSource(title, tracker);
}

/** Sessions that stand still: one that runs has no moment. */
function sessionChoices(tracker: SessionTracker): Choice[] {
  const { active } = tracker;
  if (active === undefined || !tracker.standsStill(active)) return [];
  const source = sourceOfSession(active);
  return [{ label: inert(source.name), description: texts.tables.sessionDetail(), source }];
}

/** Files that are open. */
function openChoices(): Choice[] {
  const found = new Map<string, Choice>();
  for (const { input } of window.tabGroups.all.flatMap(({ tabs }) => tabs)) {
    if (!(input instanceof TabInputText || input instanceof TabInputCustom) || !looksLikeTables(input.uri)) continue;
    const source = sourceOf([input.uri]);
    found.set(source.key, { label: inert(source.name), description: texts.tables.openFile(), source });
  }
  return [...found.values()];
}

/** Scripts and sources of programs are no dumps; what else is open may be one. */
function looksLikeTables({ path, scheme }: Uri): boolean {
  return scheme !== "output" && scheme !== "debug" && !/\.(itscmd|c|h|rs|py|ts|js|md|S|dts)$/.test(path);
}

/** Runs an act; what it fails with is told. */
export async function told<Result>(act: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await act();
  } catch (error) {
    void showError(reasonOf(error));
    return undefined;
  }
}
