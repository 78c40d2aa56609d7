// Makes a folder of many files anew, again and again:  node swap-run.ts FOLDER TIMES COUNT [TEMPER]
import { writeFileSync } from "node:fs";
import path from "node:path";
import { main } from "../../scripts/project.ts";
import { swapFolder } from "../../scripts/swap-folder.ts";

const [folder = "", times = "1", count = "1", temper] = process.argv.slice(2);
await main(async () => {
  for (let time = 0; time < Number(times); time++) {
    await swapFolder(folder, async (making) => {
      for (let i = 0; i < Number(count); i++) writeFileSync(path.join(making, `${i}`), "");
      if (temper === "fails") throw Object.assign(new Error("no space left"), { code: "ENOSPC", syscall: "write" });
      if (temper === "stays") {
        console.log("stays");
        await new Promise((resolve) => setTimeout(resolve, 1 << 30));
      }
    });
  }
  return 0;
});
