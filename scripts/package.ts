// Makes the installable package:  npm run package
import { inProject, main, manifest } from "./project.ts";
import { kibibytes } from "./size-report.ts";
import { packVsix, sizeLimit } from "./vsix.ts";

await main(async () => {
  const vsix = await packVsix(inProject(`${manifest.name}-${manifest.version}.vsix`), true);
  for (const name of vsix.names) console.log(`  ${name}`);
  console.log(`${vsix.file}: ${kibibytes(vsix.bytes)} (limit ${kibibytes(sizeLimit)})`);
  return 0;
});
