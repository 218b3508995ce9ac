/** Runs out of memory on purpose, within the address space that its test allows: node outOfMemory.mjs. Prints what happened, case by case. */
import { native } from "../../../lib/binding.ts";
import * as torch from "../../../lib/index.ts";

let collections = 0;
const { collectGarbage } = native;
native.collectGarbage = () => {
	collections++;
	collectGarbage();
};

const gigabyte = 2 ** 28; // elements of float32
const huge = 2 ** 40;

function attempt(call: () => unknown): unknown {
	const before = collections;
	try {
		call();
		return { collections: collections - before };
	} catch (error) {
		const { code, op } = error as torch.TorchError;
		return { code, op, collections: collections - before };
	}
}

/** Takes all memory, in pieces of 256 MB; what of it stays alive is the caller's matter. */
function takeAll(): torch.Tensor[] {
	const taken: torch.Tensor[] = [];
	try {
		for (;;) taken.push(torch.empty([gigabyte / 4]));
	} catch {
		return taken;
	}
}

const small = torch.ones([4]);
const results: Record<string, unknown> = {};
results.tooLarge = attempt(() => torch.ones([huge]));
results.tooLargeResult = attempt(() => small.expand([huge / 4, 4]).add(1));
results.tooLargeInPlace = attempt(() => torch.ones([4]).resize_([huge]));
results.tooManyElements = attempt(() => torch.zeros([2 ** 40, 2 ** 40]));
results.longShape = attempt(() => torch.zeros(new Array(1_000_000).fill(1)));

const data = new Float32Array(gigabyte / 2);
let taken = takeAll();
results.noneLeft = attempt(() => torch.tensor(data));
taken = [];
results.garbageMakesRoom = attempt(() => torch.empty([gigabyte]));

taken = takeAll();
taken.length = 0;
results.copyOfArray = attempt(() => torch.tensor(data));
results.afterwards = small.add(1).sum().item();
console.log(JSON.stringify(results));
