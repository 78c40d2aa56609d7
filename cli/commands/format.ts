import { formatDocument, ScriptDocument } from "../../language/index.ts";
import { defineCommand } from "../command.ts";
import { errors } from "../errors.ts";
import { readInput } from "../files.ts";
import { writeWhole } from "../write-whole.ts";

/** `gicwb format`: scripts in their one form. */
export const format = defineCommand({
  name: "format",
  summary: "bring scripts into the one form that the editor's formatting gives them",
  args: ["FILE"],
  repeated: true,
  options: {
    check: { type: "flag", summary: "change nothing; say which files are not in that form" },
  },
  details: [
    "Files are changed in place; - reads standard input and prints the script.",
    "Lines that cannot be read stay as they are. Exit code of --check: 0 all have the form, 1 some have not.",
  ],
  async run(files, { check }, { out, stdin }) {
    let others = 0;
    for (const file of files) {
      const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await readInput(file, stdin));
      const document = new ScriptDocument(text);
      if (document.refusal !== undefined) throw errors.script(file, document.refusal.message);
      const formatted = formatDocument(document);
      if (file === "-" && !check) out.text(formatted);
      if (formatted === text) continue;
      others++;
      if (check) out.line(`${file}: is not in the one form; gicwb format changes it`);
      else if (file !== "-") {
        await writeWhole(file, formatted);
        out.line(`${file}: formatted`);
      }
    }
    return check && others > 0 ? 1 : 0;
  },
});
