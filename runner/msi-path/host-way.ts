import { extractMeaning, FIRST_LPI, lpiEnable, lpiPriority, offsetOf } from "../../architecture/index.ts";
import type { MsiStep } from "../../dumps/captures/index.ts";
import type { Machine } from "../../emulator/index.ts";

const ENABLED = 1n;
/** GICR_PROPBASER [51:12]. */
const PROPERTY_TABLE = 0xf_ffff_ffff_f000n;
const ID_BITS = 0x1fn;

/** Of an event whose collection is gone. */
const brokenCte: MsiStep = { link: "CTE", state: "broken", values: {} };

/** A collection that KVM keeps in its host. */
export function hostCte(machine: Machine, its: number, icid: number): readonly [MsiStep] {
  const pe = machine.tables(its).collection(icid)?.target;
  const values = { ICID: icid, ...(pe === undefined ? {} : { PE: pe }) };
  return [{ link: "CTE", state: pe === undefined ? "broken" : "good", values }];
}

/** An LPI's byte in the property table; `unknown` where there is no RAM. @param properties value of GICR_PROPBASER */
export function configurationByte(machine: Machine, properties: bigint, intid: number): MsiStep {
  const address = Number(properties & PROPERTY_TABLE) + intid - FIRST_LPI;
  const byte = machine.memory.read8(address);
  const place = { link: "configuration byte", address, bytes: 1 } as const;
  if (byte < 0) return { ...place, state: "unknown", values: { INTID: intid } };
  const word = BigInt(byte);
  const values = {
    INTID: intid,
    Enable: Number(extractMeaning(word, lpiEnable)),
    Priority: Number(extractMeaning(word, lpiPriority)),
  };
  return { ...place, state: values.Enable === 1 ? "good" : "broken", values, word };
}

/** The way of an MSI through tables that KVM keeps in its host: guest memory has them only after SAVE_TABLES. */
export function hostWay(machine: Machine, its: number, deviceId: number, eventId: number): readonly MsiStep[] {
  const steps: MsiStep[] = [];
  const check = (link: MsiStep["link"], good: boolean, values: MsiStep["values"], place = {}): boolean => {
    steps.push({ link, state: good ? "good" : "broken", values, ...place });
    return good;
  };
  const register = (link: MsiStep["link"], address: number, field: string, values: MsiStep["values"]): boolean => {
    const word = machine.read(address, 4) ?? 0n;
    const enabled = word & ENABLED;
    return check(link, enabled === ENABLED, { ...values, [field]: Number(enabled) }, { address, word, bytes: 4 });
  };
  const { map } = machine;
  const tables = machine.tables(its);
  if (!register("GITS_CTLR", map.its[its] + offsetOf("GITS_CTLR"), "Enabled", {})) return steps;
  const device = tables.device(deviceId);
  if (!check("DTE", device !== undefined, { DeviceID: deviceId }) || device === undefined) return steps;
  const { eventBits } = device;
  if (!check("EventID", eventId < 2 ** eventBits, { EventID: eventId, EventIDBits: eventBits })) return steps;
  const event = tables.event(deviceId, eventId);
  if (!check("ITE", event !== undefined, { EventID: eventId }) || event === undefined) return steps;
  const { icid, intid } = event;
  const [cte] = icid === undefined ? [brokenCte] : hostCte(machine, its, icid);
  steps.push(cte);
  const target = cte.values.PE;
  if (target === undefined) return steps;
  if (!check("PE", target < machine.cpus, { PE: target, PEs: machine.cpus })) return steps;
  const frame = map.gicr + target * map.gicrStride;
  if (!register("GICR_CTLR", frame + offsetOf("GICR_CTLR"), "EnableLPIs", { PE: target })) return steps;
  const properties = machine.read(frame + offsetOf("GICR_PROPBASER"), 8) ?? 0n;
  const intidBits = Number(properties & ID_BITS) + 1;
  const isLpi = intid >= FIRST_LPI && intid < 2 ** intidBits;
  if (!check("INTID", isLpi, { INTID: intid, IDbits: intidBits })) return steps;
  const configuration = configurationByte(machine, properties, intid);
  steps.push(configuration);
  if (configuration.state === "broken") return steps;
  const pending = machine.lpi(intid)?.pending === true;
  steps.push({ link: "pending bit", state: "good", values: { INTID: intid, PE: target, Pending: Number(pending) } });
  return steps;
}
