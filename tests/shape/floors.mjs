// SPDX-License-Identifier: GPL-3.0-or-later
// Folders are floors: a file includes its own folder and lower floors only, neighbours never include
// each other, and no two modules (a .c with its .h) need one another, not even by detours: neither by what they
// include nor by what they call (calls.mjs). A folder holds few files, and private headers are private to it.
import { checkCalls, knots, readKnots } from './calls.mjs';
import { readExceptions } from './sizes.mjs';
import { isMain, readTree, report, root } from './tree.mjs';

const FLOORS = {
    'server/base': 0,
    'server/base/json': 0.1,
    'server/base/process': 0.2,
    'server/io/net': 1,
    'server/io/coding': 1,
    'server/io/http': 1.1,
    'server/io/pg': 1.1,
    'server/io/spool': 1.1,
    'server/model': 1,
    'server/model/condition': 1.1,
    'server/model/metric': 1.2,
    'server/model/rate': 1.1,
    'server/model/admin': 1.3,
    'server/model/collision': 1.35,
    'server/model/campaign': 1.4,
    'server/model/snapshot': 1.5,
    'server/model/event': 1.6,
    'stats/core': 1,
    'stats/effect': 1.1,
    'stats/rate': 1.2,
    'stats/order': 1.3,
    'stats/posterior': 1.3,
    'stats/sequential': 1.3,
    'stats/plan': 1.3,
    'stats/many': 1.3,
    'stats/foreign': 1.4,
    stats: 1.5,
    'server/store': 2,
    'server/store/access': 2.1,
    'server/store/config': 2.1,
    'server/store/event': 2.1,
    'server/store/fold': 2.1,
    'server/store/job': 2.1,
    'server/store/results': 2.1,
    'server/store/snapshot': 2.1,
    'server/store/operate': 2.2,
    'server/decide': 2,
    'server/results/sums': 2,
    'server/results/distribution': 2,
    'server/results/split': 2.1,
    'server/results/judge': 2.1,
    'server/results/verdict': 2.2,
    'server/results/insight': 2.25,
    'server/results/document': 2.3,
    'server/results/say': 2.4,
    'server/plan': 2,
    'server/prove': 2,
    'server/engine/ingest': 3,
    'server/engine/fold': 3,
    'server/engine/job': 3,
    'server/engine/feed': 3,
    'server/engine/audience': 3,
    'server/engine/access': 3,
    'server/engine/outbox': 3,
    'server/engine': 3.1,
    'server/api/route': 4,
    'server/api/edge': 4.1,
    'server/api/resource': 4.1,
    'server/api/report': 4.1,
    'server/api/incoming': 4.1,
    'server/api/site': 4.1,
    'server/api/watch': 4.1,
    'server/api/access': 4.1,
    'server/api/desk': 4.2,
    server: 5,
    'tools/cli': 6,
    'tools/csv': 6,
    'tools/import/mapping': 6.1,
    'tools/import': 6.2,
    'tools/simulate': 6.1,
    'tools/stats': 6.1,
    'tools/measure': 6.1,
    'tools/types': 6.1,
    'tools/verb': 6.3,
    'tools/verb/campaign': 6.3,
    'tools/verb/decide': 6.3,
    'tools/verb/export': 6.2,
    'tools/verb/results': 6.2,
    'tools/verb/incoming': 6.3,
    'tools/verb/prove': 6.3,
    'tools/verb/rates': 6.3,
    'tools/verb/access': 6.3,
    'tests/unit/lib': 7,
    'tests/unit': 7.1,
    'tests/stats': 7.1,
    'tests/stats/calibrate': 7.1,
    'tests/fuzz': 7.1,
};
/* Rooms that do not know each other, whatever the floors of their folders. */
const STRANGERS = [
    ['server/io', 'server/model'],
    ['server/store', 'server/decide', 'server/results', 'server/plan', 'server/prove'],
];
/* Statements are sent, and answers read, by store/ alone. */
const KEPT = [
    { header: /^sql\/queries\.h$/, by: ['server/store'] },
    { header: /^io\/pg\/(row|column)\.h$/, by: ['server/io/pg', 'server/store'] },
    { header: /^store\/(columns|database_ask)\.h$/, by: ['server/store'] },
];
/* stats/ is a library of its own: it knows nothing of the server, not even its base. */
const ALONE = 'stats';

const folderOf = (path) => path.slice(0, path.lastIndexOf('/'));
/* Unit tests stand in folders like the tree, on one floor. */
const placeOf = (path) => folderOf(path).replace(/^tests\/unit\/(?!lib$).*/, 'tests/unit');
const isWithin = (folder, room) => folder === room || folder.startsWith(`${room}/`);
const areStrangers = (a, b) =>
    STRANGERS.some((rooms) => {
        const [i, j] = [a, b].map((folder) => rooms.findIndex((room) => isWithin(folder, room)));
        return i >= 0 && j >= 0 && i !== j;
    });
/* A module is a .c with its .h, and with the private header its parts share. */
const moduleOf = (path) => path.replace(/(_private)?\.[ch]$/, '');

/* The file that #include "name" in 'path' means, or undefined when the tree has none. */
function resolveInclude(files, path, name) {
    return [`server/${name}`, name, `tests/${name}`, `${folderOf(path)}/${name}`].find((guess) => files.has(guess));
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
    const [mine, other] = [placeOf(from), placeOf(to)];
    if (mine === other) return undefined;
    if (!(mine in FLOORS)) return `${from}: its folder has no floor`;
    if (!(other in FLOORS)) return `${from} includes "${name}", whose folder has no floor`;
    if (isWithin(mine, ALONE) && !isWithin(other, ALONE)) return `${from} includes "${name}": ${ALONE}/ stands alone`;
    if (areStrangers(mine, other)) return `${from} includes "${name}": a neighbour`;
    if (FLOORS[other] < FLOORS[mine]) return undefined;
    const how = FLOORS[other] === FLOORS[mine] ? 'a neighbour' : 'upward';
    return `${from} includes "${name}": ${how}`;
}

/* Parts of one folder share x_private.h; a unit test may look into what it tests. */
function wrongPrivate({ from, to, name }) {
    if (!to?.endsWith('_private.h') || folderOf(from) === folderOf(to) || from.startsWith('tests/unit/'))
        return undefined;
    return `${from} includes "${name}", which is private to ${folderOf(to)}`;
}

function wrongReader({ from, name }) {
    if (from.startsWith('tests/unit/')) return undefined;
    const isOneOf = (rooms) => rooms.some((room) => isWithin(folderOf(from), room));
    const kept = KEPT.find(({ header, by }) => header.test(name) && !isOneOf(by));
    return kept && `${from} includes "${name}", which is for ${kept.by.join(' and ')}`;
}

/* A folder is one idea: so many files of source stand in it, not counting its folders. */
export const FOLDER_FILES = 25;
const SOURCES = /^(server|stats|sql|tools|tests|web-ui)\/.*\.(c|h|sql|mjs|ts|tsx|css|py|sh)$/;

function fullFolders(folder, exceptions) {
    const counts = new Map();
    for (const { path } of readTree(folder, SOURCES)) counts.set(folderOf(path), (counts.get(folderOf(path)) ?? 0) + 1);
    const isExcused = (place) => exceptions.some((e) => e.place === place && e.what === 'folder' && e.reason);
    const full = [...counts].filter(([, count]) => count > FOLDER_FILES);
    return [
        ...full
            .filter(([place]) => !isExcused(place))
            .map(([place, count]) => `${place}: ${count} files in a folder, more than ${FOLDER_FILES}`),
        ...exceptions
            .filter((e) => e.what === 'folder' && !full.some(([place]) => place === e.place))
            .map((e) => `${e.place}: exception for folder not needed`),
    ];
}

function gslUsers(tree) {
    const users = tree.filter(({ text }) => /#\s*include\s*<gsl\//.test(text)).map(({ path }) => path);
    const isOneModule = new Set(users.map(moduleOf)).size <= 1;
    return isOneModule ? [] : [`more than one file includes GSL: ${users.join(', ')}`];
}

export function checkFloors(folder, exceptions = []) {
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
        ...includes
            .flatMap((include) => [wrongFloor(include), wrongPrivate(include), wrongReader(include)])
            .filter(Boolean),
        ...fullFolders(folder, exceptions),
        ...knots(edges).map((group) => `a cycle: ${group.join(' ')}`),
        ...gslUsers(tree.filter(({ path }) => !path.startsWith('tests/'))),
    ];
}

if (isMain(import.meta.url)) {
    const folder = process.argv[2] ?? root;
    report('check_floors', [...checkFloors(folder, readExceptions()), ...checkCalls(folder, readKnots())]);
}
