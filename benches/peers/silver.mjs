// The rollback of SilverDecisions' sd-computations (LGPL-3.0, not part of this project) on a tree from standard input:
// {"parent": [...], "probability": [...], "payoff": [...]} with texts, a row a node, parents first. Prints the expected
// value and the seconds of the processor that the rollback took, and those with validation and expressions.
//
//     npm install sd-computations@0.6.1 esbuild
//     npx esbuild silver.mjs --bundle --platform=node --outfile=silver.js
//     node --stack-size=50000 silver.js < tree.json
import { readFileSync } from "node:fs";
import { ComputationsManager } from "sd-computations/src/computations-manager";
import { DataModel } from "sd-model";

const { parent, probability, payoff } = JSON.parse(readFileSync(0, "utf8"));
const model = new DataModel();
const nodes = parent.map((_, i) => ({ type: "terminal", name: String(i), childEdges: [], location: { x: 0, y: 0 } }));
parent.forEach((above, i) => {
  if (above < 0) return;
  const chance = probability[i] !== null;
  nodes[above].type = chance ? "chance" : "decision";
  const edge = { name: String(i), payoff: [payoff[i], 0], childNode: nodes[i] };
  if (chance) edge.probability = probability[i];
  nodes[above].childEdges.push(edge);
});
model.load({ trees: [nodes[0]] });
const manager = new ComputationsManager({ jobRepositoryType: "simple" }, model);
manager.setData(model);
const seconds = (work) => {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
};
const root = model.getRoots()[0];
const full = seconds(() => manager._checkValidityAndRecomputeObjective(model, false, true, true));
const rollback = seconds(() => manager.objectiveRulesManager.recomputeTree(root, false));
const value = root.computedValue(manager.getCurrentRule().name, "payoff[0]");
console.log(JSON.stringify({ value: Number(value), rollback, full }));
