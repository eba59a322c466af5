// SPDX-License-Identifier: GPL-3.0-or-later
// Who imports whom in web-ui: no files need one another, not even for a type and not by detours; floors import
// downwards; the parts of the editor know its state and not each other.
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { knots } from './calls.mjs';
import { isMain, readTree, report, root } from './tree.mjs';

const FLOORS = ['messages', 'lib', 'ui', 'pages'].map((name) => `web-ui/app/${name}/`);
const PARTS = /^web-ui\/app\/pages\/editor\/(?!state\/)(\w+)\//;

/* [{from, to}]: each import of a file of this tree. */
function importsOf(files, { path, text }) {
    return [...text.matchAll(/(?:\bfrom |\bimport\(|^import )'(\.[^']+)'/gm)].flatMap(([, name]) => {
        const named = normalize(join(dirname(path), name));
        const to = [named, `${named}.ts`, `${named}.tsx`, `${named}/index.ts`].find((guess) => files.has(guess));
        return to ? [{ from: path, to }] : [];
    });
}

const floorOf = (path) => FLOORS.findIndex((floor) => path.startsWith(floor));

function wrongImport({ from, to }) {
    if (floorOf(from) >= 0 && floorOf(to) > floorOf(from)) return [`${from} imports ${to}: upward`];
    const [mine, other] = [PARTS.exec(from)?.[1], PARTS.exec(to)?.[1]];
    return mine && other && mine !== other ? [`${from} imports ${to}: a neighbour`] : [];
}

export function checkImports(folder) {
    if (!existsSync(join(folder, 'web-ui'))) return [];
    const tree = readTree(folder, /^web-ui\/(app|sdk|demo|generated)\/.*\.(ts|tsx)$/);
    const files = new Set(tree.map(({ path }) => path));
    const imports = tree.flatMap((file) => importsOf(files, file));
    const edges = new Map();
    for (const { from, to } of imports) edges.set(from, new Set([...(edges.get(from) ?? []), to]));
    return [
        ...imports.flatMap(wrongImport),
        ...knots(edges).map((group) => `these import each other: ${group.join(' ')}`),
    ];
}

if (isMain(import.meta.url)) report('check_imports', checkImports(process.argv[2] ?? root));
