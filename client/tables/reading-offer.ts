import type { DumpDocument } from "../../dumps/document.ts";
import type { SectionTable } from "../../dumps/tables/sections.ts";
import type { ReadingChoice, ReadingOffer } from "../protocol.ts";
import { layoutNames, type OpenTable } from "./open-table.ts";
import { tableTexts } from "./table-texts.ts";

/** How the dump may be read, and how it is read now. An order is offered where it makes a difference, a layout where there are several. */
export function readingOffer(
  chosen: ReadingChoice,
  dump: DumpDocument | undefined,
  section: SectionTable | undefined,
  table: OpenTable | undefined,
): ReadingOffer {
  const style = dump?.text?.style;
  const orders = [
    { value: "bytes", label: tableTexts.orderBytes() },
    { value: "little", label: tableTexts.orderLittle() },
  ];
  const hasOrder = style?.main !== undefined || chosen.order !== "";
  const hasLayouts = section !== undefined && table?.table.layout !== "architecture";
  const hasNoAddresses = dump !== undefined && (dump.format === "raw" || style?.addresses.radix === "none");
  return {
    chosen,
    orders: hasOrder ? orders : [],
    layouts: hasLayouts ? layoutNames(dump) : [],
    base: table === undefined || dump === undefined ? "" : dump.memory.format(table.table.base),
    start: hasNoAddresses ? dump.memory.format(dump.memory.start) : undefined,
  };
}
