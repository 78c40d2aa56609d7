// Stands in for npm:  node install-npm.ts MODE CACHE NPM-ARGS…   It installs a code-server of three small files, or fails like npm.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

const [mode, cache = "", command] = process.argv.slice(2);
const entry = "console.log('4.139.1')\n";

if (command === "config") console.log(cache);
else if (command === "install" && path.basename(process.cwd()) === "vscode") writeLock("node_modules", {});
else if (command === "install") installCodeServer();

function installCodeServer(): void {
  if (/^[A-Z]/.test(mode ?? "")) {
    console.error(`npm error code ${mode}\nnpm error request failed`);
    process.exit(1);
  }
  const files = { "package.json": "{}\n", "out/node/entry.js": entry, "lib/vscode/package.json": "{}\n" };
  const archive = gzipSync(tar(files));
  const hash = createHash("sha512").update(archive).digest();
  const hex = hash.toString("hex");
  const content = path.join(cache, "_cacache", "content-v2", "sha512", hex.slice(0, 2), hex.slice(2, 4));
  mkdirSync(content, { recursive: true });
  writeFileSync(path.join(content, hex.slice(4)), archive);
  for (const [name, text] of Object.entries(files)) {
    const file = path.join("node_modules", "code-server", name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, mode === "hollow" ? "" : mode === "cut" ? text.slice(1) : text);
  }
  writeLock("node_modules", { "node_modules/code-server": { integrity: `sha512-${hash.toString("base64")}` } });
  if (mode === "warns") console.error("npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device, write");
  if (mode === "stays") {
    console.log("stays");
    setInterval(() => {}, 1000);
  }
}

function writeLock(folder: string, packages: object): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, ".package-lock.json"), JSON.stringify({ packages }));
}

function tar(files: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(files).flatMap(([name, text]) => {
    const header = Buffer.alloc(512);
    header.write(`package/${name}`);
    header.write(text.length.toString(8).padStart(11, "0"), 124);
    header.write("0", 156);
    header.write("ustar", 257);
    return [header, Buffer.from(text), Buffer.alloc((512 - (text.length % 512)) % 512)];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}
