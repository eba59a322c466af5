// SPDX-License-Identifier: GPL-3.0-or-later
// C as clang-format writes it. Its output differs between major versions, so one version decides.
import { spawnSync } from 'node:child_process';
import { isMain, readTree, report, root } from './tree.mjs';

export const DECIDING_VERSION = 14;

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

if (isMain(import.meta.url)) report('check_format', checkFormat(process.argv[2] ?? root));
