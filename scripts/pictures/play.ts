import { cpSync, existsSync, rmSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { beforeEnding } from "../ending.ts";
import { inProject } from "../project.ts";
import { launchChromium } from "../vscode/chromium.ts";
import { installVsixIntoCodeServer, startCodeServer } from "../vscode/code-server.ts";
import { freshProfile, removeProfile } from "../vscode/profile.ts";
import { openWorkbench } from "../vscode/workbench.ts";
import { packVsix } from "../vsix.ts";
import type { Scene } from "./scenes.ts";
import { WorkbenchUser } from "./workbench-user.ts";

const pictures = inProject(".pictures");

/** Packs the extension and plays scenes with it, one after the other. @returns whether all went well */
export async function playAll(scenes: readonly Scene[]): Promise<boolean> {
  const vsix = inProject("out", `pictures-${process.pid}.vsix`);
  const remove = () => rmSync(vsix, { force: true });
  const forget = beforeEnding(remove);
  let wentWell = true;
  try {
    await packVsix(vsix);
    for (const scene of scenes) {
      console.log(scene.name);
      if (!(await play(scene, vsix))) wentWell = false;
    }
  } finally {
    forget();
    remove();
  }
  return wentWell;
}

/** Plays one scene in a profile of its own. A scene that fails leaves `NAME-failed.png`, which mostly shows why. */
async function play(scene: Scene, vsix: string): Promise<boolean> {
  const profile = freshProfile(scene.settings);
  try {
    const folder = path.join(profile.folder, "examples");
    for (const source of [inProject("test", "vscode", "workspace"), inProject("examples")]) {
      if (existsSync(source)) cpSync(source, folder, { recursive: true });
    }
    scene.prepare?.(folder);
    await installVsixIntoCodeServer(profile, vsix);
    const server = await startCodeServer(profile, { testDriver: false });
    const { browser, context } = await launchChromium({ width: 1440, height: 900 });
    const page = await context.newPage();
    if (scene.language !== undefined) await speak(page, scene.language);
    const user = new WorkbenchUser(page, pictures);
    try {
      await openWorkbench(page, server, { folder });
      await scene.play(user);
      return true;
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      await user.picture(`${scene.name}-failed`);
      return false;
    } finally {
      await browser.close();
      await server.stop();
    }
  } finally {
    removeProfile(profile);
  }
}

/**
 * Opens the workbench in a language, without a pack of it: the editor's own texts stay English, and extensions are told the language and give theirs.
 */
function speak(page: Page, language: string): Promise<unknown> {
  // What the scripts of a language pack set, which the workbench gives to the extension host.
  return page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(language)};`);
}
