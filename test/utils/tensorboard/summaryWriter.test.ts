/** SummaryWriter against the bytes that PyTorch's writes for the same calls. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as torch from "../../../lib/index.ts";
import { crc32c } from "../../../lib/utils/tensorboard/crc32c.ts";
import { compiled, run } from "../../support/dist.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { fixture, revive } from "../../support/stored.ts";
import { eventsIn, fieldsOf, inner, slowCrc32c } from "./reading.ts";

const { SummaryWriter } = torch.utils.tensorboard;
type Writer = InstanceType<typeof SummaryWriter>;
const temporary = temporaryFolder();

interface Case {
	call: string;
	args: unknown[];
	/** Base64, by folder. */
	events: Record<string, string[]>;
	images: { shape: number[]; pixels: number[] }[];
}

/** Makes a case's call; its options are in one object here. */
function made(writer: Writer, { call, args }: Case): void {
	const given = args.map(revive);
	if (call === "addHparams" && typeof given[3] === "string")
		given.splice(2, 2, { hparamDomainDiscrete: given[2], runName: given[3] });
	const method = (writer as never as Record<string, (...a: unknown[]) => void>)[
		call
	];
	method?.apply(writer, given);
}

/** What can be compared of an event: all bytes, without the time where none can be given; of a picture all but the file. */
function comparable(call: string, event: Buffer): unknown {
	if (call === "addHparams")
		return (event[0] === 9 ? event.subarray(9) : event).toString("base64");
	if (!call.startsWith("addImage")) return event.toString("base64");
	const fields = fieldsOf(inner(event, 5, 1, 4) as Buffer);
	return {
		time: (inner(event, 1) as Buffer).readDoubleLE(),
		step: inner(event, 2),
		tag: String(inner(event, 5, 1, 1)),
		size: [1, 2, 3].map((field) => fields.get(field)),
	};
}

test.each(
	fixture<Case[]>("tensorboard/events.json").map((one, i) => ({
		name: `${one.call} ${i}`,
		...one,
	})),
)("$name", async ({ name, ...one }) => {
	const writer = new SummaryWriter(temporary(name));
	made(writer, one);
	writer.close();
	const written = eventsIn(temporary(name));
	expect(
		[...written].map(([folder, events]) => [
			folder,
			events.map((event) => comparable(one.call, event)),
		]),
	).toEqual(
		Object.entries(one.events).map(([folder, events]) => [
			folder,
			events.map((event) => comparable(one.call, Buffer.from(event, "base64"))),
		]),
	);
	for (const [i, { shape, pixels }] of one.images.entries()) {
		const event = written.get("")?.[i] as Buffer;
		const image = await torch.vision.io.decodeImage(
			inner(event, 5, 1, 4, 4) as Buffer,
		);
		const rows = image.permute([1, 2, 0]);
		expect(rows.shape).toEqual(shape);
		expect(rows.flatten().tolist()).toEqual(pixels);
	}
});

test("checksums", () => {
	const text = Buffer.from("123456789");
	expect(crc32c(text)).toBe(0xe3069283);
	expect(slowCrc32c(text)).toBe(0xe3069283);
	expect(crc32c(new Uint8Array())).toBe(0);
});

test("a model's text; what follows close goes to another file; going on from a step", () => {
	const folder = temporary("graph");
	const writer = new SummaryWriter({ logDir: folder, filenameSuffix: ".x" });
	writer.addGraph(new torch.nn.Sequential(new torch.nn.Linear(2, 3)));
	writer.flush();
	writer.close();
	writer.addScalar("late", 1);
	writer[Symbol.dispose]();
	writer.close();
	writer.flush();
	const again = new SummaryWriter(folder, { purgeStep: 5 });
	again.close();
	const files = readdirSync(folder);
	expect(files).toHaveLength(3);
	expect(files.filter((name) => name.endsWith(".x"))).toHaveLength(2);
	const parts = files
		.toSorted(
			(a, b) =>
				Number(/\d+(?=(\.x)?$)/.exec(a)?.[0]) -
				Number(/\d+(?=(\.x)?$)/.exec(b)?.[0]),
		)
		.map((name, i) => {
			const part = temporary(`graph${i}`);
			new SummaryWriter(part).close();
			const [only = ""] = readdirSync(part);
			writeFileSync(join(part, only), readFileSync(join(folder, name)));
			return eventsIn(part).get("") as Buffer[];
		});
	const [first, second, third] = parts as [Buffer[], Buffer[], Buffer[]];
	expect(String(inner(first[0] as Buffer, 5, 1, 1))).toBe("graph/text_summary");
	expect(String(inner(first[0] as Buffer, 5, 1, 8, 8))).toBe(
		"9 parameters\n\n```\nSequential(\n  (0): Linear(in_features=2, out_features=3, bias=True)\n)\n```",
	);
	expect(String(inner(second[0] as Buffer, 5, 1, 1))).toBe("late");
	expect(third.map((event) => inner(event, 2))).toEqual([5n, 5n]);
	expect(inner(third[1] as Buffer, 7, 1)).toBe(1n);
});

describe("refusals leave nothing behind", () => {
	const nothing = torch.zeros([0]);
	const refused: [
		name: string,
		call: (writer: Writer) => void,
		message: string,
	][] = [
		[
			"no tag",
			(w) => w.addScalar("", 1),
			'addScalar: tag: expected a name, got ""',
		],
		[
			"text for a number",
			(w) => w.addScalar("a", "1" as never),
			'addScalar: value: expected number or Tensor, got string "1"',
		],
		[
			"several numbers",
			(w) => w.addScalar("a", torch.ones([2])),
			"addScalar: value: expected one element, got a tensor of shape [2]",
		],
		[
			"half a step",
			(w) => w.addScalar("a", 1, 0.5),
			"addScalar: globalStep: expected integer, got number 0.5",
		],
		[
			"unknown option",
			(w) => w.addScalar("a", 1, { step: 1 } as never),
			"addScalar: step: unknown option; known are globalStep, walltime, newStyle, doublePrecision",
		],
		[
			"no values",
			(w) => w.addHistogram("a", nothing),
			"addHistogram: values: there are none in it",
		],
		[
			"NaN",
			(w) => w.addHistogram("a", torch.tensor([Number.NaN])),
			"addHistogram: values: expected finite ones, got NaN or infinity",
		],
		[
			"all outside",
			(w) => w.addHistogram("a", torch.ones([1]), { bins: [2, 3] }),
			"addHistogram: values: expected some between 2 and 3",
		],
		[
			"falling edges",
			(w) => w.addHistogram("a", torch.ones([1]), { bins: [3, 2] }),
			"addHistogram: bins[1]: expected a number at least 3, got 2",
		],
		[
			"flat image",
			(w) => w.addImage("a", torch.ones([2, 2])),
			"addImage: image: expected the 3 dimensions CHW, got a tensor of shape [2, 2]",
		],
		[
			"two channels",
			(w) => w.addImage("a", torch.ones([2, 2, 2])),
			"addImage: image: expected 1, 3 or 4 channels, got 2",
		],
		[
			"whole numbers",
			(w) => w.addImage("a", torch.ones([3, 2, 2], { dtype: "int64" })),
			'addImage: image: expected uint8, floating point or bool tensor, got string "int64"',
		],
		[
			"no pixels",
			(w) => w.addImages("a", torch.ones([0, 3, 2, 2])),
			"addImages: images: there are no pixels in it",
		],
		[
			"other format",
			(w) =>
				w.addImage("a", torch.ones([3, 2, 2]), { dataformats: "XYZ" as never }),
			'addImage: dataformats: expected one of "CHW", "HWC", "HW", "WH", "CWH", "WHC", got string "XYZ"',
		],
		[
			"hparam of a list",
			(w) => w.addHparams({ lr: [1] as never }, {}),
			"addHparams: hparams.lr: expected number, string or boolean, got [1]",
		],
		[
			"other domain",
			(w) =>
				w.addHparams({ lr: 1 }, {}, { hparamDomainDiscrete: { lr: ["a"] } }),
			'addHparams: hparamDomainDiscrete.lr: expected numbers, as in hparams, got string "a"',
		],
	];
	test.each(refused)("%s", (name, call, message) => {
		const folder = temporary(`refused ${name}`);
		const writer = new SummaryWriter(folder);
		expect(() => call(writer)).toThrow(message);
		writer.close();
		expect([...eventsIn(folder)]).toEqual([["", []]]);
	});
	test("a file where the folder should be", () => {
		writeFileSync(temporary("file"), "");
		expect(() => new SummaryWriter(temporary("file"))).toThrow(
			/EEXIST|ENOTDIR/,
		);
	});
});

test("a file that can grow no more has whole events, and the error is the system's", async () => {
	const folder = temporary("full");
	const program = `
		import { utils } from ${JSON.stringify(pathToFileURL(compiled("lib/index.js")).href)};
		const writer = new utils.tensorboard.SummaryWriter(process.argv[1]);
		let step = 0;
		try {
			for (;;) writer.addScalar("loss", 1, step++);
		} catch (error) {
			console.log(error.code, step - 1);
		}`;
	const command = 'ulimit -f 8 && exec "$@"';
	const node = [process.execPath, "--input-type=module", "-e", program, folder];
	const { stdout } = await run("sh", ["-c", command, "sh", ...node]);
	const events = eventsIn(folder).get("") ?? [];
	expect(events.length).toBeGreaterThan(10);
	expect(stdout).toBe(`EFBIG ${events.length}\n`);
});

// With TORCH_NODE_TEST_PYTHON, the path of a Python that has tensorboard, it reads what is written here.
const python = process.env.TORCH_NODE_TEST_PYTHON;
if (python)
	test("TensorBoard's own code reads it", async () => {
		const folder = temporary("python");
		const writer = new SummaryWriter(folder);
		for (let step = 0; step < 20; step++)
			writer.addScalar("loss", 1 / (step + 1), step);
		writer.addScalars("both", { a: 1, b: 2 }, 3);
		writer.addHistogram("weights", torch.arange(10).sub(5), 4);
		writer.addImage("image", torch.eye(5).unsqueeze(0), 5);
		writer.addText("text", "größer", 6);
		writer.addGraph(new torch.nn.Linear(2, 2));
		writer.addHparams(
			{ lr: 0.5, kind: "sgd", nesterov: true },
			{ accuracy: 0.75 },
			{ runName: "trial" },
		);
		writer.close();
		const script = `
import sys, os
from tensorboard.backend.event_processing.event_multiplexer import EventMultiplexer
from tensorboard.plugins.hparams import plugin_data_pb2
m = EventMultiplexer().AddRunsFromDirectory(sys.argv[1]).Reload()
assert sorted(m.Runs()) == [".", "both_a", "both_b", "trial"], m.Runs()
assert [(e.step, round(e.value, 6)) for e in m.Scalars(".", "loss")] == [(i, round(1 / (i + 1), 6)) for i in range(20)]
assert m.Scalars("both_b", "both")[0].value == 2
h = m.Histograms(".", "weights")[0].histogram_value
assert (h.min, h.max, h.num, h.sum, sum(h.bucket)) == (-5, 4, 10, -5, 10)
i = m.Images(".", "image")[0]
assert (i.height, i.width, i.encoded_image_string[:4]) == (5, 5, b"\\x89PNG")
assert m.Tensors(".", "text/text_summary")[0].tensor_proto.string_val == ["größer".encode()]
assert "Linear" in m.Tensors(".", "graph/text_summary")[0].tensor_proto.string_val[0].decode()
start = plugin_data_pb2.HParamsPluginData.FromString(m.SummaryMetadata("trial", "_hparams_/session_start_info").plugin_data.content)
assert {k: getattr(v, v.WhichOneof("kind")) for k, v in start.session_start_info.hparams.items()} == {"lr": 0.5, "kind": "sgd", "nesterov": True}
assert m.Scalars("trial", "accuracy")[0].value == 0.75
print("read")
`;
		const { stdout, stderr } = await run(python, ["-c", script, folder]);
		expect({ stdout, stderr }).toMatchObject({
			stdout: expect.stringContaining("read"),
		});
	});
