import type * as Io from "../../../lib/vision/io/index.ts";

/** The module as it is where importing sharp fails. */
function without(failure: Error): typeof Io {
	let module: typeof Io | undefined;
	jest.isolateModules(() => {
		jest.doMock("sharp", () => {
			throw failure;
		});
		module = jest.requireActual("../../../lib/vision/io/index.ts");
	});
	return module as typeof Io;
}

test.each([
	[
		Object.assign(new Error("Cannot find module 'sharp'"), {
			code: "MODULE_NOT_FOUND",
		}),
		"decodeImage: image files are read and written by the package sharp, which is not installed: npm install sharp",
	],
	[
		new Error("libvips.so.42: cannot open shared object file"),
		"decodeImage: the package sharp, which reads and writes image files, could not be loaded: libvips.so.42: cannot open shared object file",
	],
])("without sharp, one sentence says what to do", async (failure, message) => {
	const { decodeImage } = without(failure);
	await expect(decodeImage(Buffer.alloc(10))).rejects.toMatchObject({
		code: "ERR_MISSING_PACKAGE",
		message,
	});
});
