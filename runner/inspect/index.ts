export {
  allRegisterGroups,
  allRegisterValues,
  type RegisterValuesByExpression,
  valuesOfGroup,
} from "./all-registers.ts";
export * from "./format-value.ts";
export * from "./group-summary.ts";
export * from "./interrupt-filter.ts";
export * from "./interrupt-list.ts";
export * from "./interrupt-nodes.ts";
export * from "./interrupt-registers.ts";
export * from "./intid-groups.ts";
export * from "./line-report.ts";
export * from "./lpi-nodes.ts";
export * from "./node.ts";
export * from "./queue-nodes.ts";
export * from "./read-register.ts";
export * from "./register-group.ts";
export * from "./register-groups.ts";
export * from "./register-nodes.ts";
export * from "./table-nodes.ts";
export { hasVpes } from "./vpe-nodes.ts";
