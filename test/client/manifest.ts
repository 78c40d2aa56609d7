import manifestFile from "../../package.json" with { type: "json" };

/** package.json as VS Code shows it: with its texts in English. */
export const manifest = manifestFile;
