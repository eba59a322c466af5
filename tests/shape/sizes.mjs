// SPDX-License-Identifier: GPL-3.0-or-later
// Sizes that keep a file readable in one sitting. What may be larger stands in exceptions.json, each
// with its reason, by its place or by the folder (with a slash at its end) that it stands in; an exception
// that is no longer needed is found too.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMain, readTree, report, root } from './tree.mjs';

export const LIMITS = { file: 400, header: 200, function: 60, parameters: 6, nesting: 3, line: 120 };

const SOURCES =
    /^(server|stats|sql|tools|tests|web-ui(?!\/generated))\/.*\.(c|h|mjs|js|ts|tsx|sql|sh|py)$|^tools\/[a-z]+$/;

/* Text between the outer parentheses that end a declarator; commas inside inner ones don't count. */
function countParameters(signature) {
    const open = signature.indexOf('(');
    let depth = 0;
    let count = 1;
    let inside = '';
    for (const c of signature.slice(open)) {
        if (c === '(') depth += 1;
        if (c === ')') depth -= 1;
        if (depth === 0) break;
        if (c === ',' && depth === 1) count += 1;
        inside += c;
    }
    return /^\(\s*(void)?\s*$/.test(inside) ? 0 : count;
}

/* Deepest block inside a function's body; an initialiser is no block. */
function nestingOf(body) {
    const open = [];
    let deepest = 0;
    for (const line of body) {
        const code = line.replace(/"(\\.|[^"\\])*"|'(\\.|[^'\\])'/g, '""');
        for (const [i, c] of [...code].entries()) {
            if (c === '{') open.push(/(\)|\belse|\bdo)\s*$/.test(code.slice(0, i)));
            if (c === '}') open.pop();
        }
        deepest = Math.max(deepest, open.filter(Boolean).length);
    }
    return deepest;
}

/* Functions of a C file in this project's format: braces of a body stand in the first column. */
export function functionsOf(text) {
    const lines = text.split('\n');
    const found = [];
    for (let i = 0; i < lines.length; i += 1) {
        if (lines[i] !== '{') continue;
        let first = i - 1;
        while (first > 0 && /^[^\s#/*}]/.test(lines[first - 1]) && !/[;:]$/.test(lines[first - 1])) first -= 1;
        while (/^\s/.test(lines[first])) first -= 1;
        const last = lines.indexOf('}', i);
        const signature = lines.slice(first, i).join(' ');
        found.push({
            name: /(\w+)\(/.exec(signature)?.[1] ?? signature,
            lines: last - first + 1,
            parameters: countParameters(signature),
            nesting: nestingOf(lines.slice(i + 1, last)),
        });
        i = last;
    }
    return found;
}

/* Named functions of TypeScript as prettier lays them out: the last line stands where the first began. */
export function scriptFunctionsOf(text) {
    const lines = text.split('\n');
    const found = [];
    for (const [first, line] of lines.entries()) {
        const [, indent, name, arrow] =
            /^( *)(?:export )?(?:default )?(?:async )?function\*? (\w+)/.exec(line) ??
            /^( *)(?:export )?const (\w+) = .*(=> \{|\()$/.exec(line) ??
            [];
        if (name === undefined) continue;
        const end = arrow ? new RegExp(`^${indent}[})]`) : new RegExp(`^${indent}}$`);
        const last = lines.findIndex((other, i) => i > first && end.test(other));
        if (last < 0 || (arrow === '(' && !lines.slice(first, last).some((l) => /=> \{$/.test(l)))) continue;
        found.push({ name, lines: last - first + 1 });
    }
    return found;
}

/* Functions of SQL: from 'create function' to the line that ends the quoted body. */
export function sqlFunctionsOf(text) {
    const heads = /^create (?:or replace )?(?:function|procedure) (\w+)[\s\S]*?\bas \$(\w*)\$[\s\S]*?\$\2\$/gim;
    return [...text.matchAll(heads)].map(([whole, name]) => ({ name, lines: whole.split('\n').length }));
}

const OTHER_FUNCTIONS = [
    { files: /\.(ts|tsx|mjs)$/, read: scriptFunctionsOf },
    { files: /\.sql$/, read: sqlFunctionsOf },
];

function measureOther({ path, text }) {
    const kind = OTHER_FUNCTIONS.find(({ files }) => files.test(path));
    if (!kind) return [];
    const longest = Math.max(...text.split('\n').map((line) => line.length));
    const functions = kind
        .read(text)
        .map(({ name, lines }) => ({ place: `${path}:${name}`, what: 'function', value: lines }));
    return [{ place: path, what: 'line', value: longest }, ...functions];
}

function measure({ path, text }) {
    const kind = path.endsWith('.h') ? 'header' : 'file';
    const measured = [{ place: path, what: kind, value: text.split('\n').length - 1 }];
    if (!path.endsWith('.c')) return [...measured, ...measureOther({ path, text })];
    for (const f of functionsOf(text)) {
        measured.push({ place: `${path}:${f.name}`, what: 'function', value: f.lines });
        measured.push({ place: `${path}:${f.name}`, what: 'parameters', value: f.parameters });
        measured.push({ place: `${path}:${f.name}`, what: 'nesting', value: f.nesting });
    }
    return measured;
}

export function checkSizes(folder, exceptions) {
    const over = readTree(folder, SOURCES)
        .flatMap(measure)
        .filter(({ what, value }) => value > LIMITS[what]);
    const covers = (e, o) =>
        e.what === o.what && (e.place.endsWith('/') ? o.place.startsWith(e.place) : o.place === e.place);
    const isExcused = (o) => exceptions.some((e) => covers(e, o) && e.reason);
    const isNeeded = (e) => e.what === 'folder' || over.some((o) => covers(e, o));
    return [
        ...over.filter((o) => !isExcused(o)).map((o) => `${o.place}: ${o.what} ${o.value} > ${LIMITS[o.what]}`),
        ...exceptions.filter((e) => !isNeeded(e)).map((e) => `${e.place}: exception for ${e.what} not needed`),
    ];
}

export function readExceptions() {
    return JSON.parse(readFileSync(join(root, 'tests/shape/exceptions.json'), 'utf8'));
}

if (isMain(import.meta.url)) report('check_sizes', checkSizes(process.argv[2] ?? root, readExceptions()));
