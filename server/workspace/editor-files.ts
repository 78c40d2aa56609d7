import type { Connection } from "vscode-languageserver";
import { limits } from "../../language/index.ts";
import { type Fetched, FetchedFiles, placeOfUri, uriOfPlace } from "../../runner/index.ts";
import {
  type FileAnswer,
  type FileParams,
  fileRequest,
  type ScriptsAnswer,
  scriptsRequest,
} from "../files-protocol.ts";
import type { ScriptFiles } from "./script-files.ts";

/** Files of the editor, asked of it by their URIs. A path stands for a URI's scheme, authority and path: `vscode-vfs://github/owner/a.itscmd`. */
export function editorFiles(connection: Connection): ScriptFiles {
  const ask = async (uri: string): Promise<Fetched> => {
    try {
      const answer = await connection.sendRequest<FileAnswer>(fileRequest, { uri } satisfies FileParams);
      if (!("base64" in answer)) return answer;
      return { bytes: Uint8Array.from(atob(answer.base64), (character) => character.charCodeAt(0)) };
    } catch (error) {
      // An editor that knows no such question, or fails at it: that is what the script's line says.
      return { code: `the editor says: ${error instanceof Error ? error.message : String(error)}` };
    }
  };
  /** By scheme and authority. */
  const systems = new Map<string, FetchedFiles>();
  const listeners: (() => void)[] = [];
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const systemOf = (root: string): FetchedFiles => {
    const known = systems.get(root);
    if (known !== undefined) return known;
    const made = new FetchedFiles((path) => ask(uriOfPlace({ root, path })));
    systems.set(root, made);
    return made;
  };
  let fetching = false;
  /** Once what reads now is through: all that it names is asked for together. */
  const fetchSoon = () => {
    if (fetching) return;
    fetching = true;
    queueMicrotask(() => void fetchAll());
  };
  const fetchAll = async () => {
    try {
      const found = await Promise.all([...systems.values()].map((system) => system.fetchMissing()));
      fetching = false;
      if (found.includes(true)) tell();
    } catch (error) {
      fetching = false;
      connection.console.error(`files of the editor: ${String(error)}`);
    }
  };
  return {
    place(uri, folders) {
      const script = placeOfUri(uri);
      if (script === undefined) return undefined;
      const system = systemOf(script.root);
      const around = () =>
        folders().flatMap((folder) => {
          const place = placeOfUri(folder);
          return place?.root === script.root ? [place.path] : [];
        });
      const place = system.place(script.path, around);
      const identity = (path: string) => `${script.root}${path}`;
      return {
        file: identity(place.file),
        files: {
          read(path, from, most) {
            const found = place.files.read(path, from.slice(script.root.length), most);
            if (system.isWaiting) fetchSoon();
            return "refused" in found ? found : { ...found, identity: identity(found.identity) };
          },
        },
      };
    },
    uriOf(file) {
      const end = file.indexOf("/", file.indexOf("://") + 3);
      return uriOfPlace({ root: file.slice(0, end), path: file.slice(end) });
    },
    async list() {
      return connection.sendRequest<ScriptsAnswer>(scriptsRequest);
    },
    async read(uri) {
      const found = await ask(uri);
      return "bytes" in found && found.bytes.length <= limits.characters
        ? new TextDecoder().decode(found.bytes)
        : undefined;
    },
    onFetched: (listener) => void listeners.push(listener),
    async fetchAgain() {
      const changes = await Promise.all([...systems.values()].map((system) => system.fetchAgain()));
      if (changes.includes(true)) tell();
    },
  };
}
