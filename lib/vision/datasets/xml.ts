import { invalid } from "./problems.ts";

/** @internal An element of an XML file: its text up to the first element in it, and these. Attributes are passed over. */
export interface XmlElement {
	name: string;
	text: string;
	children: XmlElement[];
}

const MAX_DEPTH = 100;

/**
 * @internal Reads an XML file of elements and text. Document types, which can ask for other files and for endless text, are refused.
 * (https://www.w3.org/TR/xml/)
 *
 * @throws TorchError `ERR_INVALID_FILE` with `file`'s name
 */
export function parseXml(file: string, source: string): XmlElement {
	const root: XmlElement = { name: "", text: "", children: [] };
	const open: XmlElement[] = [root];
	const token =
		/<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([^\s<>/!?"'=&]+)((?:[^<>"']|"[^"<]*"|'[^'<]*')*?)(\/?)>|([^<]+)/y;
	while (token.lastIndex < source.length) {
		const at = token.lastIndex;
		const match = token.exec(source);
		if (!match) {
			const what = source.slice(at, at + 30);
			throw invalid(file, `no XML: ${JSON.stringify(what)} (character ${at})`);
		}
		const [, data, closing, name, , empty, text] = match;
		const parent = open.at(-1) as XmlElement;
		if (text !== undefined || data !== undefined) {
			const value = data ?? decoded(file, text as string);
			if (parent === root && value.trim() !== "")
				throw invalid(file, "no XML: it has text outside of its element");
			if (parent.children.length === 0) parent.text += value;
		} else if (name !== undefined && closing) {
			if (parent.name !== name || open.length === 1)
				throw invalid(file, `no XML: </${name}> without its beginning`);
			open.pop();
		} else if (name !== undefined) {
			const element: XmlElement = { name, text: "", children: [] };
			parent.children.push(element);
			if (!empty) open.push(element);
			if (open.length > MAX_DEPTH)
				throw invalid(file, "has too many elements in each other");
		}
	}
	const [element] = root.children;
	if (open.length > 1)
		throw invalid(file, `no XML: <${open.at(-1)?.name}> has no end`);
	if (element && root.children.length === 1) return element;
	throw invalid(file, "no XML: expected one element");
}

const entities: Readonly<Record<string, string>> = {
	lt: "<",
	gt: ">",
	amp: "&",
	quot: '"',
	apos: "'",
};

function decoded(file: string, text: string): string {
	return text.replace(/&([^;&]*;?)/g, (_, reference: string) => {
		const name = reference.replace(/;$/, "");
		const code = /^#(?:x([\da-f]{1,6})|(\d{1,7}))$/i.exec(name);
		const point = code?.[1]
			? Number.parseInt(code[1], 16)
			: Number(code?.[2] ?? Number.NaN);
		const character =
			point <= 0x10ffff ? String.fromCodePoint(point) : entities[name];
		if (reference.endsWith(";") && character !== undefined) return character;
		throw invalid(
			file,
			`no XML: the entity ${JSON.stringify(`&${reference.slice(0, 30)}`)}`,
		);
	});
}
