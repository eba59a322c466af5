// SPDX-License-Identifier: GPL-3.0-or-later
// The shape of this tree, and for each check a small tree that breaks it.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { checkCalls, readKnots } from './calls.mjs';
import { FOLDER_FILES, checkFloors } from './floors.mjs';
import { DECIDING_VERSION, checkFormat, checkScripts, clangFormatVersion, hasPrettier } from './format.mjs';
import { checkPaths } from './paths.mjs';
import { checkImports } from './scripts.mjs';
import { checkSizes, functionsOf, readExceptions, scriptFunctionsOf, sqlFunctionsOf } from './sizes.mjs';
import { checkSlices } from './slices.mjs';
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
const withPrettier = { skip: !hasPrettier && 'no web-ui/node_modules' };

test('this tree: floors', () => assert.deepEqual(checkFloors(root, readExceptions()), []));
test('this tree: imports', () => assert.deepEqual(checkImports(root), []));
test('this tree: calls', () => assert.deepEqual(checkCalls(root, readKnots()), []));
test('this tree: sizes', () => assert.deepEqual(checkSizes(root, readExceptions()), []));
test('this tree: slices', () => assert.deepEqual(checkSlices(root), []));
test('this tree: statistics', () => assert.deepEqual(checkStats(root), []));
test('this tree: paths', () => assert.deepEqual(checkPaths(root), []));
test('this tree: words', () => assert.deepEqual(checkWords(root), []));
test('this tree: format', clangFormat, () => assert.deepEqual(checkFormat(root), []));
test('this tree: format of scripts', withPrettier, () => assert.deepEqual(checkScripts(root), []));

test('a statement that forgets its slice is found', () => {
    const fold = (sql) => onTree({ 'sql/functions/fold/a.sql': sql }, checkSlices).join();
    assert.match(
        fold(
            "create function a(the_slice int) returns int as $$ select 1 from outcome where unit_id = 'a' $$;\n" +
                "create function b() returns int as $$ select 1 from exposure x where unit_id = 'a' $$;",
        ),
        /b names 1 tables/,
    );
    assert.doesNotMatch(
        fold('create function a() returns int as $$ select 1 from outcome where slice = 1 $$;'),
        /names/,
    );
});

test('a document that names what is not there is found', () => {
    const files = {
        'README.md': 'See `tools/up --demo`, `tests/http/x.mjs` and\n`sql/<area>`; `METE_X=1 node tests/a.mjs`.\n',
        'tools/up': '',
    };
    assert.deepEqual(onTree(files, checkPaths), [
        'README.md names tests/http/x.mjs, which is not there',
        'README.md names tests/a.mjs, which is not there',
    ]);
});

test('an include of a lower floor is fine', () => {
    const files = { 'server/store/a.c': '#include "base/b.h"\n', 'server/base/b.h': '' };
    assert.deepEqual(onTree(files, checkFloors), []);
});

test('an upward include is found', () => {
    const files = { 'server/base/a.c': '#include "store/b.h"\n', 'server/store/b.h': '' };
    assert.match(onTree(files, checkFloors).join(), /upward/);
});

test('an include of a neighbour is found', () => {
    const files = { 'server/io/net/a.c': '#include "model/b.h"\n', 'server/model/b.h': '' };
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

const CALLS = {
    'server/base/a.c': 'static void own(void)\n{\n    b_go();\n}\n\nvoid a_go(void)\n{\n    own();\n}\n',
    'server/base/b.c': 'void b_go(void)\n{\n    struct a_go x; /* a_go() */\n    c_set(own, "a_go");\n}\n',
    'server/base/c.c':
        'static int\nown(void)\n{\n    return 1;\n}\n' +
        'int c_set(loop_fn *f,\n          const char *s)\n{\n    return own();\n}\n',
};
const BACK = { 'server/base/d.c': 'void d_go(void)\n{\n    t.a_go = x->a_go;\n    run(a_go);\n}\n' };

test('calls that go one way are fine; statics and members are no calls', () => {
    assert.deepEqual(
        onTree(CALLS, (folder) => checkCalls(folder, [])),
        [],
    );
    assert.deepEqual(
        onTree({ ...CALLS, ...BACK }, (folder) => checkCalls(folder, [])),
        [],
    );
});

test('a knot of calls is found, unless named; what is named and gone is found', () => {
    const back = { ...CALLS, 'server/base/c.c': CALLS['server/base/c.c'].replace('return own()', 'return run(a_go)') };
    const found = onTree(back, (folder) => checkCalls(folder, []));
    assert.deepEqual(found, ['a knot of calls: a b c: a → b (b_go); b → c (c_set); c → a (a_go)']);
    const named = [{ modules: ['a', 'b', 'c', 'd'], reason: 'a test' }];
    assert.deepEqual(
        onTree(back, (folder) => checkCalls(folder, named)),
        [],
    );
    assert.match(onTree(CALLS, (folder) => checkCalls(folder, named)).join(), /no more/);
});

test('scripts that import each other, upwards or a neighbour are found', () => {
    const files = {
        'web-ui/app/lib/a.ts': "import type { B } from './b';\n",
        'web-ui/app/lib/b.ts': "import { c } from '../ui/c';\n",
        'web-ui/app/ui/c.tsx': "const a = () => import('../lib/a');\n",
        'web-ui/app/pages/editor/who/Who.tsx': "import { W } from '../what/What';\nimport { s } from '../state/s';\n",
        'web-ui/app/pages/editor/what/What.tsx': '',
        'web-ui/app/pages/editor/state/s.ts': '',
    };
    assert.deepEqual(onTree(files, checkImports), [
        'web-ui/app/lib/b.ts imports web-ui/app/ui/c.tsx: upward',
        'web-ui/app/pages/editor/who/Who.tsx imports web-ui/app/pages/editor/what/What.tsx: a neighbour',
        'these import each other: web-ui/app/lib/a.ts web-ui/app/lib/b.ts web-ui/app/ui/c.tsx',
    ]);
});

test('a statement that is named, and an answer read by number, above store are found', () => {
    const found = (path, name) =>
        onTree(
            { [path]: `#include "${name}"\n`, 'server/io/pg/row.h': '', 'server/io/pg/column.h': '' },
            checkFloors,
        ).join();
    for (const name of ['sql/queries.h', 'io/pg/row.h', 'io/pg/column.h', 'store/columns.h', 'store/database_ask.h']) {
        assert.match(found('server/engine/job/a.c', name), /which is for server\//);
        assert.match(found('tools/verb/a.c', name), /which is for server\//);
        assert.doesNotMatch(found('server/store/a.c', name), /which is for/);
        assert.doesNotMatch(found('server/store/event/a.c', name), /which is for/);
    }
    assert.match(found('server/io/pg/a.c', 'sql/queries.h'), /which is for server\/store/);
    assert.doesNotMatch(found('server/io/pg/a.c', 'io/pg/row.h'), /which is for/);
});

test('a private header of another folder is found', () => {
    const files = { 'server/store/a.c': '#include "base/b_private.h"\n', 'server/base/b_private.h': '' };
    assert.match(onTree(files, checkFloors).join(), /private to server\/base/);
});

test('a full folder is found, unless excused', () => {
    const files = Object.fromEntries(Array.from({ length: FOLDER_FILES + 1 }, (_, i) => [`sql/q/${i}.sql`, '']));
    assert.match(onTree(files, checkFloors).join(), /sql\/q: 26 files/);
    const excuse = [{ place: 'sql/q', what: 'folder', reason: 'a test' }];
    assert.deepEqual(
        onTree(files, (folder) => checkFloors(folder, excuse)),
        [],
    );
    assert.match(onTree({}, (folder) => checkFloors(folder, excuse)).join(), /not needed/);
});

test('a second user of GSL is found', () => {
    const files = { 'stats/a.c': '#include <gsl/gsl_cdf.h>\n', 'stats/b.c': '#include <gsl/gsl_cdf.h>\n' };
    assert.match(onTree(files, checkFloors).join(), /GSL/);
});

test('statistics that are not fuzzed or asked for, allocate, keep state or use GSL are found', () => {
    const bad = {
        'stats/core/a.h': 'double stats_a(double x); /* stats_none(x) */\nint stats_b(\n    int);\n',
        'stats/a.c':
            'static int kept;\nint also = 3;\nstatic const int fine = 1;\nenum { N = 2 };\nstatic int f(int x);\n' +
            'int g(void)\n{\n    static double last[2];\n    int x = 1;\n    return f(*(int *)malloc(8));\n}\n',
        'stats/core/dist.c': '#include <gsl/gsl_cdf.h>\n',
        'stats/core/quad.c': '#include <gsl/gsl_cdf.h>\n',
        'stats/core/a.c': 'double stats_a(double x)\n{\n    return x;\n}\n',
        'server/a.c': 'static int x = stats_b();\n',
        'tests/fuzz/fuzz_stats_all.c': '/* stats_b(1) */ stats_a(1);\n',
    };
    assert.deepEqual(onTree(bad, checkStats), [
        'stats/core/a.h: stats_b is in no fuzz target',
        'stats/core/a.h: nothing asks for stats_a',
        'stats/a.c:1: state is kept',
        'stats/a.c:2: state is kept',
        'stats/a.c:8: state is kept',
        'stats/a.c:10: memory is allocated',
        'stats/core/quad.c:1: GSL',
    ]);
});

const BLOCKS =
    'int deep(int a, int b, int c, int d, int e, int f,\n         int (*g)(int, int))\n{\n' +
    '    if (a) {\n        while (b) {\n            if (c) {\n                do {\n                    d();\n' +
    '                } while (e);\n            }\n        }\n    }\n}\n';

test('functions are measured', () => {
    const [f] = functionsOf(`#include <stdio.h>\n\nstatic int x = 1;\n/* about */\n${BLOCKS}`);
    assert.deepEqual(f, { name: 'deep', lines: 13, parameters: 7, nesting: 4 });
    assert.equal(functionsOf('void none(void)\n{\n}\n')[0].parameters, 0);
});

test('functions of scripts and of SQL are measured', () => {
    const script =
        'export async function a() {\n    const b = (x) => {\n        x();\n    };\n}\nconst c = 1;\n' +
        'export const D = memo((p) => {\n    p();\n});\nfunction E({\n    a,\n}: {\n    a: 1;\n}) {\n    a();\n}\n';
    assert.deepEqual(scriptFunctionsOf(script), [
        { name: 'a', lines: 5 },
        { name: 'b', lines: 3 },
        { name: 'D', lines: 3 },
        { name: 'E', lines: 7 },
    ]);
    const sql = 'create or replace function f(a int) returns int\nlanguage sql as $$\n    select 1\n$$;\nselect 2;\n';
    assert.deepEqual(sqlFunctionsOf(sql), [{ name: 'f', lines: 4 }]);
});

test('long lines and long functions of other languages are found', () => {
    const long = {
        'sql/a.sql': `-- ${'x'.repeat(120)}\n`,
        'web-ui/a.ts': `function f() {\n${'    x();\n'.repeat(60)}}\n`,
    };
    assert.deepEqual(
        onTree(long, (folder) => checkSizes(folder, [])),
        ['sql/a.sql: line 123 > 120', 'web-ui/a.ts:f: function 62 > 60'],
    );
});

test('what is too large is found, unless excused', () => {
    const files = {
        'server/base/a.c': `${BLOCKS}void long(void)\n{\n${'    x();\n'.repeat(60)}}\n${'\n'.repeat(400)}`,
        'server/base/a.h': '\n'.repeat(201),
    };
    const found = onTree(files, (folder) => checkSizes(folder, []));
    for (const what of ['file', 'header', 'function', 'parameters', 'nesting']) {
        assert.ok(
            found.some((line) => line.includes(`: ${what} `)),
            `${what} in ${found}`,
        );
    }
    const excuse = { place: 'server/base/a.h', what: 'header', reason: 'a test' };
    const excused = onTree(files, (folder) => checkSizes(folder, [excuse]));
    assert.equal(excused.length, found.length - 1);
    const needless = onTree({}, (folder) => checkSizes(folder, [excuse]));
    assert.match(needless.join(), /not needed/);
});

test('unwanted words and missing licences are found', () => {
    const early = '__attribute__((constructor)) static void early(void);\n';
    const bad = {
        'server/a.c': `/* TODO: more */\nchar *p = "/home/me/x";\n${early}`,
        'README.md': 'A visitor and its id.\nWhat he had.\nA chore.\n',
    };
    assert.deepEqual(onTree(bad, checkWords), [
        'README.md:2: a visitor is it, people are they',
        'README.md:3: the trade says task',
        'server/a.c:1: unfinished work',
        'server/a.c:2: a path of one machine',
        'server/a.c:3: work before main: main calls an init',
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

test('badly formatted scripts are found', withPrettier, () => {
    const files = { 'tests/a.mjs': 'f( 1 )\n', 'web-ui/b.tsx': 'const a = <p>b</p>;\n' };
    assert.deepEqual(onTree(files, checkScripts), ['tests/a.mjs']);
});
