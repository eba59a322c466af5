// SPDX-License-Identifier: GPL-3.0-or-later
// Where the programs under test and the data folder are.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const sourceRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

export const buildRoot = resolve(process.env.METE_BUILD_DIR ?? join(sourceRoot, 'build'));

export const metePath = () => join(buildRoot, 'tools/mete');
export const metedPath = () => join(buildRoot, 'server/meted');

/* A file of the shared data folder, or undefined: tests that need it are then skipped. */
export function sharedFile(name) {
    const path = join(resolve(sourceRoot, process.env.METE_SHARED ?? '../shared'), name);
    return existsSync(path) ? path : undefined;
}
