declare module "node-gyp-build" {
	const nodeGypBuild: { path(folder: string): string };
	export default nodeGypBuild;
}
