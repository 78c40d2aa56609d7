/** What a person can do about disks and folders that this project's scripts write to. */
const elsewhere = "XDG_CACHE_HOME and TMPDIR name other folders for caches and temporary files.";

/**
 * What stands in the way when the system refuses a script a file or a folder, as one sentence for the person who started it;
 * undefined for errors that are none of the system's or would be a defect of ours.
 */
export function systemSentence(error: unknown): string | undefined {
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  switch (syscall === undefined ? undefined : code) {
    case "ENOSPC":
    case "EDQUOT":
      return `The disk of ${path ?? "one of the folders that are written"} is full (${code}): make room there. ${elsewhere}`;
    case "EROFS":
    case "EACCES":
    case "EPERM":
    case "ENOTDIR":
      return path === undefined ? undefined : `${path} cannot be written (${code}). ${elsewhere}`;
    case "ENOENT": // What Node makes of EROFS when it makes a folder with those above it.
      return syscall?.startsWith("mkd") ? `${path} cannot be made (${code}). ${elsewhere}` : undefined;
    default:
      return undefined;
  }
}
