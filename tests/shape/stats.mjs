// SPDX-License-Identifier: GPL-3.0-or-later
// The statistics library keeps its promises of form: every function is fuzzed, nothing is allocated,
// nothing is kept between calls, one file alone stands on GSL, and what nothing asks for is known.
import { isMain, readTree, report, root } from './tree.mjs';

// Functions that no fuzz target has to name, each with its reason. None today.
const NOT_FUZZED = {};

// Methods that neither the server nor the tools ask for, each with its reason. None today.
const NOT_ASKED_FOR = {};

const BOUGHT = /\b(?:malloc|calloc|realloc|free|alloca|strdup|asprintf)\s*\(/;
// A variable that outlives its call: static anywhere, or defined at the margin; not const.
const KEPT = /^(?:\s*static\s|(?=[a-z])(?!enum\b|typedef\b|return\b|struct \w+;))(?!.*\bconst\b)[^(]*[\w\]]\s*[=;]/;

/* C without comments, lines kept. */
function bare(text) {
    return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, (comment) => comment.replace(/[^\n]/g, ''));
}

/* The functions that headers declare, as [{name, path}]. */
function declared(headers) {
    return headers.flatMap(({ path, text }) =>
        [...bare(text).matchAll(/\b(stats_\w+)\s*\(/g)].map(([, name]) => ({ name, path })),
    );
}

/* Who asks for a function: files of the server and the tools, and of the library beyond its definition. */
function askedFor(folder) {
    const counts = new Map();
    for (const { path, text } of readTree(folder, /^(server|tools)\/.*\.[ch]$|^stats\/.*\.c$/))
        for (const [name] of bare(text).matchAll(/\bstats_\w+(?=\W)/g))
            counts.set(name, (counts.get(name) ?? 0) + (path.startsWith('stats/') ? 1 : 2));
    return new Set([...counts].filter(([, count]) => count > 1).map(([name]) => name));
}

function checkAsked(folder, functions) {
    const asked = askedFor(folder);
    return functions.flatMap(({ name, path }) => {
        if (!asked.has(name) && !NOT_ASKED_FOR[name]) return [`${path}: nothing asks for ${name}`];
        return asked.has(name) && NOT_ASKED_FOR[name] ? [`${name}: is asked for, and listed as if not`] : [];
    });
}

export function checkStats(folder) {
    const found = [];
    const called = new Set(
        readTree(folder, /^tests\/fuzz\/fuzz_stats\w*\.c$/).flatMap(({ text }) =>
            [...bare(text).matchAll(/\b(stats_\w+)\s*\(/g)].map(([, name]) => name),
        ),
    );
    const functions = declared(readTree(folder, /^stats\/(?!.*_private\.h).*\.h$/));
    for (const { name, path } of functions) {
        if (!called.has(name) && !NOT_FUZZED[name]) found.push(`${path}: ${name} is in no fuzz target`);
        if (called.has(name) && NOT_FUZZED[name]) found.push(`${name}: an exception not needed`);
    }
    found.push(...checkAsked(folder, functions));
    for (const { path, text } of readTree(folder, /^stats\/.*\.[ch]$/)) {
        bare(text)
            .split('\n')
            .forEach((line, i) => {
                if (BOUGHT.test(line)) found.push(`${path}:${i + 1}: memory is allocated`);
                if (KEPT.test(line)) found.push(`${path}:${i + 1}: state is kept`);
                if (/#include\s*<gsl\//.test(line) && path !== 'stats/core/dist.c') found.push(`${path}:${i + 1}: GSL`);
            });
    }
    return found;
}

if (isMain(import.meta.url)) report('stats', checkStats(root));
