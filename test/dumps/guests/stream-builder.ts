/** A field of a made-up device: its value of so many bytes. */
export interface MadeField {
  readonly name: string;
  readonly bytes: number;
  readonly value: number;
}

/** Writes streams record by record, as QEMU does (migration/savevm.c, ram.c). */
export class StreamBuilder {
  private readonly parts: Buffer[] = [];
  private readonly devices: object[] = [];

  constructor() {
    this.text("QEVM").u32(3);
  }

  get length(): number {
    return this.parts.reduce((sum, { length }) => sum + length, 0);
  }

  raw(bytes: Uint8Array): this {
    this.parts.push(Buffer.from(bytes));
    return this;
  }

  text(text: string): this {
    return this.raw(Buffer.from(text, "latin1"));
  }

  u8(value: number): this {
    return this.raw(Uint8Array.of(value));
  }

  u32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return this.raw(bytes);
  }

  u64(value: number): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(BigInt(value));
    return this.raw(bytes);
  }

  name(name: string): this {
    return this.u8(name.length).text(name);
  }

  /** @param capabilities those that are written down */
  configuration(machine: string, capabilities: readonly string[] = []): this {
    this.u8(7).u32(machine.length).text(machine);
    this.u8(5).name("configuration/target-page-bits").u32(1).u32(12);
    if (capabilities.length === 0) return this;
    this.u8(5).name("configuration/capabilities").u32(1).u32(capabilities.length);
    for (const capability of capabilities) this.name(capability);
    return this;
  }

  /** Begins the section `ram`. @param each what is written behind a block's length */
  ramStart(blocks: readonly (readonly [string, number])[], each: (index: number) => void = () => undefined): this {
    this.u8(1).u32(2).name("ram").u32(0).u32(4);
    this.u64(blocks.reduce((sum, [, bytes]) => sum + bytes, 0) | 4);
    for (const [index, [name, bytes]] of blocks.entries()) {
      this.name(name).u64(bytes);
      each(index);
    }
    return this.u64(0x10).footer(2);
  }

  /** A section `ram` with pages. @param isLast whether it is the last one */
  pages(write: () => void, isLast = true): this {
    this.u8(isLast ? 3 : 2).u32(2);
    write();
    return this.u64(0x10).footer(2);
  }

  /** A page's header; the name of the block follows unless it is the one before. */
  page(flags: number, offset: number, block?: string): this {
    this.u64(offset + flags + (block === undefined ? 0x20 : 0));
    return block === undefined ? this : this.name(block);
  }

  footer(section: number): this {
    return this.u8(0x7e).u32(section);
  }

  /** A device with plain fields. @param lie bytes that the description gives each field more than it has */
  device(id: number, name: string, fields: readonly MadeField[], lie = 0): this {
    this.u8(4).u32(id).name(name).u32(0).u32(1);
    for (const { bytes, value } of fields) {
      const field = Buffer.alloc(bytes);
      field.writeUIntBE(value, Math.max(0, bytes - 6), Math.min(bytes, 6));
      this.raw(field);
    }
    const described = fields.map((field) => ({ name: field.name, type: "uint", size: field.bytes + lie }));
    this.devices.push({ name, instance_id: 0, vmsd_name: name, version: 1, fields: described });
    return this.footer(id);
  }

  /** A device whose body and description are made elsewhere. */
  deviceOf(id: number, name: string, version: number, body: Uint8Array, description: object): this {
    this.u8(4).u32(id).name(name).u32(0).u32(version).raw(body);
    this.devices.push({ name, instance_id: 0, vmsd_name: name, version, ...description });
    return this.footer(id);
  }

  /** Ends the stream with its description. */
  done(): Buffer {
    this.u8(0);
    const description = JSON.stringify({ page_size: 4096, devices: this.devices });
    this.u8(6).u32(description.length).text(description);
    return Buffer.concat(this.parts);
  }
}
