export { affinityOf, peOfAffinity } from "../../architecture/affinity.ts";
