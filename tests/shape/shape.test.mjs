// SPDX-License-Identifier: GPL-3.0-or-later
// The shape of this tree, and for each check a small tree that breaks it.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { checkFloors } from './floors.mjs';
import { DECIDING_VERSION, checkFormat, clangFormatVersion } from './format.mjs';
import { checkSizes, functionsOf, readExceptions } from './sizes.mjs';
import { checkStats } from './stats.mjs';
import { root } from './tree.mjs';
import { checkWords } from './words.mjs';

/* Runs check(folder) on a tree of these files. */
function onTree(files, check) {
    const folder = mkdtempSync(join(tmpdir(), 'mete-shape-'));
    try {
        for (const [path, text] of Object.entries(files)) {
            mkdirSync(join(folder, dirname(path)), { recursive: true });
            writeFileSync(join(folder, path), text);
        }
        return check(folder);
    } finally {
        rmSync(folder, { recursive: true });
    }
}

const clangFormat = { skip: clangFormatVersion() !== DECIDING_VERSION && 'another clang-format' };

test('this tree: floors', () => assert.deepEqual(checkFloors(root), []));
test('this tree: sizes', () => assert.deepEqual(checkSizes(root, readExceptions()), []));
test('this tree: statistics', () => assert.deepEqual(checkStats(root), []));
test('this tree: words', () => assert.deepEqual(checkWords(root), []));
test('this tree: format', clangFormat, () => assert.deepEqual(checkFormat(root), []));

test('an include of a lower floor is fine', () => {
    const files = { 'server/store/a.c': '#include "base/b.h"\n', 'server/base/b.h': '' };
    assert.deepEqual(onTree(files, checkFloors), []);
});

test('an upward include is found', () => {
    const files = { 'server/base/a.c': '#include "store/b.h"\n', 'server/store/b.h': '' };
    assert.match(onTree(files, checkFloors).join(), /upward/);
});

test('an include of a neighbour is found', () => {
    const files = { 'server/io/a.c': '#include "model/b.h"\n', 'server/model/b.h': '' };
    assert.match(onTree(files, checkFloors).join(), /a neighbour/);
});

test('stats including the server is found', () => {
    const files = { 'stats/a.c': '#include "base/b.h"\n', 'server/base/b.h': '' };
    assert.match(onTree(files, checkFloors).join(), /stands alone/);
});

test('a cycle of modules is found, through sources too', () => {
    const files = {
        'server/base/a.c': '#include "base/b.h"\n',
        'server/base/a.h': '',
        'server/base/b.h': '#include "base/c.h"\n',
        'server/base/c.c': '#include "base/a.h"\n',
        'server/base/c.h': '',
    };
    assert.deepEqual(onTree(files, checkFloors), ['a cycle: server/base/a server/base/b server/base/c']);
});

test('a second user of GSL is found', () => {
    const files = { 'stats/a.c': '#include <gsl/gsl_cdf.h>\n', 'stats/b.c': '#include <gsl/gsl_cdf.h>\n' };
    assert.match(onTree(files, checkFloors).join(), /GSL/);
});

test('statistics that are not fuzzed, allocate, keep state or use GSL are found', () => {
    const bad = {
        'stats/a.h': 'double stats_a(double x); /* stats_none(x) */\nint stats_b(\n    int);\n',
        'stats/a.c': 'static int kept;\nint also = 3;\nstatic const int fine = 1;\nenum { N = 2 };\nstatic int f(int x);\n'
            + 'int g(void)\n{\n    static double last[2];\n    int x = 1;\n    return f(*(int *)malloc(8));\n}\n',
        'stats/dist.c': '#include <gsl/gsl_cdf.h>\n',
        'stats/quad.c': '#include <gsl/gsl_cdf.h>\n',
        'tests/fuzz/fuzz_stats_all.c': '/* stats_b(1) */ stats_a(1);\n',
    };
    assert.deepEqual(onTree(bad, checkStats), [
        'stats/a.h: stats_b is in no fuzz target',
        'stats/a.c:1: state is kept',
        'stats/a.c:2: state is kept',
        'stats/a.c:8: state is kept',
        'stats/a.c:10: memory is allocated',
        'stats/quad.c:1: GSL',
    ]);
});

const BLOCKS = 'int deep(int a, int b, int c, int d, int e, int f,\n         int (*g)(int, int))\n{\n'
    + '    if (a) {\n        while (b) {\n            if (c) {\n                do {\n                    d();\n'
    + '                } while (e);\n            }\n        }\n    }\n}\n';

test('functions are measured', () => {
    const [f] = functionsOf(`#include <stdio.h>\n\nstatic int x = 1;\n/* about */\n${BLOCKS}`);
    assert.deepEqual(f, { name: 'deep', lines: 13, parameters: 7, nesting: 4 });
    assert.equal(functionsOf('void none(void)\n{\n}\n')[0].parameters, 0);
});

test('what is too large is found, unless excused', () => {
    const files = {
        'server/base/a.c': `${BLOCKS}void long(void)\n{\n${'    x();\n'.repeat(60)}}\n${'\n'.repeat(400)}`,
        'server/base/a.h': '\n'.repeat(201),
    };
    const found = onTree(files, (folder) => checkSizes(folder, []));
    for (const what of ['file', 'header', 'function', 'parameters', 'nesting']) {
        assert.ok(found.some((line) => line.includes(`: ${what} `)), `${what} in ${found}`);
    }
    const excuse = { place: 'server/base/a.h', what: 'header', reason: 'a test' };
    const excused = onTree(files, (folder) => checkSizes(folder, [excuse]));
    assert.equal(excused.length, found.length - 1);
    const needless = onTree({}, (folder) => checkSizes(folder, [excuse]));
    assert.match(needless.join(), /not needed/);
});

test('unwanted words and missing licences are found', () => {
    const bad = { 'server/a.c': '/* TODO: more */\nchar *p = "/home/me/x";\n', 'README.md': 'fine\n' };
    assert.deepEqual(onTree(bad, checkWords), [
        'server/a.c:1: unfinished work',
        'server/a.c:2: a path of one machine',
        'server/a.c: no SPDX line',
    ]);
});

test('badly formatted C is found', clangFormat, () => {
    const found = onTree({ 'server/a.c': 'int  f( void ){return 1;}\n' }, (folder) => {
        copyFileSync(join(root, '.clang-format'), join(folder, '.clang-format'));
        return checkFormat(folder);
    });
    assert.equal(found.length, 1);
});
