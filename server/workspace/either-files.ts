import type { ScriptFile, ScriptFiles } from "./script-files.ts";

/**
 * Files on disk, and those that the editor alone can read: of a folder that is on none, as `vscode-vfs://github/owner/name`. An editor is asked
 * for nothing while all that it opens is on disk.
 */
export function eitherFiles(disk: ScriptFiles, editor: ScriptFiles): ScriptFiles {
  const isOnDisk = (uri: string) => /^file:/i.test(uri);
  const of = (uri: string) => (isOnDisk(uri) ? disk : editor);
  return {
    place: (uri, folders) => of(uri).place?.(uri, folders),
    // On disk a file's identity is its path.
    uriOf: (file) => (file.includes("://") ? editor : disk).uriOf?.(file) ?? file,
    async list(folders) {
      const elsewhere = folders.filter((uri) => !isOnDisk(uri));
      const [own, others] = await Promise.all([
        disk.list(folders),
        elsewhere.length === 0 ? undefined : editor.list(elsewhere),
      ]);
      // The editor tells of all folders.
      const added: readonly ScriptFile[] = others?.files.filter(({ uri }) => !isOnDisk(uri)) ?? [];
      return { files: [...own.files, ...added], isWhole: own.isWhole && others?.isWhole !== false };
    },
    read: (uri) => of(uri).read(uri),
    onFetched: (listener) => editor.onFetched?.(listener),
    fetchAgain: async () => editor.fetchAgain?.(),
  };
}
