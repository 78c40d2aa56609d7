import * as vscode from "vscode";
import { Uri, workspace } from "vscode";
import { startWorker, type WebWorker } from "./web-worker.ts";
import { workerScript } from "./worker-script.ts";

/** Files of the package that a program in a browser loads, and which of them each loads itself: written by the build. */
declare const PACKAGE_FILES: Readonly<Record<string, readonly string[]>>;

type Load = (module: { exports: unknown }, exports: unknown, require: (name: string) => unknown) => void;

/**
 * The extension's own files, where nothing loads one file for another: an extension host in a browser fetches the one that package.json names and
 * gives it no `require` for others. So they are read as every extension may read its folder, and run as the host itself runs the first: by
 * `Function`. Names come from the build and from nowhere else.
 */
export class PackageFiles {
  private readonly folder: Uri;
  private readonly texts = new Map<string, Promise<string>>();
  private readonly modules = new Map<string, { exports: unknown }>();

  constructor(folder: Uri) {
    this.folder = folder;
  }

  /** Loads a file and what it loads into this host. Rejects when one of them cannot be read. */
  async load<Module>(name: string): Promise<Module> {
    const texts = new Map<string, string>();
    for (const [file, text] of await this.read(name)) texts.set(file, text);
    const require = (request: string): unknown => {
      if (request === "vscode") return vscode;
      const file = request.replace(/^\.\//, "");
      const known = this.modules.get(file);
      if (known !== undefined) return known.exports;
      const text = texts.get(file);
      if (text === undefined) throw new Error(`${request} is not there in a browser.`);
      const module = { exports: {} };
      this.modules.set(file, module);
      const source = `${text}\n//# sourceURL=${Uri.joinPath(this.folder, file).toString(true)}`;
      (new Function("module", "exports", "require", source) as Load)(module, module.exports, require);
      return module.exports;
    };
    return require(name) as Module;
  }

  /** Starts a worker that runs a file. Rejects as {@link load} */
  async start(name: string): Promise<WebWorker> {
    return startWorker(workerScript(name, await this.read(name)), name);
  }

  /** The file and all that it loads, each once. */
  private async read(name: string): Promise<(readonly [file: string, text: string])[]> {
    const files = new Set([name]);
    for (const file of files) for (const other of PACKAGE_FILES[file] ?? []) files.add(other);
    return Promise.all([...files].map(async (file) => [file, await this.text(file)] as const));
  }

  private text(file: string): Promise<string> {
    let text = this.texts.get(file);
    if (text === undefined) {
      text = this.fetch(file);
      // What could not be read is tried again when it is asked for again.
      text.catch(() => this.texts.delete(file));
      this.texts.set(file, text);
    }
    return text;
  }

  private async fetch(file: string): Promise<string> {
    return new TextDecoder().decode(await workspace.fs.readFile(Uri.joinPath(this.folder, file)));
  }
}
