/** To whole numbers; halves go to the even neighbour, as in Python. */
export function roundHalfEven(x: number): number {
	const below = Math.floor(x);
	const rest = x - below;
	return rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
}
