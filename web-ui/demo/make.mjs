// SPDX-License-Identifier: GPL-3.0-or-later
// Writes the demo shop into a folder: pages, pictures, script and style.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pages } from './pages.mjs';
import { pictures } from './pictures.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const squeeze = (text) => text.replace(/\n\s*/g, '');

/* Returns the files it was made from. */
export async function makeDemo(esbuild, folder) {
    const products = JSON.parse(readFileSync(join(here, 'products.json'), 'utf8'));
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(pages(products))) writeFileSync(join(folder, name), text);
    for (const { id } of products) writeFileSync(join(folder, `${id}.svg`), squeeze(pictures[id]));
    const result = await esbuild.build({
        absWorkingDir: here,
        entryPoints: ['shop.ts', 'shop.css'],
        outdir: folder,
        bundle: true,
        minify: true,
        metafile: true,
        format: 'iife',
        target: 'es2021',
        legalComments: 'none',
    });
    const own = ['make.mjs', 'pages.mjs', 'pictures.mjs', 'products.json'];
    return [...own, ...Object.keys(result.metafile.inputs)].map((path) => join(here, path));
}
