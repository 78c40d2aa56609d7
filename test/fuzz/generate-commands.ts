import {
  type Command,
  type CommandWords,
  commandByName,
  commands as declared,
  encodeCommand,
  fieldMax,
} from "../../architecture/index.ts";
import { type Pools, WIDE_DEVICE } from "./pools.ts";

/** Raw fields by name. */
type Raw = Record<string, bigint>;

/** Commands of GICv3 with weights: mappings and triggers often, so that there is state to disagree about. */
const PHYSICAL: readonly (readonly [number, string])[] = [
  [6, "MAPD"],
  [6, "MAPC"],
  [16, "MAPTI"],
  [3, "MAPI"],
  [10, "MOVI"],
  [20, "INT"],
  [8, "CLEAR"],
  [7, "DISCARD"],
  [5, "INV"],
  [3, "INVALL"],
  [4, "MOVALL"],
  [2, "SYNC"],
];
const VIRTUAL: readonly (readonly [number, string])[] = [
  [10, "VMAPP"],
  [16, "VMAPTI"],
  [3, "VMAPI"],
  [10, "VMOVI"],
  [8, "VMOVP"],
  [4, "VINVALL"],
  [2, "VSYNC"],
  [1, "VSGI"],
  [1, "INVDB"],
];
const ADDRESS_FIELDS = new Set(["ITT_addr", "VPT_addr", "VCONF_addr"]);

/** Random ITS commands that fit the pools, or are wrong in one way or another. */
export class CommandGenerator {
  private readonly pools: Pools;

  constructor(pools: Pools) {
    this.pools = pools;
  }

  /** A command that could be right, as far as one command can be. */
  right(): CommandWords {
    return encode(...this.fields());
  }

  /** A command that is wrong: a field out of its range, an opcode that does not exist, bits that are reserved, or anything at all. */
  wrong(): CommandWords {
    const { random } = this.pools;
    const [command, raw] = this.fields();
    return random.weighted<() => CommandWords>([
      [12, () => this.spoilField(command, raw)],
      [1, () => this.spoilField(command, { ...raw, ...this.spoiled(command) })],
      [2, () => withOpcode(encode(command, raw), random.below(256))],
      [2, () => this.reservedBits(encode(command, raw))],
      [1, () => withOpcode(encode(command, raw), random.pick(declared).opcode)],
    ])();
  }

  /** What a case begins with: collections, devices, events, vPEs. */
  populate(): CommandWords[] {
    const { pools } = this;
    const words: CommandWords[] = [];
    for (let icid = 0; icid < 4; icid++)
      words.push(command("MAPC", { ICID: BigInt(icid), RDbase: BigInt(pools.pe()) }));
    if (pools.shape.gicVersion === 4) {
      for (let vpe = 0; vpe < 4; vpe++) words.push(command("VMAPP", this.vmapp(vpe)));
    }
    for (const device of [0, 1, 2, 3, WIDE_DEVICE]) {
      words.push(command("MAPD", this.mapd(device)));
      for (let event = 0; event < 5; event++) {
        const isVirtual = pools.shape.gicVersion === 4 && pools.random.chance(50);
        words.push(isVirtual ? this.named("VMAPTI", device, event) : this.named("MAPTI", device, event));
      }
    }
    return words;
  }

  private named(name: string, device: number, event: number): CommandWords {
    const [found, raw] = this.fieldsOf(name);
    return encode(found, { ...raw, DeviceID: BigInt(device), EventID: BigInt(event) });
  }

  private fields(): [Command, Raw] {
    const { random, shape } = this.pools;
    const virtual = shape.gicVersion === 4 ? random.chance(45) : random.chance(2);
    return this.fieldsOf(random.weighted(virtual ? VIRTUAL : PHYSICAL));
  }

  private fieldsOf(name: string): [Command, Raw] {
    const { pools } = this;
    const { random } = pools;
    const device = pools.device();
    const wide = name === "MAPI" || name === "VMAPI";
    const own: Raw = {
      DeviceID: BigInt(wide && random.chance(80) ? WIDE_DEVICE : device),
      EventID: BigInt(wide || (device === WIDE_DEVICE && random.chance(50)) ? pools.lpi() : pools.event()),
      pINTID: BigInt(pools.lpi()),
      vINTID: BigInt(name === "VSGI" ? random.below(16) : pools.lpi()),
      ICID: BigInt(pools.collection()),
      RDbase: BigInt(pools.pe()),
      RDbase1: BigInt(pools.pe()),
      RDbase2: BigInt(pools.pe()),
      vPEID: BigInt(pools.vpe()),
      Dbell_pINTID: random.chance(50) ? 1023n : BigInt(pools.lpi()),
      D: BigInt(random.below(2)),
      V: random.chance(85) ? 1n : 0n,
      ...(name === "MAPD" ? this.mapd(device) : {}),
      ...(name === "VMAPP" ? this.vmapp(pools.vpe()) : {}),
    };
    const found = named(name);
    return [
      found,
      Object.fromEntries(found.fields.flatMap(({ name: field }) => (field in own ? [[field, own[field]]] : []))),
    ];
  }

  private mapd(device: number): Raw {
    const { pools } = this;
    const { random } = pools;
    const size =
      device === WIDE_DEVICE
        ? 13
        : random.weighted([
            [6, 3],
            [2, 2],
            [1, 0],
            [1, 7],
          ]);
    return {
      DeviceID: BigInt(device),
      Size: BigInt(size),
      ITT_addr: BigInt(pools.itt(random.chance(90) ? device : pools.device()) / 0x100),
      V: random.chance(85) ? 1n : 0n,
    };
  }

  private vmapp(vpe: number): Raw {
    const { pools } = this;
    return {
      vPEID: BigInt(vpe),
      RDbase: BigInt(pools.pe()),
      VPT_addr: BigInt(pools.virtualPendingTable(pools.random.chance(90) ? vpe : pools.vpe()) / 0x1_0000),
      VPT_size: BigInt(
        pools.random.weighted([
          [6, 15],
          [2, 13],
          [1, 14],
        ]),
      ),
      V: pools.random.chance(85) ? 1n : 0n,
    };
  }

  private spoilField(command: Command, raw: Raw): CommandWords {
    return encode(command, { ...raw, ...this.spoiled(command) });
  }

  /** One field with a value that it should not have. */
  private spoiled(command: Command): Raw {
    const { pools } = this;
    const { random } = pools;
    // GICv4.1's fields are reserved bits in GICv4.0.
    const fields = command.fields.filter((field) => field.since !== "v4.1");
    if (fields.length === 0) return {};
    const field = random.pick(fields);
    const width = field.msb - field.lsb + 1;
    if (ADDRESS_FIELDS.has(field.name)) {
      const address = field.name === "ITT_addr" ? pools.wrongAddress() : pools.wrongRamAddress();
      return { [field.name]: BigInt(Math.floor(address / 2 ** (field.shift ?? 0))) };
    }
    const value = random.weighted<() => bigint>([
      [3, () => random.bits(width)],
      [2, () => BigInt(pools.intid())],
      [2, () => BigInt(random.pick([8, 16, 17, 31, 32, 64, 511, 512, 8191, 8192, 65535, 65536]))],
      [1, () => BigInt(pools.shape.cpus + random.below(3))],
      [1, () => fieldMax(field)],
    ])();
    return { [field.name]: value > fieldMax(field) ? BigInt.asUintN(width, value) : value };
  }

  private reservedBits(words: CommandWords): CommandWords {
    const { random } = this.pools;
    const [dw0, dw1, dw2, dw3] = words;
    // Bits of DW2 and DW3 may be an address; their low ones are none.
    return [dw0 | (random.bits(24) << 8n), dw1, dw2, dw3 | random.bits(8)];
  }
}

function named(name: string): Command {
  const found = commandByName(name);
  if (found === undefined) throw new Error(`${name} is not declared`);
  return found;
}

function command(name: string, raw: Raw): CommandWords {
  return encode(named(name), raw);
}

function encode(command: Command, raw: Raw): CommandWords {
  return encodeCommand(command, raw);
}

/** The same words under another opcode, unless they would become a table's address. */
function withOpcode(words: CommandWords, opcode: number): CommandWords {
  const takesAddress = declared.some(
    (other) => other.opcode === opcode && other.fields.some(({ name }) => ADDRESS_FIELDS.has(name)),
  );
  if (takesAddress) return words;
  return [(words[0] & ~0xffn) | BigInt(opcode), words[1], words[2], words[3]];
}
