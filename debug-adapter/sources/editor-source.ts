import { rawFileOf } from "../../emulator/index.ts";
import { FetchedFiles, placeOfUri, readLoads, uriOfPlace } from "../../runner/index.ts";
import { elsewhereSentence, isPlainFileName } from "../../runner/saved-machines/index.ts";
import { errors } from "../errors.ts";
import { type EditorFiles, isUri } from "../script-protocol.ts";
import { type ScriptSource, versionsOf } from "./script-source.ts";

/** A script has so many characters at most (language/limits.ts). */
const MAX_MEBI = 16;

/** Scripts and saved machines that an editor has; their paths are URIs. */
export function editorSource(files: EditorFiles): ScriptSource {
  const textOf = async (uri: string): Promise<string> => {
    try {
      return await files.text(uri);
    } catch (error) {
      throw errors.notReadable(uri, reasonOf(error));
    }
  };
  /** The files that the session's script names. */
  let fetched: { readonly root: string; readonly files: FetchedFiles } | undefined;
  return {
    async read(uri) {
      const text = await textOf(uri);
      if (text === "") throw errors.empty(uri);
      if (text.length > MAX_MEBI * 2 ** 20) throw errors.tooLarge(uri, MAX_MEBI);
      return text;
    },
    version: (uri) => files.version(uri),
    async versionOfIncluded(_, document) {
      if (fetched === undefined) return "";
      const { root } = fetched;
      return versionsOf(document.includedByAny(), (path) => files.version(uriOfPlace({ root, path })));
    },
    async readAgain() {
      await fetched?.files.fetchAgain();
    },
    async readState(uri) {
      const text = await textOf(uri);
      const name = rawFileOf(text);
      if (name === undefined) return { text };
      if (!isPlainFileName(name)) throw errors.state(uri, elsewhereSentence(name));
      const beside = uri.slice(0, uri.lastIndexOf("/") + 1) + encodeURIComponent(name);
      try {
        return { text, raw: await files.bytes(beside) };
      } catch (error) {
        throw errors.notReadable(beside, reasonOf(error));
      }
    },
    place(uri, root) {
      const script = placeOfUri(uri);
      if (script === undefined) return undefined;
      const folder = root === undefined ? undefined : placeOfUri(root);
      const named = new FetchedFiles((path) => files.named(uriOfPlace({ root: script.root, path })));
      fetched = { root: script.root, files: named };
      return named.place(script.path, () => (folder?.root === script.root ? [folder.path] : []));
    },
    async fetch(document) {
      if (fetched === undefined) return false;
      readLoads(document);
      return fetched.files.fetchMissing();
    },
    same: (a, b) => a === b,
    name: (uri) => lastPart(uri),
  };
}

/** Paths that are URIs from the editor, and all others from a source of files. */
export function eitherSource(files: ScriptSource, editor: ScriptSource): ScriptSource {
  const of = (path: string) => (isUri(path) ? editor : files);
  return {
    read: (path) => of(path).read(path),
    version: async (path) => of(path).version?.(path),
    versionOfIncluded: async (path, document) => (await of(path).versionOfIncluded?.(path, document)) ?? "",
    readAgain: async () => editor.readAgain?.(),
    readState: (path) => of(path).readState(path),
    place: (path, root) => of(path).place?.(path, root),
    fetch: (document) => editor.fetch?.(document) ?? Promise.resolve(false),
    same: (a, b) => of(a) === of(b) && of(a).same(a, b),
    name: (path) => of(path).name(path),
  };
}

/** What an editor says in an error, which may be one of another realm. */
function reasonOf(error: unknown): string {
  const { message } = (error ?? {}) as { message?: unknown };
  return typeof message === "string" ? message : String(error);
}

function lastPart(uri: string): string {
  const name = uri.slice(Math.max(uri.lastIndexOf("/"), uri.indexOf(":")) + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    // A percent sign that begins no code is a percent sign.
    return name;
  }
}
