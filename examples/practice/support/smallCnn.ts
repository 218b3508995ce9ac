import { nn } from "torch-node";

/** Two convolutions and a linear layer: [B, channels, size, size] → scores [B, 10]. */
export function smallCnn(channels: number, size: number): nn.Sequential {
	return new nn.Sequential(
		new nn.Conv2d(channels, 8, 3, { padding: 1 }),
		new nn.ReLU(),
		new nn.MaxPool2d(2),
		new nn.Conv2d(8, 16, 3, { padding: 1 }),
		new nn.ReLU(),
		new nn.MaxPool2d(2),
		new nn.Flatten(),
		new nn.Linear(16 * Math.floor(size / 4) ** 2, 10),
	);
}
