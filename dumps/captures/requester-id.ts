/** `01:00.0`, `0000:01:00.0`: a PCI function as lspci and the kernel's log name it, with its segment or without. */
const PCI_ADDRESS = /^(?:[0-9a-f]{4,8}:)?([0-9a-f]{1,2}):([0-9a-f]{1,2})\.([0-7])$/i;
const DEVICES = 32;

/**
 * Requester id of a PCI function: bus [15:8], device [7:3], function [2:0]. It is the DeviceID where nothing maps it (`msi-map` of a device
 * tree, IORT). @returns undefined for any other text
 */
export function requesterId(text: string): number | undefined {
  const found = PCI_ADDRESS.exec(text);
  if (found === null) return undefined;
  const [bus, device, fn] = found.slice(1).map((digits) => Number.parseInt(digits, 16));
  return device < DEVICES ? (bus << 8) | (device << 3) | fn : undefined;
}
