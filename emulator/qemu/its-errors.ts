import { errorCodeOf } from "../../architecture/index.ts";

/** EE of an error code 0x01CCEE, for errors that several commands share. */
export const Kind = {
  device: 0x01,
  collection: 0x03,
  unmappedDevice: 0x04,
  event: 0x05,
  intid: 0x06,
  unmappedEvent: 0x07,
  unmappedCollection: 0x09,
  /** The ITE names a collection, a vPE or an INTID that is not usable. */
  ite: 0x10,
} as const;

/** 0x01CC00 of a command, to which a {@link Kind} is added. */
export function classOf(command: string, sample: string): number {
  return errorCodeOf(`${command}_${sample}`) & ~0xff;
}
