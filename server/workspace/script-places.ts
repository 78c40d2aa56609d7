import { isRefusal, noPlace, type ScriptPlace } from "../../language/index.ts";
import { noFiles, type ScriptFiles } from "./script-files.ts";

/** What the server's scripts know of files: what stands in the editor is read before what is on disk. */
export class ScriptPlaces {
  private readonly files: ScriptFiles;
  private readonly folders: () => readonly string[];
  private readonly open: (file: string) => string | undefined;

  /**
   * @param folders URIs of the workspace's folders, as they are when a file is read
   * @param open the text of a file that stands in the editor, by its identity
   */
  constructor(
    files: ScriptFiles = noFiles,
    folders: () => readonly string[] = () => [],
    open: (file: string) => string | undefined = () => undefined,
  ) {
    this.files = files;
    this.folders = folders;
    this.open = open;
  }

  /** @param uri of a script; one that is on no disk has no files */
  of(uri: string): ScriptPlace {
    const place = this.files.place?.(uri, this.folders);
    if (place === undefined) return noPlace;
    return {
      file: place.file,
      files: {
        read: (path, from, most) => {
          const found = place.files.read(path, from, most);
          if (isRefusal(found)) return found;
          const text = this.open(found.identity);
          return text === undefined ? found : { identity: found.identity, bytes: new TextEncoder().encode(text) };
        },
      },
    };
  }

  /** Identity of a script's file; undefined where it is on no disk. */
  identityOf(uri: string): string | undefined {
    return this.files.place?.(uri, this.folders)?.file;
  }

  /** URI of a file by its identity. */
  uriOf(file: string): string | undefined {
    return this.files.uriOf?.(file);
  }
}
