import path from "node:path";

/** In the desktop's VS Code the program that runs the extension is Electron, which must be told to be Node. */
export const asNode = { ELECTRON_RUN_AS_NODE: "1", ELECTRON_NO_ASAR: "1" } as const;

/** The command line that is in the package. @param extensionPath folder of the extension */
export function commandLineIn(extensionPath: string): string {
  return path.join(extensionPath, "dist", "gicwb.cjs");
}
