import type { SaidFinding } from "../report.ts";

/** What a file says to be mapped, compared with the tables. */
export interface SaidSummary {
  readonly summary: string;
  /** A sentence each, without its full stop. */
  readonly differences: readonly string[];
}

/** Findings as text, the files in their order. */
export function saidLines(findings: readonly SaidFinding[]): SaidSummary[] {
  const byFile = new Map<string, SaidFinding[]>();
  for (const finding of findings) {
    const known = byFile.get(finding.source.file);
    if (known === undefined) byFile.set(finding.source.file, [finding]);
    else known.push(finding);
  }
  return Array.from(byFile, ([file, all]) => {
    const devices = count(all, "device", ({ eventId }) => eventId === undefined);
    const events = count(all, "event", ({ eventId, kind }) => eventId !== undefined && kind !== "in the tables alone");
    // Of a device that is not there no event is.
    const absent = new Set(
      all.filter(({ kind, eventId }) => eventId === undefined && ABSENT.has(kind)).map(({ deviceId }) => deviceId),
    );
    const differences = all
      .filter(({ kind, eventId, deviceId }) => kind !== "agrees" && !(eventId !== undefined && absent.has(deviceId)))
      .map(differenceText);
    return { summary: `${file}: ${devices} and ${events}`, differences };
  });
}

const ABSENT: ReadonlySet<SaidFinding["kind"]> = new Set(["no device", "not in the capture"]);

function count(all: readonly SaidFinding[], noun: string, isOne: (finding: SaidFinding) => boolean): string {
  const some = all.filter(isOne);
  // A device may differ in two things.
  const ids = new Set(some.map(({ deviceId, eventId }) => `${deviceId} ${eventId}`));
  const agree = some.filter(({ kind }) => kind === "agrees").length;
  return `${ids.size} ${noun}${ids.size === 1 ? "" : "s"}, of which ${agree} ${agree === 1 ? "agrees" : "agree"} with the tables`;
}

function differenceText(finding: SaidFinding): string {
  const { source, deviceId, eventId, kind, said = 0, found = 0 } = finding;
  const device = `DeviceID 0x${deviceId.toString(16)}`;
  const what = eventId === undefined ? device : `EventID ${eventId} of ${device}`;
  const hex = (value: number): string => (kind === "other ITT" ? `0x${value.toString(16)}` : `${value}`);
  const place =
    finding.address === undefined
      ? ""
      : ` at 0x${finding.address.toString(16)}${finding.file ? `, ${finding.file}` : ""}`;
  return `${source.file}${source.line === 0 ? "" : `:${source.line}`}: ${what} ${textOf(kind, hex(said), hex(found), place)}`;
}

function textOf(kind: SaidFinding["kind"], said: string, found: string, place: string): string {
  switch (kind) {
    case "agrees":
      return "agrees";
    case "no device":
      return "is not mapped in the device table";
    case "no event":
      return "is not mapped in its ITT";
    case "in the tables alone":
      return `is mapped in the tables${place}, and not in the file`;
    case "not in the capture":
      return "is mapped; its entry in the tables is not in the capture";
    default: {
      const name =
        { "other ITT": "the ITT", "other EventID bits": "EventID bits" }[kind as string] ?? kind.slice("other ".length);
      return `has ${name} ${said}; in the tables it is ${found}${place}`;
    }
  }
}
