import { explainTopics, readingLines } from "../../dumps/explain-value/index.ts";
import { explained, jsonReading } from "../answers/explain-text.ts";
import { defineCommand } from "../command.ts";
import { errors } from "../errors.ts";

/** `gicwb explain`: what a number from a log, a register dump or a bug report means. */
export const explain = defineCommand({
  name: "explain",
  summary: "explain a register value, a command, an error, an INTID, a table's word, a kernel's log line, an address",
  args: ["TEXT"],
  repeated: true,
  options: { json: { type: "flag", summary: "print one JSON object" } },
  details: [
    "TEXT is one of:",
    "  GITS_BASER0=0xb907000040100607         a register's value; several may follow one another, VTR means ICH_VTR_EL2",
    "  0x8000000008 0x4 0x8000000040400000 0  the four words of a command",
    "  0x010A05 or MAPTI_ID_OOR               a command error",
    "  intid 8195                             an INTID",
    "  attr VGIC_V3 REDIST_REGS 0x100000078   the attr of a device attribute, and after it its value",
    "  attr VGIC_V3 REDIST_REGS pe=1 GICR_PENDBASER   the attr of a register",
    "  irq 0x2010010                          the irq of KVM_IRQ_LINE",
    "  0x08090040                             an address of the default map",
    "  errno EBUSY ITS_REGS                   what an errno of KVM's devices means there",
    "  entry 0x8002000008080004               a word of a table: DTE, ITE, CTE, level-1 entry, in each layout",
    "  sizes devices=1024 events=32           what GITS_BASER<n>, MAPD and GICR_PROPBASER have to say; also collections= and lpis=",
    "  'ITS queue timeout (9088 513)'         a line of Linux's log or of /proc/interrupts: ITS-MSI 16384, ITS@…: allocated 8192 Devices",
    "  L-11 or ITS0305                        a rule of scripts, or the code of a problem: its page",
    `The first word may say what is meant: ${explainTopics.join(", ")}. A lone number gives every reading, most likely first.`,
  ],
  async run(words, { json }, { out }) {
    const text = words.join(" ");
    const explanation = explained(text);
    if (explanation.kind === "nothing") throw errors.usage(explanation.message, "explain");
    if (explanation.kind === "page") {
      const { page } = explanation;
      if (json) out.line(JSON.stringify({ text, page }, undefined, 2));
      else out.text(page);
      return 0;
    }
    const { readings } = explanation;
    if (json) {
      out.line(JSON.stringify({ text, readings: readings.map(jsonReading) }, undefined, 2));
      return 0;
    }
    for (const [i, reading] of readings.entries()) {
      if (i > 0) out.line();
      for (const line of readingLines(reading)) out.line(line);
    }
    return 0;
  },
});
