import { readFileSync } from "node:fs";
import { Fields, RecordingError } from "./fields.ts";

/** A recording that is known not to replay yet. */
export interface ExpectedFailure {
  /** The recording's path from the folder of the family of recordings on, for example `kvm/v2/7.2/v2_sgir.json`. */
  file: string;
  reason: string;
}

/** The list of recordings that may fail. It may only shrink: a listed recording that passes is an error. */
export class ExpectedFailures {
  readonly #entries: readonly ExpectedFailure[];

  constructor(entries: readonly ExpectedFailure[]) {
    this.#entries = entries;
  }

  /** Reads the list; throws a RecordingError that names the file when it is damaged. */
  static read(path: string): ExpectedFailures {
    try {
      const list: unknown = JSON.parse(readFileSync(path, "utf8"));
      if (!Array.isArray(list)) {
        throw new RecordingError("not a list");
      }
      return new ExpectedFailures(
        list.map((raw, index) => {
          const entry = new Fields(raw, `entry ${index}`);
          const expected = { file: entry.text("file"), reason: entry.text("reason") };
          if (expected.file === "" || expected.reason.trim() === "") {
            throw new RecordingError(`entry ${index} needs a file and a reason`);
          }
          return expected;
        }),
      );
    } catch (error) {
      throw new RecordingError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Why this recording may fail, undefined when it may not. The same recording counts wherever its folder lies. */
  reasonFor(path: string): string | undefined {
    const slashed = `/${path.replaceAll("\\", "/")}`;
    return this.#entries.find(({ file }) => slashed.endsWith(`/${file}`))?.reason;
  }
}
