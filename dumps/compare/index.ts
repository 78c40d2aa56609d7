export { type ComparedGuest, compareGuests } from "./compare.ts";
export {
  type DifferencePlace,
  type DifferenceTable,
  differenceTables,
  notComparedText,
  wordTables,
} from "./difference-tables.ts";
export * from "./differences.ts";
