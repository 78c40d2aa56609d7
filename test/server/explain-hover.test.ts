import { test } from "node:test";
import { expectHover } from "./kit.ts";

test("a number that is no argument says what it may be", () => {
  expectHover("let doorbell = 0x0809<|>0040", "0x8090040: GITS\\_TRANSLATER");
  expectHover("let baser = 0xb9070000<|>40100607", "GITS\\_BASER0 = 0xb907000040100607");
});
