// After `npm install` with a registry that carries packages for this system only, package-lock.json lacks the optional
// packages for the others, and `npm ci` refuses it. This adds them:  node dist/scripts/completeLock.js
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../lib/package.ts";

interface Entry {
	version: string;
	optionalDependencies?: Record<string, string>;
	[field: string]: unknown;
}

const file = join(packageRoot, "package-lock.json");
const lock = JSON.parse(readFileSync(file, "utf8")) as {
	packages: Record<string, Entry>;
};
const { packages } = lock;
const systems = [
	"android",
	"darwin",
	"linux",
	"win32",
	"freebsd",
	"openharmony",
];
const processors = [
	"arm64",
	"x64",
	"arm",
	"ppc64",
	"s390x",
	"ia32",
	"loong64",
	"riscv64",
];

/** What the lock file says of a package for another system; its name says which. Null for one that is not. */
function entryOf(name: string, version: string): Entry | null {
	const words = name.split(/[-/]/);
	const os = systems.find((system) => words.includes(system));
	const cpu = processors.find((processor) => words.includes(processor));
	if (!os || !cpu || !/^\d/.test(version)) return null;
	const libc = /musl/.test(name) ? "musl" : /gnu/.test(name) ? "glibc" : null;
	const entry: Entry = {
		version,
		cpu: [cpu],
		dev: true,
		optional: true,
		os: [os],
	};
	return os === "linux" && libc ? { ...entry, libc: [libc] } : entry;
}

for (const [path, { optionalDependencies = {} }] of Object.entries(packages)) {
	for (const [name, version] of Object.entries(optionalDependencies)) {
		const key = `node_modules/${name}`;
		if (path === "" || packages[key] || packages[`${path}/${key}`]) continue;
		const entry = entryOf(name, version);
		if (entry) packages[key] = entry;
	}
}
const sorted = Object.entries(packages).sort(([a], [b]) =>
	a.localeCompare(b, "en"),
);
lock.packages = Object.fromEntries(sorted);
writeFileSync(file, `${JSON.stringify(lock, null, "\t")}\n`);
