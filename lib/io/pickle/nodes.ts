/**
 * What a pickle says, before anybody believes it: a name is only a name, and a call only a note of what would be called. Whoever reads
 * the nodes decides which of them may become something.
 */
export type Node =
	| null
	| boolean
	| number
	| bigint
	| string
	| Uint8Array
	| List
	| Tuple
	| Dict
	| PySet
	| Global
	| Call
	| Persistent;

export class List {
	readonly items: Node[] = [];
}

export class Tuple {
	readonly items: readonly Node[];
	constructor(items: readonly Node[]) {
		this.items = items;
	}
}

export class Dict {
	/** Keys and values in turn. */
	readonly entries: Node[] = [];
}

export class PySet {
	readonly items: Node[] = [];
}

/** `collections.OrderedDict` */
export class Global {
	readonly name: string;
	constructor(name: string) {
		this.name = name;
	}
}

/** A function or class called with arguments, and what was done to the result. */
export class Call {
	readonly callee: Node;
	readonly args: readonly Node[];
	/** Keys and values in turn, where the result is used as a dictionary. */
	readonly entries: Node[] = [];
	/** What the result's `__setstate__` or `__dict__` was given. */
	state: Node | undefined;
	constructor(callee: Node, args: readonly Node[]) {
		this.callee = callee;
		this.args = args;
	}
}

/** Something that is kept outside of the pickle: a storage. */
export class Persistent {
	readonly id: Node;
	constructor(id: Node) {
		this.id = id;
	}
}
