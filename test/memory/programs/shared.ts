/** Dead tensors that share an array's memory are found by the collection that V8 begins while it is told of a large tensor. */
import * as torch from "../../../lib/index.ts";

for (let i = 0; i < 20; i++) {
	for (let k = 0; k < 50; k++) torch.fromBlob(new Float32Array(2048));
	torch.empty([200 << 20], { dtype: "uint8" }).dispose();
}
console.log(JSON.stringify({ ended: true }));
