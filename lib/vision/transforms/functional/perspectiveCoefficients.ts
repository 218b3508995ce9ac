import * as check from "../../../check.ts";
import { lstsq } from "../../../generated/linalg.ts";
import { tensor } from "../../../tensor/creation.ts";
import { scope } from "../../../tensor/scope.ts";
import type { Point } from "./matrix.ts";

/** Upper left, upper right, lower right, lower left. */
export type Corners = readonly [Point, Point, Point, Point];

/** a … h: (x, y) of the result is the image at ((ax + by + c) / (gx + hy + 1), (dx + ey + f) / (gx + hy + 1)). */
export type PerspectiveCoefficients = readonly [
	a: number,
	b: number,
	c: number,
	d: number,
	e: number,
	f: number,
	g: number,
	h: number,
];

/** @internal What takes `endpoints` back to `startpoints`: least squares in float64, then float32. */
export function perspectiveCoefficients(
	op: string,
	startpoints: Corners,
	endpoints: Corners,
): PerspectiveCoefficients {
	const rows = endpoints.flatMap(([x, y], i) => {
		const [u, v] = startpoints[i] as Point;
		return [
			[x, y, 1, 0, 0, 0, -u * x, -u * y],
			[0, 0, 0, x, y, 1, -v * x, -v * y],
		];
	});
	const solve = () => {
		const float64 = { dtype: "float64" } as const;
		// torchvision's rows are whole numbers, or float32
		const whole = rows.flat().every(Number.isInteger);
		const a = tensor(rows, whole ? float64 : { dtype: "float32" }).double();
		const b = tensor(startpoints.flat(), float64);
		const [solution] = lstsq(a, b.unsqueeze(1), { driver: "gels" });
		return solution.squeeze(1).float().tolist();
	};
	try {
		return scope(solve) as unknown as PerspectiveCoefficients;
	} catch (cause) {
		const corners = JSON.stringify(endpoints);
		throw check.invalidValue(
			op,
			"endpoints",
			`expected corners no three of which lie on a line, got ${corners} (${(cause as Error).message})`,
		);
	}
}
