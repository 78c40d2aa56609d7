export {
  type CpuInterfaceForm,
  cpuInterfaceForms,
  formNames,
  type ListRegisterOrder,
  listOffset,
  listRegisterOrders,
} from "./forms.ts";
export { listRegisterTable } from "./list-register-table.ts";
export { type VirtualType, virtualType } from "./virtual-type.ts";
