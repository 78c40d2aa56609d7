#!/usr/bin/env node
// Takes the place of the desktop's `code` program for the tests: same arguments, same exit code,
// with code-server and Chromium inside. Needs Node 24 first on the PATH, as in every npm script of the project.
import path from "node:path";
import { main, UserError } from "../project.ts";
import { exitCodes, runSuiteInBrowser } from "./browser-suite.ts";
import { installVsixIntoCodeServer } from "./code-server.ts";
import { profileAt } from "./profile.ts";

const explanations: Readonly<Record<number, string>> = {
  [exitCodes.hostDied]: "The extension host died before the tests were over.",
  [exitCodes.pageDied]: "The workbench page crashed.",
  [exitCodes.timedOut]: "The tests did not end in time.",
};

await main(async () => {
  const userData = required("user-data-dir");
  const profile = profileAt(path.dirname(userData));
  const vsix = option("install-extension");
  if (vsix !== undefined) {
    await installVsixIntoCodeServer(profile, vsix);
    return 0;
  }
  const code = await runSuiteInBrowser(profile, {
    folder: process.argv.slice(2).find((argument) => !argument.startsWith("-")) ?? required("folder"),
    extensionDevelopmentPath: required("extensionDevelopmentPath"),
    extensionTestsPath: required("extensionTestsPath"),
    timeoutMs: Number(process.env.GICWB_SUITE_SECONDS ?? 1200) * 1000,
  });
  const explanation = explanations[code];
  if (explanation !== undefined) console.error(explanation);
  return code;
});

function option(name: string): string | undefined {
  const prefix = `--${name}=`;
  return process.argv.find((argument) => argument.startsWith(prefix))?.slice(prefix.length);
}

function required(name: string): string {
  const value = option(name);
  if (value === undefined) throw new UserError(`--${name}=… is missing`);
  return value;
}
