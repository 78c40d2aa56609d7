import { ScriptDocument } from "../../../language/index.ts";
import { scriptOfLog } from "../../../runner/import/index.ts";
import { differenceLines, eventRows, summaryLines, TraceRun } from "../../../runner/trace/index.ts";
import { timerInterrupt } from "../../trace/small-trace.ts";
import { type Kind, unspoken } from "./kind.ts";
import { Mutator } from "./mutate.ts";
import { hex, Numbers } from "./numbers.ts";

const MOST_LINES = 60;

/** Lines of commands, translations and tables, and of others' logs. */
const more: readonly string[] = [
  "gicv3_its_write GICv3 ITS write: offset 0x0 data 0x1 size 4",
  "gicv3_its_write GICv3 ITS write: offset 0x80 data 0xb800000040000000 size 8",
  "gicv3_its_write GICv3 ITS write: offset 0x88 data 0x40 size 8",
  "gicv3_its_read GICv3 ITS read: offset 0x8 data 0x1ef71 size 8",
  "gicv3_its_process_command GICv3 ITS: processing command at offset 0x20 : 0x9",
  "gicv3_its_cmd_mapc GICv3 ITS: command MAPC ICID 0x1 RDbase 0x0 V 1",
  "gicv3_its_cmd_mapd GICv3 ITS: command MAPD DeviceID 0x8 Size 0x4 ITT_addr 0x40400000 V 1",
  "gicv3_its_cmd_mapti GICv3 ITS: command MAPTI DeviceID 0x8 EventID 0x1 ICID 0x1 IntID 0x2001",
  "gicv3_its_cte_write GICv3 ITS: Collection Table write for ICID 0x1: valid 1 RDBase 0x0",
  "gicv3_its_dte_read GICv3 ITS: Device Table read for DeviceID 0x8: valid 1 size 0x4 ITTaddr 0x404000",
  "gicv3_its_translation_write GICv3 ITS TRANSLATER write: offset 0x40 data 0x1 size 4 requester_id 0x8",
  "ITS: MAPD devid = 1 size = 0x8 itt = 0x40410000 valid = 1",
  "(XEN) d1v0: ITS: unhandled ITS command 33",
  "kvm-1 [000] 12.34: vgic_update_irq_pending: VCPU: 0, IRQ 8193, level: 1",
];

/** Traces of QEMU are replayed, and logs become scripts. */
export const traces: Kind = {
  name: "traces",
  ending: ".log",
  generate(random) {
    const numbers = new Numbers(random);
    const mutator = new Mutator(
      random,
      () => (random.chance(50) ? numbers.any() : hex(random.below(0x1_0000))),
      () => random.pick(random.chance(50) ? more : timerInterrupt),
    );
    const sample = random.chance(60) ? timerInterrupt : more;
    // Most traces begin at the reset, as only those are replayed.
    const changed = mutator.lines(sample, MOST_LINES);
    return random.chance(50) ? [timerInterrupt[0], ...changed] : changed;
  },
  async check(parts) {
    const run = new TraceRun();
    for (const line of parts) run.survey.line(line);
    const problem = run.begin(parts.length % 2 === 0 ? "qemu-7.2" : "qemu-11.1");
    if (problem === undefined) {
      for (const line of parts) if (!run.replayLine(line)) break;
      const result = run.finish();
      const { difference } = result;
      const told = [
        ...summaryLines(result),
        ...(difference === undefined ? [] : differenceLines(difference)),
        ...eventRows(result).flat(),
        result.problem ?? "",
      ];
      const bad = unspoken(told.join("\n"));
      if (bad !== undefined) return bad;
    } else {
      const bad = unspoken(problem);
      if (bad !== undefined) return bad;
    }
    const script = scriptOfLog(parts.join("\n"), "trace.log");
    if (script === undefined) return undefined;
    const broken = new ScriptDocument(script).lines.find(({ syntaxProblem }) => syntaxProblem !== undefined);
    return broken === undefined ? undefined : `An imported line cannot be read: ${broken.text}`;
  },
};
