export { affinityOf, idOfAffinity, peOfAffinity } from "../../architecture/affinity.ts";
