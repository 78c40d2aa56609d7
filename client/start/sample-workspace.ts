import { commands, type Disposable, FileSystemError, Uri, window, workspace } from "vscode";
import { pathOf } from "../file-names.ts";
import { reasonOf } from "../inert.ts";
import { registerCommand, showCancellableParts, showError, showQuestion, showWarning } from "../messages.ts";
import { freeName, type SampleFiles, sampleBytes } from "./sample-files.ts";
import type { Samples } from "./samples.ts";
import { startTexts } from "./start-texts.ts";

const FOLDER = "gic-samples";

/**
 * "Open Sample Workspace": copies the examples into a new folder and opens it.
 * A keybinding or another extension may name the folder to copy into, and then opens the new one itself: it is what the command answers.
 */
export function registerSampleWorkspace(samples: Samples): Disposable {
  return registerCommand("gicWorkbench.openSampleWorkspace", async (into?: unknown) => {
    const files = await samples.files();
    const asked = into instanceof Uri ? into : await askForFolder();
    if (asked === undefined) return undefined;
    const place = await newFolder(asked, into instanceof Uri);
    if (place === undefined) return undefined;
    if (place.exists) return openFolder(place.folder);
    const copied = await copy(files, place.folder);
    if (!copied) return undefined;
    if (!(into instanceof Uri)) await offer(Object.keys(files).length, place.folder);
    return place.folder;
  });
}

async function askForFolder(): Promise<Uri | undefined> {
  const picked = await window.showOpenDialog({
    title: startTexts.copyTitle(),
    openLabel: startTexts.copyHere(),
    canSelectFiles: false,
    canSelectFolders: true,
    defaultUri: workspace.workspaceFolders?.[0]?.uri,
  });
  return picked?.[0];
}

/** Where the samples go: a folder that is not there yet, or one that is there and that the user wants to open as it is. */
async function newFolder(
  into: Uri,
  quiet: boolean,
): Promise<{ readonly folder: Uri; readonly exists: boolean } | undefined> {
  const folder = Uri.joinPath(into, FOLDER);
  const free = await freeName(FOLDER, (name) => exists(Uri.joinPath(into, name)));
  const beside = { folder: Uri.joinPath(into, free), exists: false };
  if (free === FOLDER || quiet) return beside;
  const openThat = startTexts.copyOpenThat();
  const copyBeside = startTexts.copyBeside(free);
  const picked = await showWarning(startTexts.copyTaken(pathOf(folder)), openThat, copyBeside);
  if (picked === copyBeside) return beside;
  return picked === openThat ? { folder, exists: true } : undefined;
}

/** @throws Error for the user where it cannot be told */
async function exists(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch (error) {
    if (error instanceof FileSystemError && error.code === "FileNotFound") return false;
    throw new Error(startTexts.copyFailed(pathOf(uri), reasonOf(error)));
  }
}

/** @returns whether all are there; if not, nothing is left of them, and the user knows why or wanted it so */
async function copy(files: SampleFiles, folder: Uri): Promise<boolean> {
  try {
    const done = await showCancellableParts(startTexts.copying(pathOf(folder)), Object.keys(files), (name) =>
      workspace.fs.writeFile(Uri.joinPath(folder, ...name.split("/")), sampleBytes(files[name])),
    );
    if (done) return true;
  } catch (error) {
    void showError(startTexts.copyFailed(pathOf(folder), reasonOf(error)));
  }
  await remove(folder);
  return false;
}

/** The folder is ours: it was not there before. */
async function remove(folder: Uri): Promise<void> {
  try {
    if (await exists(folder)) await workspace.fs.delete(folder, { recursive: true });
  } catch (error) {
    void showError(startTexts.copyLeft(pathOf(folder), reasonOf(error)));
  }
}

/** Opens the new folder: at once where no folder is open, else as the user wants it. */
async function offer(count: number, folder: Uri): Promise<void> {
  if (workspace.workspaceFolders === undefined) {
    await openFolder(folder);
    return;
  }
  const open = startTexts.openHere();
  const openNew = startTexts.openNew();
  const picked = await showQuestion(startTexts.copied(count, pathOf(folder)), open, openNew);
  if (picked !== undefined) await openFolder(folder, picked === openNew);
}

async function openFolder(folder: Uri, forceNewWindow = false): Promise<Uri> {
  await commands.executeCommand("vscode.openFolder", folder, { forceNewWindow });
  return folder;
}
