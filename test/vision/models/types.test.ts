/** What the compiler accepts and refuses of models (npm run check); nothing is run. */
import type * as torch from "../../../lib/index.ts";
import { models } from "../../../lib/vision/index.ts";

function typed(x: torch.Tensor): void {
	const named: models.ResNet = models.getModel("resnet18", { numClasses: 10 });
	const scores: torch.Tensor = named(x);
	const plain: torch.Tensor = models.googlenet({ auxLogits: false })(x);
	const either: torch.Tensor | models.GoogLeNetOutputs = models.googlenet()(x);
	const { out }: models.SegmentationOutput = models.fcnResnet50()(x);
	const loaded: Promise<models.VGG> = models.loadModel("vgg16");

	// @ts-expect-error there is no such model
	models.getModel("resnet19");
	// @ts-expect-error resnets have no dropout
	models.getModel("resnet18", { dropout: 0.5 });
	// @ts-expect-error classes are counted
	models.resnet18({ numClasses: "10" });
	// @ts-expect-error a class cannot be called
	models.resnet18({ normLayer: torch.nn.BatchNorm2d });
	// @ts-expect-error with its auxiliary classifiers it may give more than a tensor
	models.googlenet()(x).relu();
	void [scores, plain, either, out, loaded];
}

test("types are held by the compiler", () => {
	expect(typeof typed).toBe("function");
});
