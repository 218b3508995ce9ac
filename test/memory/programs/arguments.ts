/** Tensors that live only as arguments of one call, while V8 collects garbage all the time. Prints how many results were wrong. */
import * as torch from "../../../lib/index.ts";

const full = (value: number) => torch.full([64], value, { dtype: "float32" });
let wrong = 0;
function expectAll(result: torch.Tensor, value: number): void {
	for (const element of result.toTypedArray() as Float32Array)
		if (element !== value) wrong++;
}

const [times] = process.argv.slice(2).map(Number) as [number];
for (let i = 0; i < times; i++) {
	const a = i % 1000;
	expectAll(torch.add(full(a), full(1), { alpha: 2 }), a + 2);
	expectAll(torch.cat([full(a), full(a), full(a)]), a);
	expectAll(torch.where(full(1).gt(0), full(a), full(-1)), a);
	expectAll(
		full(a)
			.view([8, 8])
			.add_(full(2).view([8, 8])),
		a + 2,
	);
	if (full(a).shape[0] !== 64) wrong++;
	if (full(a).view([4, 16]).stride().join() !== "16,1") wrong++;
	if (full(a).sum().item() !== 64 * a) wrong++;
	const { values: low } = torch.stack([full(a), full(a + 1)]).min(0);
	expectAll(low, a);
	const leaf = full(a).requiresGrad_();
	leaf.mul(full(3)).sum().backward();
	expectAll(leaf.grad as torch.Tensor, 3);
}
console.log(JSON.stringify({ wrong }));
