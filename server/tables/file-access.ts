import { type FileAccess, InputProblem } from "./read-input.ts";
import { StoredBytes } from "./stored-bytes.ts";

/** The files of this machine. */
export const fileAccess: FileAccess = {
  open: (file) => new StoredBytes(file, (reason) => new InputProblem(`${file} cannot be read: ${reasonText(reason)}.`)),
};

function reasonText(reason: string | Error): string {
  if (typeof reason === "string") return reason;
  const code = "code" in reason ? reason.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return "it is not there";
  if (code === "EISDIR") return "it is a folder";
  return code === "EACCES" || code === "EPERM" ? "permission denied" : String(code ?? reason.message);
}
