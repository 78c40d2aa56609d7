// Makes the npm package of command line and library:  npm run package:npm
import { npmSizeLimit, packNpm } from "./npm-package.ts";
import { main, root } from "./project.ts";
import { kibibytes } from "./size-report.ts";

await main(async () => {
  const { file, bytes, names } = await packNpm(root);
  const types = names.filter((name) => name.startsWith("types/"));
  for (const name of names) if (!types.includes(name)) console.log(`  ${name}`);
  console.log(`  types/ (${types.length} files)`);
  console.log(`${file}: ${kibibytes(bytes)} (limit ${kibibytes(npmSizeLimit)})`);
  return 0;
});
