import { isRefusal, type ScriptFiles, type ScriptPlace } from "../../language/index.ts";
import { type FileSystem, scriptPlace } from "../../runner/index.ts";

/** The files of the machine that the server runs on, for scripts that include them. In a browser there is none. */
export interface IncludeFiles {
  /** What a script knows of files; undefined for one that is no file. @param folders URIs of the workspace folders */
  place(uri: string, folders: readonly string[]): ScriptPlace | undefined;
  /** URI of a file by its identity. */
  uriOf(file: string): string;
}

/** Node's way from URIs to paths and back. */
interface UrlParts {
  fileURLToPath(url: string): string;
  pathToFileURL(path: string): { readonly href: string };
}

/** Files of Node's file system. */
export function nodeFiles(system: FileSystem, { fileURLToPath, pathToFileURL }: UrlParts): IncludeFiles {
  const pathOf = (uri: string): string | undefined => {
    if (!/^file:/i.test(uri)) return undefined;
    try {
      return fileURLToPath(uri);
    } catch {
      // An editor may send anything: a host that Unix has not, a percent sign that begins no code.
      return undefined;
    }
  };
  return {
    place(uri, folders) {
      const file = pathOf(uri);
      return file === undefined
        ? undefined
        : scriptPlace(
            system,
            file,
            folders.flatMap((one) => pathOf(one) ?? []),
          );
    },
    uriOf: (file) => pathToFileURL(file).href,
  };
}

/** What stands in the editor is read before what is on disk. @param textOf the text of a file that is open */
export function editorFirst(files: ScriptFiles, textOf: (file: string) => string | undefined): ScriptFiles {
  return {
    read(path, from) {
      const found = files.read(path, from);
      if (isRefusal(found)) return found;
      const text = textOf(found.identity);
      return text === undefined ? found : { identity: found.identity, bytes: new TextEncoder().encode(text) };
    },
  };
}
