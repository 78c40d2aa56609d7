import { setTimeout as sleep } from "node:timers/promises";
import { format } from "node:util";
import { launchChromium } from "./chromium.ts";
import { startCodeServer } from "./code-server.ts";
import type { Profile } from "./profile.ts";
import { openWorkbench, type WorkbenchOptions } from "./workbench.ts";

/** Exit codes beyond the workbench's own 0 (passed) and 1 (failed). */
export const exitCodes = { hostDied: 4, pageDied: 70, timedOut: 124 } as const;

/** What the workbench itself logs while it starts and stops, and of addons that were not compiled; everything else that a test run prints is shown. */
const noise =
  /^(Canceled|(\[[^\]]*\] )*(Error: )?(Could not locate the bindings file|Cannot find module '.\/build\/Release\/watchdog')|Resolv(ing|ed) connection token|Creating a socket|\[(reconnection-grace-time|Service Worker|AgentHost|AccountPolicyGate|SignService)|(Ignoring fetching|Updating|Skipping) additional builtin|Started local extension host|An iframe which has both|Error: \d+ tests? failed)/;

/**
 * Runs an extension's tests in the extension host of code-server, with its workbench in Chromium: what the desktop
 * program does for `--extensionTestsPath`. Resolves to an exit code.
 */
export async function runSuiteInBrowser(
  profile: Profile,
  options: WorkbenchOptions & { readonly timeoutMs: number },
): Promise<number> {
  const server = await startCodeServer(profile, { testDriver: true });
  const { browser, context } = await launchChromium({ width: 1280, height: 800 });
  try {
    const page = await context.newPage();
    let over = false;
    const ended = new Promise<number>((resolve) => {
      const end = (code: number) => {
        over = true;
        resolve(code);
      };
      page.on("crash", () => end(exitCodes.pageDied));
      page.exposeFunction("codeAutomationExit", (code: number) => end(code));
    });
    // The workbench calls both functions by name; they must be there before it loads.
    await page.exposeFunction("codeAutomationLog", (type: string, args: unknown[]) => {
      const text = format(...(args ?? []));
      if (over || noise.test(text)) return;
      (type === "error" ? process.stderr : process.stdout).write(`${text}\n`);
    });
    await openWorkbench(page, server, options);
    const limit = sleep(options.timeoutMs, exitCodes.timedOut, { ref: false });
    const code = await Promise.race([ended, limit]);
    return code === 0 && !(await hostEndedWell(server.log)) ? exitCodes.hostDied : code;
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** A killed extension host is reported as 0 to the page: the server's log knows how the process really ended. */
async function hostEndedWell(log: () => string): Promise<boolean> {
  for (let i = 0; i < 60; i++) {
    const ended = /Extension Host Process exited with code: (\w+), signal: (\w+)/.exec(log());
    if (ended) return ended[1] === "0" && ended[2] === "null";
    await sleep(50);
  }
  return false;
}
