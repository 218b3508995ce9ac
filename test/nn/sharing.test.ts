import { Worker } from "node:worker_threads";
import * as torch from "../../lib/index.ts";
import { compiled } from "../support/dist.ts";

const { nn } = torch;

function model() {
	torch.manualSeed(0);
	const first = new nn.Linear(3, 3);
	const tied = new nn.Linear(3, 3, { bias: false });
	tied.weight = first.weight;
	return new nn.Sequential(first, new nn.BatchNorm1d(3), tied);
}

test("a shared model is the same model", () => {
	const network = model();
	const x = torch.randn([4, 3]);
	const before = network.parameters();
	const optimizer = new torch.optim.SGD(before, { lr: 0.1 });
	network(x).sum().backward();
	const wanted = model();
	wanted(x).sum().backward();
	new torch.optim.SGD(wanted.parameters(), { lr: 0.1 }).step();

	expect(network.shareMemory()).toBe(network);
	const after = network.parameters();
	expect(after.every((each, i) => each === before[i])).toBe(true);
	optimizer.step();
	const values = (net: torch.nn.Module) =>
		Object.entries(net.stateDict()).map(([name, t]) => [name, t.tolist()]);
	expect(values(network)).toEqual(values(wanted));
});

test("what has its place sees what another writes", () => {
	const network = model().shareMemory();
	const state = structuredClone(nn.utils.sharedState(network));
	expect(Object.keys(state)).toEqual(Object.keys(network.stateDict()));
	const other = model();
	other.loadStateDict(nn.utils.fromSharedState(state), { assign: true });
	torch.noGrad(() => network.getParameter("0.weight").fill_(7));
	expect(other.getParameter("2.weight").select(0, 0).tolist()).toEqual([
		7, 7, 7,
	]);
	other.getBuffer("1.running_mean").add_(2);
	expect(network.getBuffer("1.running_mean").tolist()).toEqual([2, 2, 2]);
	network.shareMemory(); // a second time moves nothing
	expect(nn.utils.sharedState(network)["0.weight"]?.buffer.byteLength).toBe(48);
	expect(other.getParameter("0.weight").select(0, 0).tolist()).toEqual([
		7, 7, 7,
	]);
});

test("a worker thread trains it", async () => {
	const network = new nn.Linear(2, 1).shareMemory();
	const worker = new Worker(
		`import { parentPort, workerData } from "node:worker_threads";
		import * as torch from ${JSON.stringify(`file://${compiled("lib/index.js")}`)};
		const model = new torch.nn.Linear(2, 1);
		model.loadStateDict(torch.nn.utils.fromSharedState(workerData), { assign: true });
		const optimizer = new torch.optim.SGD(model.parameters(), { lr: 1 });
		torch.noGrad(() => { for (const p of model.parameters()) p.zero_(); });
		model(torch.ones([1, 2])).sum().backward();
		optimizer.step();
		parentPort.postMessage("done");`,
		{ eval: true, workerData: nn.utils.sharedState(network) },
	);
	await new Promise((resolve, reject) => {
		worker.once("message", resolve).once("error", reject);
	});
	await worker.terminate();
	expect(network.weight.tolist()).toEqual([[-1, -1]]);
	expect(network.bias?.tolist()).toEqual([-1]);
});

test.each<[torch.DType, (x: torch.Tensor) => torch.Tensor]>([
	["float16", (x) => x.t()],
	["bool", (x) => x],
	["int64", (x) => x.select(1, 1)],
	["complex64", (x) => x.expand(2, 2, 3)],
	["float32", (x) => x.narrow(0, 0, 0)],
])("%s lies as it did", (dtype, view) => {
	const holder = new nn.Sequential();
	const tensor = view(torch.randn([2, 3]).mul(3).to(dtype));
	holder.registerBuffer("kept", tensor);
	const wanted = tensor.tolist();
	const kept = holder.shareMemory().getBuffer("kept");
	expect([kept.tolist(), kept.stride()]).toEqual([wanted, tensor.stride()]);
	const [shared] = Object.values(
		nn.utils.fromSharedState(nn.utils.sharedState(holder)),
	);
	expect(shared?.tolist()).toEqual(wanted);
});

test.each<[() => unknown, string]>([
	[
		() => nn.utils.sharedState(new nn.Linear(1, 1)),
		'sharedState: module: "weight" is not in shared memory: call shareMemory() first',
	],
	[
		() => nn.utils.sharedState(new nn.Linear(1, 1).shareMemory().double()),
		'"weight" is not in shared memory',
	],
	[
		() => new nn.Linear(1, 1, { device: "meta" }).shareMemory(),
		"shareMemory: module: a tensor of layout strided on meta cannot lie in shared memory",
	],
	[
		() => nn.utils.fromSharedState({ a: 3 } as never),
		"fromSharedState: a: expected what sharedState gives, got number 3",
	],
])("%#: wrong use is named", (call, message) => {
	expect(call).toThrow(message);
});
