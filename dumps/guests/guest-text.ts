import type { GuestRemark } from "./guest.ts";
import type { StreamRefusal } from "./qemu/stream.ts";

/** A remark as a sentence without a full stop. Names in it come from the file: whoever prints it makes them printable. */
export function remarkText({ code, offset, values = {} }: GuestRemark): string {
  const at = offset === undefined ? "" : `offset 0x${offset.toString(16)}: `;
  return `${at}${sentence(code, values)}`;
}

/** Names come from the file and may be long. */
const SHOWN = 200;

function sentence(code: GuestRemark["code"], values: NonNullable<GuestRemark["values"]>): string {
  const value = (name: string): string => {
    const text = String(values[name] ?? "?");
    return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  };
  const hex = (name: string): string => {
    const number = values[name];
    return typeof number === "number" ? `0x${number.toString(16)}` : "?";
  };
  switch (code) {
    case "truncated":
      return "the file ends in the midst of a record; what comes before it was read";
    case "too-many":
      return `there are more ${value("what")} than the ${value("count")} that are kept; what follows is left out`;
    case "not-taken":
      return `not taken over: ${value("what")} ${value("names")}`;
    case "assumed":
      return assumption(value);
    case "unplaced-memory":
      return `the block of memory "${value("name")}" of ${value("bytes")} bytes is left out: nothing tells its address`;
    case "short-memory":
      return `the file with the memory has ${value("held")} of the ${value("bytes")} bytes of ${value("name")}`;
    case "no-memory":
      return "the file with the guest's memory is not beside it, so its tables are unknown";
    case "wrong-count":
      return `${value("name")} has ${value("count")} words where ${value("expected")} fit; the others are left out`;
    case "packed-memory":
      return "gem5 keeps memory in packed files beside the checkpoint: gunzip -c NAME.pmem > mem-0x80000000.bin, with the address where that memory begins, and name both files";
    case "unknown-version":
      return `the section "${value("name")}" has version ${value("version")}, its description another one; it is read as described`;
    case "no-description":
      return "the stream does not end with its description (JSON), so no device of it can be read; it is missing when the file is cut off, or when the machine has suppress-vmdesc=on: migrate again without it";
    case "bad-description":
      return `the description at the stream's end is not sound: ${value("reason")}`;
    case "unknown-record":
      return `${hex("type")} is no type of record or page that a stream has`;
    case "unknown-section":
      return `the section "${value(values.name === undefined ? "id" : "name")}" cannot be read, and its length is nowhere`;
    case "other-device":
      return `here is the section "${value("name")}"; the description has "${value("described")}" next`;
    case "wrong-footer":
      return `the footer is of section ${value("id")}, the section is ${value("section")}: its length is not what the description says, and its values may be wrong`;
    case "no-footer":
      return `there is no footer of section ${value("section")}: its length is not what the description says, and its values may be wrong`;
    case "wrong-subsection":
      return `the subsection "${value("name")}" that the description has is not here; it is left out`;
    case "wrong-length":
      return `the section "${value("name")}" is left out: the description gives it ${value("bytes")} bytes`;
    case "found-again":
      return `reading goes on at offset ${hex("offset")}, where the section "${value("name")}" begins`;
    case "compressed-pages":
      return `page ${hex("page")} of "${value("name")}" is compressed, and unknown; migrate with the capabilities xbzrle and compress off`;
    case "no-pages":
      return "the stream has no page of memory: they went over channels of their own (multifd); migrate with multifd off, or with mapped-ram on";
    case "rdma-pages":
      return 'pages went by RDMA and are not in the file; migrate to a file, by "file:" or "exec:cat>FILE"';
    case "postcopy":
      return "the migration went over to postcopy: pages behind this are not in the file";
    case "page-outside":
      return `page ${hex("page")} is outside the block "${value("name")}" of ${value("bytes")} bytes, and left out`;
    case "unknown-block":
      return `the block of memory "${value("name")}" is none of the stream's, or its ${value("bytes")} bytes cannot be`;
    case "missing-field":
      return `the field ${value("name")} is not there as the description has it`;
    case "shifted-arrays":
      return "the stream has no gicd_no_migration_shift_bug: it is of a QEMU before 2.12.1, whose arrays of SPIs may stand 32 INTIDs too low";
    case "routes-lost":
      return `this QEMU asks KVM for GICD_IROUTER<n> at offset 0x6000 + 4 n instead of 8 n: routes of INTIDs ${value("first")} to ${value("last")} are not in the stream`;
    case "devices-skipped":
      return `${value("count")} devices from "${value("name")}" on cannot be read`;
  }
}

function assumption(value: (name: string) => string): string {
  if (value("what") === "frames")
    return "addresses of the GIC's frames are not in the file; they are taken to be those of QEMU's virt board";
  if (value("what") === "routes")
    return "all GICD_IROUTER<n> are 0; QEMU with KVM does not save those of the upper half of the INTIDs, which may have been others";
  return `the GIC has ${value("value")} ${value("what")}, the machine ${value("other")}`;
}

/** Why a file is no stream that can be read, and what to do. */
export function refusalText(refusal: StreamRefusal): string {
  switch (refusal) {
    case "compressed by libvirt":
      return 'libvirt compressed the stream. Unpack it, or save again with save_image_format = "raw" in qemu.conf.';
    case "old version":
      return "Its version is not 3, the one that QEMU writes since 0.10.";
    case "no stream":
      return "It begins like a QEMU migration stream, but is none.";
  }
}
