import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { explainText, type Reading, readingLines } from "../../dumps/explain-value/index.ts";

function readings(text: string): readonly Reading[] {
  const explanation = explainText(text);
  assert.ok(explanation.ok, explanation.ok ? "" : `${text}: ${explanation.message}`);
  return explanation.readings;
}

const text = (input: string): string => readings(input).flatMap(readingLines).join("\n");

describe("lines of a kernel's log", () => {
  it("ITS queue timeout: an odd second number is a stall, at the slot that the ITS stands at", () => {
    assert.match(text("[   12.5] ITS queue timeout (9088 513)"), /command in slot 283 of 2048; .* at slot 16, stalled/);
    assert.match(text("ITS queue timeout (64 1)"), /refused the command in slot 0, at 0x0 /);
    assert.match(text("ITS queue timeout (64 32)"), /stands at slot 1\.\n.*Stalled, is 0/);
  });

  it("goes round with the queue, whose 64 KiB are counted on", () => {
    assert.match(
      text("ITS queue timeout (65600 65537)"),
      /command in slot 1 of 2048; the ITS stands at slot 0, stalled/,
    );
    assert.match(
      text("ITS queue timeout (65536 65472)"),
      /command in slot 2047 of 2048; the ITS stands at slot 2046\./,
    );
    assert.match(text("ITS queue timeout (18446744073709551615 18446744073709551615)"), /slot 2047, stalled/);
  });

  it("has three numbers in older kernels, the first of which says where Linux began", () => {
    assert.match(text("ITS queue timeout (32 96 33)"), /command in slot 2 of 2048; the ITS stands at slot 1, stalled/);
  });

  it("names the command that Linux waited for", () => {
    const both = readings("ITS queue timeout (64 1)\nITS cmd its_build_mapti_cmd failed");
    assert.deepEqual(
      both.map(({ title }) => title),
      ["ITS queue timeout (64 1)", "ITS cmd MAPTI failed"],
    );
    assert.match(text("ITS cmd its_build_unheard_cmd failed"), /ITS cmd unheard failed/);
  });

  it("ITS-MSI: requester id and EventID from the hwirq, or from the domain's name", () => {
    assert.match(
      text(" 17: 1 0 0 0   ITS-MSI 16384 Edge  PCIe PME"),
      /EventID 0 of the PCI function 00:01\.0, requester id 0x8\./,
    );
    assert.match(text("ITS-MSI 134086661"), /EventID 5 of the PCI function ff:18\.0, requester id 0xffc0\./);
    assert.match(text("ITS-MSI 134217729"), /EventID 1 of the PCI function 00:00\.0, requester id 0x0, segment 1\./);
    assert.match(
      text("ITS-PCI-MSIX-0000:00:03.0 2 Edge"),
      /EventID 2 of the PCI function 00:03\.0, requester id 0x18\./,
    );
  });

  it("tables that Linux allocates: what of GITS_BASER<n> follows", () => {
    const two = text("ITS@0x0000000008080000: allocated 8192 Devices @425a0000 (indirect, esz 8, psz 64K, shr 1)");
    assert.match(two, /8192 level-1 entries, 64 KiB at 0x425a0000 to 0x425affff, each for a page of 8192 entries/);
    assert.match(two, /Entry_Size 7, Page_Size 64 KiB, Shareability 1 \(Inner Shareable\)/);
    const flat = text("ITS@0xfe640000: allocated 65536 Devices @340000 (flat, esz 8, psz 64K, shr 0)");
    assert.match(flat, /is flat: 65536 entries of 8 bytes, 512 KiB at 0x340000/);
    assert.match(flat, /does not see what is in a CPU's cache/);
  });

  it("are found in bounded time in long lines", () => {
    assert.ok(!explainText(`ITS queue timeout (${"9".repeat(4000)}`).ok);
  });
});

describe("identities that Linux knows a quirk of", () => {
  it("are said by the masks that Linux compares with", () => {
    assert.match(text("GITS_IIDR=0xa100134c"), /22375, 24313 \(Linux compares 0xffff0fff\): DeviceIDs have 20 bits/);
    assert.match(text("GITS_IIDR=0x0201743b"), /RK3588 .*32-bit addresses only/);
    assert.match(text("GICD_IIDR=0x0401143b"), /2941627 \(Linux compares 0xff0e0fff\)/);
    assert.match(text("GICD_IIDR=0x0402143b"), /2941627 \(Linux compares 0xff0f0fff\)/);
  });

  it("and not by others", () => {
    assert.doesNotMatch(text("GITS_IIDR=0x4b00043b"), /erratum/);
    assert.doesNotMatch(text("GICD_IIDR=0x4b00243b"), /erratum|Linux compares/);
    assert.doesNotMatch(text("GITS_IIDR=0x0201643b"), /RK3588/);
  });
});

describe("a word of a table", () => {
  it("is read in the layout that it makes sense in, most telling first", () => {
    assert.match(readings("0x8002000008080004")[0].title, /DTE of kvm-rev0/);
    assert.match(readings("entry 0x1000020080000")[0].title, /ITE of kvm-rev0/);
    assert.match(readings("entry 0x8000000000030002")[0].title, /CTE of kvm-rev0/);
    assert.match(readings("entry 0xa1")[0].summary, /An LPI that is enabled, with priority 0xa0/);
  });

  it("says which entries it is not, and which it does not show", () => {
    const last = readings("entry 0x8002000008080004").at(-1);
    assert.match(last?.notes.join("\n") ?? "", /DTE of qemu \(V\), .*\n.*ITE of qemu \(12 bytes\)/);
    assert.match(text("entry 0x8002000008080004"), /ITE of kvm-rev0[\s\S]*pINTID 2056 is no LPI[\s\S]*Not plausible/);
  });
});

describe("sizes", () => {
  it("of a device table: flat as far as Size counts, then by two levels", () => {
    const found = text("sizes devices=65536");
    assert.match(found, /takes 512 KiB; the ids have 16 bits/);
    assert.match(found, /Flat, pages of 4 KiB: Size 127 \(512 KiB\)/);
    assert.match(found, /Two levels, pages of 64 KiB: Indirect 1, Size 0; 8 level-1 entries are in use/);
    assert.match(text("sizes devices=0x100000000"), /524288 of them are more than the 256/);
  });

  it("of ITTs, LPI tables and collections", () => {
    assert.match(
      text("sizes events=5"),
      /MAPD Size=2: .*\n.*8 bytes \(kvm-rev0, gem5, xen\): 64 bytes\.\n.*12 bytes \(qemu\): 96 bytes/,
    );
    assert.match(text("sizes events=1"), /MAPD Size=0/);
    assert.match(text("sizes lpis=8193"), /IDbits 14: INTIDs 0 to 32767/);
    assert.match(text("sizes lpis=8192"), /IDbits 13: INTIDs 0 to 16383/);
    assert.match(text("sizes collections=4"), /4 ICIDs, entries of 2 bytes \(xen\)/);
  });

  it("of nothing known, or of no number, are refused with what there is", () => {
    for (const words of ["sizes", "sizes device=4", "sizes devices=0", "sizes devices=x", "sizes devices"]) {
      assert.ok(!explainText(words).ok, words);
    }
  });
});
