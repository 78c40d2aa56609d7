import { layouts } from "../../../architecture/layouts/index.ts";
import { fetchText, type MsiStep, msiResult, msiStepJson, msiText } from "../../../dumps/captures/index.ts";
import { finish } from "../../../dumps/work.ts";
import { traceMachineMsi } from "../../../runner/index.ts";
import { machineOfScript } from "../../../runner/saved-machines/index.ts";
import { msiId, msiWay } from "../../../server/tables/msi-way.ts";
import { contentArguments, givenContent, layoutArgument } from "../inputs.ts";
import { limits } from "../limits.ts";
import { aCount, anyObject, aText, listOf, objectOf, said } from "../output-schema.ts";
import { machineBounds } from "../script-runs.ts";
import { defineTool } from "../tool.ts";
import { toolErrors } from "../tool-errors.ts";
import type { GivenContent, ToolFiles } from "../tool-files.ts";

/** Notes that are answered. */
const MOST_NOTES = 50;

export const traceMsiTool = defineTool({
  name: "trace_msi",
  title: "Trace an MSI",
  description: {
    what: "Follows one MSI, by DeviceID and EventID, as the ITS does: device table, ITE, collection, redistributor, LPI configuration and pending bit, of a machine up to the CPU interface. Answers every link with the words that were read, and the first one that is broken with what to do about it",
    when: "to find out why an interrupt does not arrive, in a capture of a guest (a folder with hex dumps, boot log, registers), a guest that QEMU, cloud-hypervisor, crosvm, Firecracker or gem5 saved, a saved machine, or after the lines of a script",
    whenNot: "to list what is mapped (decode_gic_table)",
    limits: `files of ${limits.fileBytes / 2 ** 20} MiB, ${limits.callBytes / 2 ** 20} MiB together`,
  },
  arguments: {
    ...contentArguments(
      "a dump, a saved machine or the lines of a script (script: true)",
      "a file or folder: capture, saved guest, saved machine, script",
    ),
    device_id: {
      type: "text",
      value: "DEVICEID",
      required: true,
      summary: "DeviceID: a number, or bus:device.function of a PCI device",
    },
    event_id: { type: "text", value: "EVENTID", required: true, summary: "EventID: a number" },
    its: {
      type: "count",
      least: 0,
      most: 63,
      default: 0,
      summary: "the ITS that the device writes to, of a guest with several",
    },
    script: {
      type: "flag",
      summary: "text is a script, which is run to its end first; a path NAME.itscmd is one anyway",
    },
    layout: layoutArgument,
  },
  output: objectOf({
    input: aText,
    layout: aText,
    deviceId: aCount,
    eventId: aCount,
    result: said({ type: "string", enum: ["good", "bad", "warning"] }, "warning: something that decides is not known."),
    summary: aText,
    steps: said(listOf(anyObject), "link, state (good, broken, unknown), address, word, values, sentence, advice."),
    "firstFault?": said(anyObject, "The first link that is broken."),
    "fetch?": said(listOf(aText), "Commands of QEMU's monitor that fetch what is missing."),
    "notes?": listOf(aText),
  }),
  work(values, { files }) {
    const content = givenContent(values);
    const isScript = values.script || /\.itscmd$/.test(content.path ?? "");
    if (isScript && values.layout !== undefined)
      throw toolErrors.notWith("layout", "a script", "its machine knows its own");
    const name = content.path ?? "text";
    const way = isScript
      ? scriptWay(content, values, files)
      : finish(
          msiWay(
            {
              input: files.input(content, values.layout),
              deviceId: values.device_id,
              eventId: values.event_id,
              its: values.its,
            },
            files.access,
          ),
        );
    const { steps, layout, deviceId, eventId } = way;
    const { tone, text: summary } = msiResult(steps);
    const fault = steps.find(({ state }) => state === "broken");
    const missing = steps.flatMap(({ state, address, bytes = 0 }) =>
      state === "unknown" && address !== undefined ? [fetchText(address, bytes)] : [],
    );
    const notes = way.notes.slice(0, MOST_NOTES);
    return {
      text: [`${summary}.`, ...steps.map(stepLine), ...notes.map((note) => `note: ${note}`)].join("\n"),
      data: {
        input: name,
        layout: layout.name,
        deviceId,
        eventId,
        result: tone,
        summary,
        steps: steps.map(msiStepJson),
        ...(fault === undefined ? {} : { firstFault: msiStepJson(fault) }),
        ...(missing.length === 0 ? {} : { fetch: missing }),
        ...(notes.length === 0 ? {} : { notes }),
      },
    };
  },
});

/** The way through the machine that a script leaves behind. */
function scriptWay(
  content: GivenContent,
  ids: { readonly device_id: string; readonly event_id: string; readonly its: number },
  files: ToolFiles,
) {
  const deviceId = msiId(ids.device_id, "DeviceID");
  const eventId = msiId(ids.event_id, "EventID");
  const { name, text, place } = files.script(content);
  const source = machineOfScript(text, place, machineBounds());
  const problems = source.problems.map(({ line, problem }) => `line ${line + 1}: ${problem.code}: ${problem.message}`);
  if (!("machine" in source)) {
    const why = source.failure ?? problems[0] ?? "it leaves no machine behind";
    throw toolErrors.refused(
      `The script ${name} has an error: ${why}.`,
      "Mend it; run_its_script says all that is wrong.",
    );
  }
  const { machine } = source;
  const steps = traceMachineMsi(machine, ids.its, deviceId, eventId);
  if (steps === undefined)
    throw toolErrors.refused(`The machine has no ITS ${ids.its}.`, "The first ITS is 0; leave its out for that one.");
  return { deviceId, eventId, steps, layout: layouts[machine.layout], notes: problems };
}

function stepLine(step: MsiStep): string {
  const { link, state, address, word, bytes = 0 } = step;
  const { sentence, advice } = msiText(step);
  const where = address === undefined ? "" : ` at 0x${address.toString(16)}`;
  const read = word === undefined ? "" : ` = 0x${word.toString(16).padStart(bytes * 2, "0")}`;
  return `${state} ${link}${where}${read}: ${sentence}${advice === undefined ? "" : `. ${advice}`}`;
}
