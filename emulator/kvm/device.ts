/** Answer of KVM_GET_DEVICE_ATTR; `errno` 0 = success. */
export interface AttributeValue {
  readonly errno: number;
  readonly value: bigint;
}

/** One device made by KVM_CREATE_DEVICE: its attributes, by group and attribute number (Documentation/virt/kvm/devices/). */
export interface KvmDevice {
  /** @param value undefined = the user's pointer cannot be read @returns errno */
  setAttribute(group: number, attribute: bigint, value: bigint | undefined): number;
  /** @param input what the user's pointer held before: ADDR/REDIST_REGION takes the index of the region from there */
  getAttribute(group: number, attribute: bigint, input?: bigint): AttributeValue;
  /** @returns errno: 0 when the attribute exists */
  hasAttribute(group: number, attribute: bigint): number;
}

export function failed(errno: number): AttributeValue {
  return { errno, value: 0n };
}

/** What devices ask of the VM that they belong to. */
export interface DeviceHost {
  /** Whether a vCPU is in KVM_RUN: the locks that register access takes cannot be had then. */
  readonly anyVcpuRunning: boolean;
  /** Bits of intermediate physical address. */
  readonly ipaBits: number;
  /** Reports that the host's kernel would have crashed here. */
  crash(sentence: string): void;
}
