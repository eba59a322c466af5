// SPDX-License-Identifier: GPL-3.0-or-later
// Folders are floors: a file includes its own folder and lower floors only, neighbours never include
// each other, and no two modules (a .c with its .h) need one another, not even by detours.
import { isMain, readTree, report, root } from './tree.mjs';

const FLOORS = {
    'server/base': 0,
    'server/io': 1,
    'server/model': 1,
    stats: 1,
    'server/store': 2,
    'server/engine': 3,
    'server/api': 4,
    server: 5,
    tools: 6,
    'tests/unit': 7,
    'tests/stats': 7,
    'tests/stats/calibrate': 7,
    'tests/fuzz': 7,
};
/* stats/ is a library of its own: it knows nothing of the server, not even its base. */
const ALONE = 'stats';

const folderOf = (path) => path.slice(0, path.lastIndexOf('/'));
/* A module is a .c with its .h, and with the private header its parts share. */
const moduleOf = (path) => path.replace(/(_private)?\.[ch]$/, '');

/* The file that #include "name" in 'path' means, or undefined when the tree has none. */
function resolveInclude(files, path, name) {
    return [`server/${name}`, name, `${folderOf(path)}/${name}`].find((guess) => files.has(guess));
}

function includesOf(files, { path, text }) {
    return [...text.matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)].map(([, name]) => ({
        from: path,
        name,
        to: resolveInclude(files, path, name),
    }));
}

function wrongFloor({ from, to, name }) {
    if (!to) return undefined;
    const [mine, other] = [folderOf(from), folderOf(to)];
    if (mine === other) return undefined;
    if (!(mine in FLOORS)) return `${from}: its folder has no floor`;
    if (!(other in FLOORS)) return `${from} includes "${name}", whose folder has no floor`;
    if (mine === ALONE) return `${from} includes "${name}": ${ALONE}/ stands alone`;
    if (FLOORS[other] < FLOORS[mine]) return undefined;
    const how = FLOORS[other] === FLOORS[mine] ? 'a neighbour' : 'upward';
    return `${from} includes "${name}": ${how}`;
}

/* Groups of modules that reach each other (Tarjan). */
function knots(edges) {
    const state = new Map();
    const stack = [];
    const found = [];
    let counter = 0;
    const visit = (node) => {
        const me = { index: counter, low: counter, isOpen: true };
        counter += 1;
        state.set(node, me);
        stack.push(node);
        for (const next of edges.get(node) ?? []) {
            if (!state.has(next)) visit(next);
            if (state.get(next).isOpen) me.low = Math.min(me.low, state.get(next).low);
        }
        if (me.low !== me.index) return;
        const group = stack.splice(stack.indexOf(node));
        for (const member of group) state.get(member).isOpen = false;
        if (group.length > 1) found.push(group.sort());
    };
    for (const node of edges.keys()) if (!state.has(node)) visit(node);
    return found;
}

function gslUsers(tree) {
    const users = tree.filter(({ text }) => /#\s*include\s*<gsl\//.test(text)).map(({ path }) => path);
    const isOneModule = new Set(users.map(moduleOf)).size <= 1;
    return isOneModule ? [] : [`more than one file includes GSL: ${users.join(', ')}`];
}

export function checkFloors(folder) {
    const tree = readTree(folder, /^(server|stats|tools|tests)\/.*\.[ch]$/);
    const files = new Set(tree.map(({ path }) => path));
    const includes = tree.flatMap((file) => includesOf(files, file));
    const edges = new Map();
    for (const { from, to } of includes) {
        if (!to || moduleOf(from) === moduleOf(to)) continue;
        if (!edges.has(moduleOf(from))) edges.set(moduleOf(from), new Set());
        edges.get(moduleOf(from)).add(moduleOf(to));
    }
    return [
        ...includes.map(wrongFloor).filter(Boolean),
        ...knots(edges).map((group) => `a cycle: ${group.join(' ')}`),
        ...gslUsers(tree.filter(({ path }) => !path.startsWith('tests/'))),
    ];
}

if (isMain(import.meta.url)) report('check_floors', checkFloors(process.argv[2] ?? root));
