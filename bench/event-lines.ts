// Long scripts that map events, for the benches of the debugger and the language server.

/** Where the devices' ITTs are: in a machine's window of RAM, behind its tables. */
const ITTS = 0x4040_0000;

/** Devices with 98 events each, and reads of registers between them. When LPIs run out, each is taken from its event before it is given to another: no line breaks a rule. */
export function mappingLines(count: number): string {
  return eventLines(count, true);
}

/** The same without taking LPIs from their events: most lines map an LPI that has an event already, which breaks a rule. */
export function brokenLines(count: number): string {
  return eventLines(count, false);
}

const EVENTS = 98;
/** Devices with this many events have an LPI for each. */
const DEVICES_WITH_LPIS = 500;

function eventLines(count: number, discards: boolean): string {
  const lines = ["MAPC ICID=0, RDbase=1", "let base = 8192"];
  for (let device = 0; lines.length < count; device++) {
    const before = device - DEVICES_WITH_LPIS;
    lines.push(`MAPD DeviceID=${device}, ITT_addr=0x${(ITTS + device * 2048).toString(16)}, Size=7`);
    for (let event = 0; event < EVENTS && lines.length < count; event++) {
      const intid = (device % DEVICES_WITH_LPIS) * EVENTS + event;
      if (event % 10 === 9) {
        lines.push("read GITS_CREADR");
        continue;
      }
      if (discards && before >= 0) lines.push(`DISCARD DeviceID=${before}, EventID=${event}`);
      lines.push(`MAPTI DeviceID=${device}, EventID=${event}, pINTID=base + ${intid}, ICID=0`);
    }
  }
  return lines.slice(0, count).join("\n");
}
