// SPDX-License-Identifier: GPL-3.0-or-later
// Writes files as a table in C (struct asset of server/api/route/asset.h): each as it is and packed by gzip
// and brotli, with its type and an ETag from its content. The bytes come in through the assembler.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const TYPES = {
    '.html': 'text/html; charset=utf-8',
    '.js': 'text/javascript; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
    '.json': 'application/json',
    '.svg': 'image/svg+xml',
    '.png': 'image/png',
    '.webp': 'image/webp',
};

const brotli = (bytes) =>
    brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } });

function files(folder) {
    return readdirSync(folder, { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile() && TYPES[extname(entry.name)])
        .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
        .sort();
}

/* Packs all files below 'folder' into cFile and asmFile; returns nothing to watch besides them. */
export function embed(folder, cFile, asmFile) {
    const packed = join(folder, '.packed');
    mkdirSync(packed, { recursive: true });
    const rows = [];
    const asm = ['.section .rodata'];
    let number = 0;
    const carry = (bytes, name) => {
        const path = join(packed, name);
        writeFileSync(path, bytes);
        number += 1;
        asm.push(`.global web_asset_${number}`, `web_asset_${number}:`, `.incbin "${path}"`);
        return { symbol: `web_asset_${number}`, bytes: bytes.length };
    };
    for (const path of files(folder)) {
        if (path.startsWith(packed)) continue;
        const bytes = readFileSync(path);
        const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
        const bodies = [
            carry(bytes, hash),
            carry(gzipSync(bytes, { level: 9 }), `${hash}.gz`),
            carry(brotli(bytes), `${hash}.br`),
        ];
        rows.push({ path: relative(folder, path), type: TYPES[extname(path)], hash, bodies });
    }
    asm.push('.section .note.GNU-stack,"",%progbits', '');
    writeFileSync(asmFile, asm.join('\n'));
    writeFileSync(cFile, source(rows));
    return [];
}

function source(rows) {
    const symbols = rows.flatMap(({ bodies }) => bodies.map(({ symbol }) => `extern const char ${symbol}[];`));
    const body = ({ symbol, bytes }) => `{${symbol}, ${bytes}}`;
    const table = rows.map(
        ({ path, type, hash, bodies }) =>
            `    {"${path}", "${type}", "\\"${hash}\\"", {${bodies.map(body).join(', ')}}},`,
    );
    return [
        '/* Made by embed.mjs: change the files in web-ui. */',
        '#include "api/route/asset.h"',
        '',
        ...symbols,
        '',
        'const struct asset web_assets[] = {',
        ...table,
        '};',
        `const size_t web_asset_count = ${rows.length};`,
        '',
    ].join('\n');
}
