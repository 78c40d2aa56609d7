import { StoredBytes } from "../server/tables/stored-bytes.ts";
import { errors } from "./errors.ts";
import { asFileError } from "./files.ts";

/** A file's bytes, read when they are asked for. Its errors are those of this program. */
export class FileBytes extends StoredBytes {
  /** @throws CliError when the file cannot be opened; its methods when it cannot be read, or is another one by now */
  constructor(file: string) {
    super(file, (reason) =>
      typeof reason === "string" ? errors.notReadable(file, reason) : asFileError(file, reason),
    );
  }
}
