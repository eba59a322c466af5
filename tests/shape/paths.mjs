// SPDX-License-Identifier: GPL-3.0-or-later
// What the documents name is there: each path from the root that stands between backticks.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isMain, readTree, report, root } from './tree.mjs';

const DOCUMENTS = /\.md$/;
const NAMED = /(?<![\w./-])(?:server|stats|sql|tools|tests|web-ui)\/[\w./-]*[\w-]/g;

/* A name with < > or * in it stands for many. */
function pathsOf(text) {
    const spans = [...text.replace(/^```.*$/gm, '').matchAll(/`([^`]+)`/g)].map(([, code]) => code);
    return spans.filter((code) => !/[<>*]/.test(code)).flatMap((code) => code.match(NAMED) ?? []);
}

export function checkPaths(folder) {
    return readTree(folder, DOCUMENTS).flatMap(({ path, text }) =>
        pathsOf(text)
            .filter((named) => !existsSync(join(folder, named)))
            .map((named) => `${path} names ${named}, which is not there`),
    );
}

if (isMain(import.meta.url)) report('check_paths', checkPaths(process.argv[2] ?? root));
