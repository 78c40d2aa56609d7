import { hex } from "../../architecture/hex.ts";
import type { Finding, FindingPlace } from "./finding.ts";

/** A place as a phrase: which entry of which table, where, and what stands there. */
export function placeText({ table, address, word, page, device, event, icid, intid, pe }: FindingPlace): string {
  const ids = [
    page === undefined ? "" : `level-2 page ${page}`,
    device === undefined ? "" : `DeviceID ${hex(device)}`,
    event === undefined ? "" : `EventID ${hex(event)}`,
    icid === undefined || table === "ITT" ? "" : `ICID ${hex(icid)}`,
    intid === undefined || table === "ITT" ? "" : `LPI ${intid}`,
    pe === undefined ? "" : `PE ${pe}`,
  ].filter((id) => id !== "");
  const of = ids.length === 0 || table === "level-2 page" ? "" : ` of ${ids.join(", ")}`;
  const what = table === "level-2 page" ? `level-2 page ${page}` : word === undefined ? table : `${table}'s entry`;
  const value = word === undefined ? "" : ` = 0x${word.toString(16).padStart(16, "0")}`;
  return `${what}${of} at ${hex(address)}${value}`;
}

/** A finding as a sentence without its end. */
export function findingSentence(finding: Finding): string {
  return `${placeText(finding.place)}: ${whatOf(finding)}`;
}

/** A number of things: `1 device`, `2 devices`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function whatOf({ rule, place, other, count = 1, value = 0, limit = 0 }: Finding): string {
  const where = other === undefined ? "" : placeText(other);
  switch (rule) {
    case "L-05-overlap":
      return `it overlaps the ${where}`;
    case "L-17-intid-range":
      return `LPI ${value} is beyond the ${limit} INTIDs of GICR_PROPBASER`;
    case "L-22-passed-over":
      return `next leads past ${counted(count, "valid entry", "valid entries")}; the first is the ${where}`;
    case "L-22-found-on-the-way":
      return `a restore finds it on the way from the ${where}, whose next leads to ${idText(place, limit)}`;
    case "L-23-last":
      return `next is 0; ${counted(count, "valid entry follows", "valid entries follow")}, the first is the ${where}`;
    case "L-23-next":
      return other === undefined
        ? `next leads to ${idText(place, value)}, and neither it nor anything behind it is valid`
        : `next leads to ${idText(place, value)}, which is not valid; a restore goes on to the ${where}`;
    case "L-24-next-range":
      return `next leads to EventID ${hex(value)}; the ITT has ${limit} events`;
    case "L-24-no-lpi":
      return `INTID ${value} is no LPI; LPIs begin at 8192`;
    case "L-25-duplicate-icid":
      return `the ICID has a CTE already, the ${where}`;
    case "L-25-no-pe":
      return `RDbase is PE ${value}; PEs 0 to ${limit - 1} are known`;
    case "L-25-icid-range":
      return `the table has room for ICIDs below ${hex(limit)}`;
    case "L-25-behind-the-end":
      return `${counted(count, "valid entry is", "valid entries are")} behind the end of the list, this is the first`;
    case "L-26-no-cte":
      return `the collection table has no ICID ${hex(value)}`;
    case "L-27-outside-ram":
    case "L-31-outside-ram":
      return "it is not RAM as a whole";
    case "L-27-shared-page":
      return `its page is that of the ${where}`;
    case "L-27-page-bits":
      return "bits that are RES0 are set";
    case "L-28-no-target":
      return `the collection has no PE and ${counted(count, "event")}, the first is the ${where}`;
    case "L-29-lpi-twice":
      return `LPI ${place.intid} is that of the ${where}, too`;
    case "L-29-enabled-unmapped":
      return `${rangeText(place.intid, count)} enabled and ${count === 1 ? "is" : "are"} no event's`;
    case "L-30-pending-unmapped":
      return `${rangeText(place.intid, count)} pending and ${count === 1 ? "is" : "are"} no event's`;
    case "L-30-first-kib":
      return `${counted(count, "byte")} of the first 1024 ${count === 1 ? "is" : "are"} not zero, this is the first`;
    case "L-32-shared-pending":
      return `it is the ${where}, too`;
    case "F-08-property-tables":
      return `the ${where} is another one`;
    case "dte-size":
      return `${value} EventID bits; the ITS has ${limit}`;
  }
}

/** An id of the table that a place is in. */
function idText({ table }: FindingPlace, id: number): string {
  return `${table === "ITT" ? "EventID" : "DeviceID"} ${hex(id)}`;
}

function rangeText(first = 0, count: number): string {
  return count === 1 ? `LPI ${first} is` : `LPIs ${first} to ${first + count - 1} are`;
}
