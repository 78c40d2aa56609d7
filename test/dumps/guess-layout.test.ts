import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DumpMemory } from "../../dumps/memory.ts";
import { decodeTable } from "../../dumps/tables/decode-table.ts";
import { guessLayout } from "../../dumps/tables/guess-layout.ts";
import { finish } from "../../dumps/work.ts";
import { recordedTables } from "./recorded-tables.ts";

function memoryOf(address: number, ...words: readonly bigint[]): DumpMemory {
  const bytes = Buffer.alloc(words.length * 8);
  for (const [place, word] of words.entries()) bytes.writeBigUInt64LE(word, place * 8);
  return new DumpMemory([{ address, bytes }]);
}

describe("the guess whose layout a table has", () => {
  it("is right for every recorded table, and without a doubt where they are at their addresses", () => {
    const wrong: string[] = [];
    let tables = 0;
    for (const { what, table, layout, address, bytes } of recordedTables()) {
      if (table === "device-table-l1") continue;
      tables++;
      for (const at of [address, 0]) {
        const result = decodeTable(new DumpMemory([{ address: at, bytes }]), table, { levels: 1 });
        if (!result.ok) assert.fail(`${what}: ${result.message}`);
        const { table: found } = result;
        // A file of a few entries may be read in two ways; then both are offered.
        const offered = at === 0 && found.closeLayout === layout;
        if (found.layout !== layout && !offered) wrong.push(`${what} at ${at}: ${found.layout}, ${found.layoutReason}`);
        if (at !== 0 && found.closeLayout !== undefined) wrong.push(`${what}: in doubt, ${found.layoutReason}`);
      }
    }
    assert.deepEqual(wrong, []);
    assert.ok(tables > 100, `${tables} tables`);
  });

  it("is not Xen's because its entries of 2 bytes take anything", () => {
    // A list of KVM's that fills its page, and RDbases of 0.
    const words = Array.from({ length: 8 }, (_, at) => 0x8000_0000_0000_0000n | BigInt(7 - at));
    assert.equal(finish(guessLayout(memoryOf(0, ...words), "collection", 0)).layout.name, "kvm-rev0");
    // Xen's own: four vCPUs, the rest unmapped.
    const xen = finish(guessLayout(memoryOf(0, 0x0003_0002_0001_0000n, (1n << 64n) - 1n), "collection", 0));
    assert.equal(xen.layout.name, "xen");
  });

  it("names the runner-up, and offers it where it is about as good", () => {
    const dte = 0x4040_000fn;
    const one = memoryOf(0, 0n, 0x1010_0000n | 0xfn);
    const offset = finish(guessLayout(one, "device", 0));
    assert.deepEqual([offset.layout.name, offset.close], ["qemu", "xen"]);
    assert.match(offset.reason, /about as good is xen: 1 of 1/);
    // Where the table is in memory, the ITT is near it in one of them alone.
    const placed = finish(guessLayout(memoryOf(0x4010_0000, 0n, 0x1010_0000n | 0xfn), "device", 0x4010_0000));
    assert.deepEqual([placed.layout.name, placed.close], ["qemu", undefined]);
    const xen = finish(guessLayout(memoryOf(0x4010_0000, 0n, dte), "device", 0x4010_0000));
    assert.deepEqual([xen.layout.name, xen.close], ["xen", undefined]);
  });

  it("is not a layout whose ITT would be at no multiple of 256 bytes", () => {
    // Collections of QEMU.
    const guess = finish(guessLayout(memoryOf(0x4010_0000, 1n, 3n, 5n, 7n), "device", 0x4010_0000));
    assert.match(guess.reason, /^assumed/);
  });

  it("counts the words of the table alone, not those of another one behind a gap", () => {
    const kvm = memoryOf(0x4010_0000, 0n, 0x8002_0000_0808_0004n);
    const bytes = Buffer.alloc(0x1000);
    for (let at = 0; at < 64; at++) bytes.writeBigUInt64LE(0x1010_000fn + BigInt(at << 8), at * 8);
    const both = new DumpMemory([
      { address: 0x4010_0000, bytes: kvm.read(0x4010_0000, 16) ?? assert.fail() },
      { address: 0x4040_0000, bytes },
    ]);
    assert.equal(finish(guessLayout(both, "device", 0x4010_0000)).layout.name, "kvm-rev0");
  });
});
