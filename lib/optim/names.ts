// Names are camelCase here and snake_case in PyTorch's state dicts: `weightDecay` there is `weight_decay`.

/** `weightDecay` → `weight_decay`, `_stepCount` → `_step_count` */
export function snakeCase(name: string): string {
	return name.replace(
		/(?<=[a-z0-9])[A-Z]/g,
		(letter) => `_${letter.toLowerCase()}`,
	);
}

/** `weight_decay` → `weightDecay`, `_step_count` → `_stepCount` */
export function camelCase(name: string): string {
	return name.replace(/(?<=[A-Za-z0-9])_([a-z0-9])/g, (_, letter: string) =>
		letter.toUpperCase(),
	);
}
