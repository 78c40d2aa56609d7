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
    json: { type: "flag", summary: "print one JSON object: of each file whether it was, or would be, changed" },
  },
  details: [
    "Files are changed in place; - reads standard input and prints the script.",
    "Lines that cannot be read stay as they are. Exit code of --check: 0 all have the form, 1 some have not.",
  ],
  async run(files, { check, json }, { out, stdin }) {
    if (json && !check && files.includes("-"))
      throw errors.usage("Of standard input the script itself is printed: --json goes with --check then.", "format");
    const report: { file: string; changed: boolean }[] = [];
    let others = 0;
    for (const file of files) {
      const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await readInput(file, stdin));
      const document = new ScriptDocument(text);
      if (document.refusal !== undefined) throw errors.script(file, document.refusal.message);
      const formatted = formatDocument(document);
      report.push({ file, changed: formatted !== text });
      if (file === "-" && !check) out.text(formatted);
      if (formatted === text) continue;
      others++;
      if (check) {
        if (!json) out.line(`${file}: is not in the one form; gicwb format changes it`);
      } else if (file !== "-") {
        await writeWhole(file, formatted);
        if (!json) out.line(`${file}: formatted`);
      }
    }
    if (json) out.line(JSON.stringify({ files: report }, undefined, 2));
    return check && others > 0 ? 1 : 0;
  },
});
