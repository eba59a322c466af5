// SPDX-License-Identifier: GPL-3.0-or-later
// Words that do not belong into a repository: paths of somebody's machine, hosts of package
// registries, notes of unfinished work, functions that run before main does; a visitor is it and people are they; the
// trade's word stands for the trade's thing. And each source file names its licence at the top.
import { isMain, readTree, report, root } from './tree.mjs';

const TEXTS = /(^|\/)[^.]+$|\.(c|h|mjs|js|ts|tsx|json|sql|sh|py|md|build|options|css|html|in)$/;
const LICENSED = /\.(c|h|mjs|js|ts|tsx|sh|py)$|^tools\/[a-z]+$|^\.ci\/run$|^tests\/check_floors$/;
const OWN = /^tests\/shape\//;

const UNWANTED = [
    { what: 'a path of one machine', pattern: /(^|[\s"'`=(])\/(work|home|root|Users)\// },
    { what: 'a package registry', pattern: /\b(registry|deb|ftp)\.[a-z]+\.(org|com)\b|"resolved":\s/ },
    { what: 'work before main: main calls an init', pattern: /__attribute__\s*\(\(\s*_*(con|de)structor/ },
    {
        what: 'a visitor is it, people are they',
        pattern: /\b(he|him|his|himself)\b/i,
        except: /^web-ui\/app\/messages\/de/,
    },
    { what: 'the trade says timeout', pattern: /\bpatience\b/ },
    { what: 'the trade says task', pattern: /\bchores?\b/ },
    { what: 'unfinished work', pattern: /\b(TODO|FIXME|XXX|HACK)\b/ },
];

function unwantedWords({ path, text }) {
    return text
        .split('\n')
        .flatMap((line, i) =>
            UNWANTED.filter(({ pattern, except }) => pattern.test(line) && !except?.test(path)).map(
                ({ what }) => `${path}:${i + 1}: ${what}`,
            ),
        );
}

function missingLicence({ path, text }) {
    const top = text.split('\n').slice(0, 2).join('\n');
    return /SPDX-License-Identifier: (GPL-3\.0-or-later|MIT)/.test(top) ? [] : [`${path}: no SPDX line`];
}

export function checkWords(folder) {
    const files = readTree(folder, TEXTS).filter(({ path }) => path !== 'LICENSE');
    return [
        ...files.filter(({ path }) => !OWN.test(path)).flatMap(unwantedWords),
        ...files.filter(({ path }) => LICENSED.test(path)).flatMap(missingLicence),
    ];
}

if (isMain(import.meta.url)) report('check_words', checkWords(process.argv[2] ?? root));
