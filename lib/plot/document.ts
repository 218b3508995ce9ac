/** As much of a browser's document as drawing takes: elements that are made, put into each other, and written as text. */

const HTML = "http://www.w3.org/1999/xhtml";

export class TextNode {
	parentNode: Element | null = null;
	textContent: string;

	constructor(text: string) {
		this.textContent = text;
	}

	get outerHTML(): string {
		return escapeText(this.textContent);
	}
}

type Child = Element | TextNode;

class Style {
	readonly #properties = new Map<string, string>();

	setProperty(name: string, value: string): void {
		this.#properties.set(name, value);
	}

	getPropertyValue(name: string): string {
		return this.#properties.get(name) ?? "";
	}

	removeProperty(name: string): void {
		this.#properties.delete(name);
	}

	get text(): string {
		return [...this.#properties].map((pair) => pair.join(":")).join(";");
	}
}

export class Element {
	readonly ownerDocument: PlotDocument;
	readonly namespaceURI: string;
	readonly tagName: string;
	readonly style = new Style();
	parentNode: Element | null = null;
	readonly childNodes: Child[] = [];
	readonly #attributes = new Map<string, string>();

	constructor(document: PlotDocument, namespace: string, name: string) {
		this.ownerDocument = document;
		this.namespaceURI = namespace;
		this.tagName = name;
	}

	get firstChild(): Child | null {
		return this.childNodes[0] ?? null;
	}

	get children(): Element[] {
		return this.childNodes.filter((child) => child instanceof Element);
	}

	getAttribute(name: string): string | null {
		return this.#attributes.get(name) ?? null;
	}

	hasAttribute(name: string): boolean {
		return this.#attributes.has(name);
	}

	setAttribute(name: string, value: unknown): void {
		this.#attributes.set(name, String(value));
	}

	setAttributeNS(_: string, name: string, value: unknown): void {
		this.setAttribute(name, value);
	}

	removeAttribute(name: string): void {
		this.#attributes.delete(name);
	}

	insertBefore<T extends Child>(child: T, next: Child | null): T {
		child.parentNode?.removeChild(child);
		const place = next === null ? -1 : this.childNodes.indexOf(next);
		this.childNodes.splice(
			place < 0 ? this.childNodes.length : place,
			0,
			child,
		);
		child.parentNode = this;
		return child;
	}

	appendChild<T extends Child>(child: T): T {
		return this.insertBefore(child, null);
	}

	append(...children: (Child | string)[]): void {
		for (const child of children)
			this.appendChild(typeof child === "string" ? new TextNode(child) : child);
	}

	removeChild(child: Child): void {
		this.childNodes.splice(this.childNodes.indexOf(child), 1);
		child.parentNode = null;
	}

	remove(): void {
		this.parentNode?.removeChild(this);
	}

	get textContent(): string {
		return this.childNodes.map((child) => child.textContent).join("");
	}

	set textContent(text: string) {
		this.childNodes.length = 0;
		this.append(String(text));
	}

	get innerHTML(): string {
		return this.childNodes.map((child) => child.outerHTML).join("");
	}

	get outerHTML(): string {
		const attributes = [...this.#attributes];
		const style = this.style.text;
		if (style) attributes.push(["style", style]);
		const written = attributes.map(
			([name, value]) => ` ${name}="${escapeText(rounded(name, value))}"`,
		);
		const start = `<${this.tagName}${written.join("")}`;
		return this.firstChild
			? `${start}>${this.innerHTML}</${this.tagName}>`
			: `${start}/>`;
	}
}

export class PlotDocument {
	readonly documentElement = this.createElement("html");

	createElement(name: string): Element {
		return this.createElementNS(HTML, name);
	}

	createElementNS(namespace: string, name: string): Element {
		return new Element(this, namespace, name);
	}

	createTextNode(text: string): TextNode {
		return new TextNode(text);
	}
}

const places =
	/^(d|transform|points|x|y|[xy][12]|c[xy]|r|width|height|fill-opacity)$/;

/** Places to a hundredth of a pixel: nobody sees more, and files are a third as large. */
function rounded(name: string, value: string): string {
	return places.test(name)
		? value.replace(/\d+\.\d{3,}/g, (digits) =>
				String(Math.round(100 * Number(digits)) / 100),
			)
		: value;
}

// What XML 1.0 cannot hold, in no way of writing it.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu;

/** Text as it stands in XML and HTML, also within quotes. */
export function escapeText(text: string): string {
	return text
		.replace(forbidden, "\ufffd")
		.replaceAll("&", "&amp;")
		.replaceAll("<", "&lt;")
		.replaceAll(">", "&gt;")
		.replaceAll('"', "&quot;");
}
