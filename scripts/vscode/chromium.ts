import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium } from "playwright-core";
import { beforeEnding } from "../ending.ts";
import { findOnPath, runShown } from "../process.ts";
import { UserError } from "../project.ts";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Path of a Chromium: CHROMIUM_PATH, one on the PATH, or, when we are root on a Debian, the one its packages have. */
export async function chromiumPath(): Promise<string> {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (existsSync(named)) return named;
    throw new UserError(`CHROMIUM_PATH is ${named}, and no such file exists.`);
  }
  const found = findAny();
  if (found !== undefined) return found;
  const apt = findOnPath("apt-get");
  if (apt === undefined) throw new UserError("No Chromium found: install one and set CHROMIUM_PATH to its path.");
  if (process.getuid?.() !== 0) throw new UserError("No Chromium found: run `sudo apt-get install chromium`.");
  console.log("Installing Chromium from Debian's packages, once.");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await runShown(apt, ["update", "-q"], { env });
  const { code } = await runShown(apt, ["install", "-qy", "--no-install-recommends", "chromium", "fonts-dejavu-core"], {
    env,
  });
  const installed = findAny();
  if (code === 0 && installed !== undefined) return installed;
  throw new UserError("Chromium could not be installed: run `apt-get install chromium` and look at what it says.");
}

function findAny(): string | undefined {
  for (const name of names) {
    const file = findOnPath(name);
    if (file !== undefined) return file;
  }
  return undefined;
}

/** A headless browser and the addresses outside this machine that its pages asked for and did not get. */
export interface Headless {
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly refused: string[];
}

/** @param language that pages are asked for in; English when it is left out */
export async function launchChromium(
  size: { readonly width: number; readonly height: number },
  language = "en",
): Promise<Headless> {
  const browser = await chromium.launch({
    executablePath: await chromiumPath(),
    // Playwright's own handlers exit before the rest of the script is undone.
    ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
    args: [
      "--no-sandbox", // Chromium refuses to run as root with it; the only pages are our own.
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });
  browser.once(
    "disconnected",
    beforeEnding(() => browser.close()),
  );
  const permissions = ["clipboard-read", "clipboard-write"];
  const context = await browser.newContext({ viewport: size, permissions, locale: language });
  const refused: string[] = [];
  // Refusing at once beats waiting for a name that cannot be resolved.
  await context.route(
    (url) => /^https?:$/.test(url.protocol) && url.hostname !== "127.0.0.1",
    (route) => {
      refused.push(route.request().url());
      return route.abort();
    },
  );
  return { browser, context, refused };
}
