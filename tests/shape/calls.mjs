// SPDX-License-Identifier: GPL-3.0-or-later
// Who calls whom: the functions that C files define for others, and where others name them. Two modules (a .c with
// its .h) that need one another, also by detours, are a knot; what headers they include says nothing of that.
// An automaton cut into files is a knot with a reason, and stands in knots.json with it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMain, readTree, report, root } from './tree.mjs';

const LEFT_TO_LINKERS = new Set(['main']);

/* C without comments, string literals, lines kept. */
const bare = (text) =>
    text.replace(/\/\*[\s\S]*?\*\/|\/\/.*|"(\\.|[^"\\\n])*"/g, (match) => match.replace(/[^\n]/g, ' '));

/* A function's head in this project's format: it begins in the first column, the body's brace stands there too. */
const HEAD = /^(?!return\b|else\b|typedef\b|#)([A-Za-z_][\w \t*\n]*?[\s*])(\w+)\([^;{}]*?\)\s*\n\{/gm;

/* {module, text, own: names of statics, given: names for others} of a C file. */
function readModule({ path, text }) {
    const code = bare(text);
    const heads = [...code.matchAll(HEAD)].map(([, type, name]) => ({ name, isStatic: /\bstatic\b/.test(type) }));
    const names = (isStatic) => new Set(heads.filter((head) => head.isStatic === isStatic).map(({ name }) => name));
    return { module: path.replace(/\.c$/, ''), text: code, own: names(true), given: names(false) };
}

/* Map of module → Map of module called → names called. A program's main is nobody's. */
export function callsOf(files) {
    const modules = files.map(readModule);
    const definer = new Map();
    for (const { module, given } of modules)
        for (const name of given) if (!LEFT_TO_LINKERS.has(name)) definer.set(name, module);
    const calls = new Map();
    for (const { module, text, own } of modules) {
        const called = new Map();
        for (const [name] of text.matchAll(/(?<![\w.]|->|\b(?:struct|enum|union) )[a-z_]\w+\b/g)) {
            const to = definer.get(name);
            if (!to || to === module || own.has(name)) continue;
            called.set(to, (called.get(to) ?? new Set()).add(name));
        }
        calls.set(module, called);
    }
    return calls;
}

/* Groups of nodes that reach each other (Tarjan); edges: Map of node → iterable of nodes, or Map by node. */
export function knots(edges) {
    const state = new Map();
    const stack = [];
    const found = [];
    const next = (node) => edges.get(node)?.keys() ?? [];
    const visit = (node) => {
        const me = { index: state.size, low: state.size, isOpen: true };
        state.set(node, me);
        stack.push(node);
        for (const other of next(node)) {
            if (!state.has(other)) visit(other);
            if (state.get(other).isOpen) me.low = Math.min(me.low, state.get(other).low);
        }
        if (me.low !== me.index) return;
        const group = stack.splice(stack.indexOf(node));
        for (const member of group) state.get(member).isOpen = false;
        if (group.length > 1) found.push(group.sort());
    };
    for (const node of edges.keys()) if (!state.has(node)) visit(node);
    return found;
}

const nameOf = (module) => module.slice(module.lastIndexOf('/') + 1);

function describe(group, calls) {
    const inside = group.flatMap((from) =>
        group
            .filter((to) => calls.get(from)?.has(to))
            .map((to) => `${nameOf(from)} → ${nameOf(to)} (${[...calls.get(from).get(to)].join(', ')})`),
    );
    return `a knot of calls: ${group.map(nameOf).join(' ')}: ${inside.join('; ')}`;
}

/* 'known': [{modules, reason}], modules by their file names; what has shrunk is still known. */
export function checkCalls(folder, known) {
    const calls = callsOf(readTree(folder, /^(server|stats|tools)\/.*\.c$/));
    const found = knots(calls).map((group) => ({ group, names: group.map(nameOf) }));
    const isWithin = (names, { modules, reason }) => reason && names.every((name) => modules.includes(name));
    return [
        ...found
            .filter(({ names }) => !known.some((k) => isWithin(names, k)))
            .map(({ group }) => describe(group, calls)),
        ...known
            .filter((k) => !found.some(({ names }) => isWithin(names, k)))
            .map(({ modules }) => `a knot that is no more stands in knots.json: ${modules.join(' ')}`),
    ];
}

export function readKnots() {
    return JSON.parse(readFileSync(join(root, 'tests/shape/knots.json'), 'utf8'));
}

if (isMain(import.meta.url)) report('check_calls', checkCalls(process.argv[2] ?? root, readKnots()));
