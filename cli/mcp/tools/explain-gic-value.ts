import { readingLines } from "../../../dumps/explain-value/index.ts";
import { explained, jsonReading } from "../../answers/explain-text.ts";
import { anyObject, aText, listOf, objectOf, said } from "../output-schema.ts";
import { defineTool } from "../tool.ts";
import { toolErrors } from "../tool-errors.ts";

/** Readings that are answered. */
const MOST_READINGS = 20;
/** Characters that are looked at: a value, not a log. */
const MOST_CHARACTERS = 4096;

export const explainGicValue = defineTool({
  name: "explain_gic_value",
  title: "Explain a GIC or ITS value",
  description: {
    what: "Says what a number or line about an Arm GIC or ITS means, field by field: a register's value (GITS_BASER0=0xb907000040100607), the four words of an ITS command, a word of a table (entry 0x8002000008080004), a command error (0x010A05, MAPTI_ID_OOR), an INTID (intid 8195), KVM's device attributes (attr VGIC_V3 REDIST_REGS 0x100000078) and errno (errno EBUSY ITS_REGS), an address, a line of Linux's log ('ITS queue timeout (9088 513)'), table sizes (sizes devices=1024 events=32), a rule or problem code (L-11, ITS0305)",
    when: "whenever such a value comes up: it is exact where memory of the manual is not",
    whenNot: "for a dump of many entries (decode_gic_table), nor for general questions about the architecture",
    limits: `${MOST_CHARACTERS} characters; ${MOST_READINGS} readings, the most likely first`,
  },
  arguments: {
    text: {
      type: "text",
      value: "TEXT",
      required: true,
      summary: "the value, with its register's name where it is known; numbers are decimal or 0x",
    },
  },
  output: objectOf({
    text: aText,
    "readings?": said(listOf(anyObject), "What it means, the most likely first: kind, title, summary, fields, notes."),
    "page?": said(aText, "Of a rule or problem code: its page, Markdown."),
    "moreReadings?": said({ type: "integer" }, "Readings that were left out."),
  }),
  work({ text }) {
    if (text.length > MOST_CHARACTERS)
      throw toolErrors.refused(
        `The text has ${text.length} characters; a value has ${MOST_CHARACTERS} at most.`,
        "Give one value or one line; decode_gic_table takes dumps.",
      );
    const found = explained(text);
    if (found.kind === "nothing")
      throw toolErrors.refused(
        found.message,
        "Put the register's name before the value: GITS_BASER0=0x…; the description lists the forms.",
      );
    if (found.kind === "page") return { text: found.page, data: { text, page: found.page } };
    const readings = found.readings.slice(0, MOST_READINGS);
    const more = found.readings.length - readings.length;
    return {
      text: readings.map((reading) => readingLines(reading).join("\n")).join("\n\n"),
      data: { text, readings: readings.map(jsonReading), ...(more > 0 ? { moreReadings: more } : {}) },
    };
  },
});
