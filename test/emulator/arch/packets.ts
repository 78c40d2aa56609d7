import fc from "fast-check";
import { commands } from "../../../architecture/index.ts";
import { packet, place } from "./machine.ts";

/** A packet of any command whose ids collide often. */
export const likelyPacket: fc.Arbitrary<readonly bigint[]> = fc
  .record({
    command: fc.constantFrom(...commands),
    id: fc.nat(3),
    event: fc.oneof({ weight: 6, arbitrary: fc.nat(3) }, { weight: 2, arbitrary: fc.constantFrom(9000, 9001) }),
    intid: fc.constantFrom(8191, 8200, 8201, 9000, 9001, 1023),
    pe: fc.nat(3),
    bit: fc.nat(1),
  })
  .map(({ command, id, event, intid, pe, bit }) => {
    const values: Record<string, number> = {
      DeviceID: id,
      EventID: event,
      vPEID: pe % 3,
      ICID: id,
      Size: id === 3 ? 15 : 4,
    };
    const args = command.fields.map((field): [string, number] => {
      if (field.name in values) return [field.name, values[field.name]];
      if (field.name === "ITT_addr") return [field.name, place.itts + id * 0x1000];
      if (field.name === "VPT_addr") return [field.name, place.vpts + (pe % 3) * 0x1_0000];
      if (field.name === "VCONF_addr") return [field.name, place.virtualProperty];
      if (field.name === "VPT_size") return [field.name, 15];
      if (field.name === "ITSList") return [field.name, 3];
      if (field.name === "V") return [field.name, intid === 8191 ? 0 : 1];
      if (command.name === "VSGI" && field.name === "vINTID") return [field.name, event % 16];
      if (field.name.includes("INTID") || field.name.includes("Doorbell")) return [field.name, intid];
      if (field.name.startsWith("RDbase")) return [field.name, pe];
      return [field.name, field.msb === field.lsb ? bit : 0];
    });
    return packet([command.name, Object.fromEntries(args)]);
  });
