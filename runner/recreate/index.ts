export { type Recreated, recreated } from "./recreate.ts";
