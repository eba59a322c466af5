// SPDX-License-Identifier: GPL-3.0-or-later
// C as clang-format writes it, TypeScript and tests as prettier does. clang-format's output differs between major
// versions, so one version decides; prettier is the one of web-ui/package-lock.json.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isMain, readTree, report, root } from './tree.mjs';

export const DECIDING_VERSION = 14;
export const prettier = join(root, 'web-ui/node_modules/prettier/bin/prettier.cjs');
export const hasPrettier = existsSync(prettier);

export function clangFormatVersion() {
    const { stdout } = spawnSync('clang-format', ['--version'], { encoding: 'utf8' });
    return Number(/version (\d+)/.exec(stdout ?? '')?.[1]);
}

export function checkFormat(folder) {
    const files = readTree(folder, /^(server|stats|tools|tests)\/.*\.[ch]$/).map(({ path }) => path);
    if (files.length === 0) return [];
    const args = ['--dry-run', '-Werror', '--style=file', '--ferror-limit=1', ...files];
    const { stderr, status, error } = spawnSync('clang-format', args, { cwd: folder, encoding: 'utf8' });
    if (error) throw error;
    return status === 0 ? [] : stderr.split('\n').filter((line) => / error: /.test(line));
}

export function checkScripts(folder) {
    const files = readTree(folder, /^(web-ui(?!\/generated)|tools|tests)\/.*\.(mjs|ts|tsx)$/).map(({ path }) => path);
    if (files.length === 0) return [];
    const args = [
        prettier,
        '--list-different',
        '--config',
        join(root, '.prettierrc.json'),
        '--ignore-path',
        '',
        ...files,
    ];
    const { stdout, stderr, status, error } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    if (error) throw error;
    if (status > 1) throw new Error(stderr);
    return stdout.split('\n').filter(Boolean);
}

if (isMain(import.meta.url)) {
    const folder = process.argv[2] ?? root;
    report('check_format', [...checkFormat(folder), ...checkScripts(folder)]);
}
