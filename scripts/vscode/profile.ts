import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEnding } from "../ending.ts";
import { extensionId, manifest, root } from "../project.ts";
import { quietSettings } from "./quiet-settings.ts";

/** The two folders that make a VS Code profile, and nothing of the user's own. */
export interface Profile {
  readonly folder: string;
  readonly userData: string;
  readonly extensions: string;
}

/** A profile in a folder of our own choice, which no other user may enter; settings that are already there are left alone. */
export function profileAt(folder: string, settings: Readonly<Record<string, unknown>> = {}): Profile {
  const profile = { folder, userData: path.join(folder, "user-data"), extensions: path.join(folder, "extensions") };
  const user = path.join(profile.userData, "User");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700); // One that is already there may be of a time when it was open.
  mkdirSync(user, { recursive: true });
  mkdirSync(profile.extensions, { recursive: true });
  const file = path.join(user, "settings.json");
  try {
    writeFileSync(file, `${JSON.stringify({ ...quietSettings, ...settings }, null, 2)}\n`, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return profile;
    rmSync(file, { force: true }); // A part of them on a full disk would count as the person's own the next time.
    throw error;
  }
  return profile;
}

/** Takes back that a profile is removed when the script is told to end. */
const forgets = new Map<Profile, () => void>();

/** A profile that nobody has used, in the system's temporary folder. @param settings of the user, beside the quiet ones */
export function freshProfile(settings?: Readonly<Record<string, unknown>>): Profile {
  const profile = profileAt(mkdtempSync(path.join(tmpdir(), "gicwb-")), settings);
  forgets.set(
    profile,
    beforeEnding(() => removeProfile(profile)),
  );
  return profile;
}

export function removeProfile(profile: Profile): void {
  forgets.get(profile)?.();
  rmSync(profile.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/**
 * Registers the checkout as an installed extension. A packaged VS Code takes `--extensionDevelopmentPath` only together
 * with a test option that hides notifications, so for a person the checkout is listed as if it had been installed.
 */
export function installCheckout(profile: Profile): void {
  const entry = {
    identifier: { id: extensionId },
    version: manifest.version,
    location: { $mid: 1, path: pathToFileURL(root).pathname, scheme: "file" },
    metadata: { isApplicationScoped: false, pinned: true },
  };
  writeFileSync(path.join(profile.extensions, "extensions.json"), JSON.stringify([entry]));
}
