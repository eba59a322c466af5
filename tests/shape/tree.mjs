// SPDX-License-Identifier: GPL-3.0-or-later
// The files of a source tree: what a clone has, not what builds and runs leave behind.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

const LEFT_OUT = /^(build.*|var|node_modules|\.git)$/;

/* [{path, text}] below 'folder' whose path matches; paths are relative to it. */
export function readTree(folder, pattern) {
    const found = [];
    const walk = (place) => {
        for (const entry of readdirSync(place, { withFileTypes: true })) {
            if (LEFT_OUT.test(entry.name)) continue;
            const path = join(place, entry.name);
            if (entry.isDirectory()) walk(path);
            else if (entry.isFile() && pattern.test(relative(folder, path))) {
                found.push({ path: relative(folder, path), text: readFileSync(path, 'utf8') });
            }
        }
    };
    walk(folder);
    return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/* Prints findings and sets the exit status, for a check that is run by hand. */
export function report(name, findings) {
    for (const finding of findings) console.log(finding);
    console.log(`${name}: ${findings.length === 0 ? 'nothing found' : `${findings.length} found`}`);
    process.exitCode = findings.length === 0 ? 0 : 1;
}

export const isMain = (url) => process.argv[1] && resolve(process.argv[1]) === fileURLToPath(url);
