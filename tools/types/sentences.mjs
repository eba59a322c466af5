// SPDX-License-Identifier: GPL-3.0-or-later
// Finds the sentences of the server that a page of the desk can show, where they stand: in C's format strings. Prints
// them as the TypeScript union `Sentence`, each hole with its kind and place: "layer {text1} has {number2} free".
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/* What refuses by a sentence, wherever in its arguments that stands. */
// prettier-ignore
const SPEAKERS = new Set(['fault_set', 'problem_say', 'problem_limited', 'problem_media_type', 'problem_misdirected',
    'refuse', 'refuse_as', 'refuse_kind', 'refuse_item', 'condition_refuse', 'campaign_list_refuse', 'http_head_refuse',
    'http_input_refuse', 'broken', 'say', 'reply']);
/* What a sentence is kept in before it is said, and the columns of tables that hold some. */
const KEPT =
    /^(detail|ret_detail|why|sentence|wanted|text_rule|\w+_rule|\w*refused\w*|NOT_OF_ANYBODY|EVENT_TIME_WANTED)$/;

/* Files whose sentences no page shows, each with what reads them instead. */
const ELSEWHERE = [
    [/^(?!api|engine|model|base|io|prove|plan|results|store)/, 'the terminal: how a server is started'],
    [/^(store\/(operate|schema)|io\/(net|pg|spool)|engine\/feed|model\/snapshot|base\/process)/, 'the log'],
    [/^io\/http\/http_(chunked|framing|head|target)/, 'a program that speaks HTTP by itself: browsers send none of it'],
    [
        /^api\/(watch|edge\/edge_(decide|demo|preview|sdk))|^decide|^model\/admin\/preview_token/,
        'programs, and the SDK',
    ],
    [/^results\/(verdict|judge|say)/, 'the API: pages say a verdict by its rule and figures'],
];

const TOKENS = /\/\*[^]*?\*\/|\/\/.*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[A-Za-z_]\w*|\d[\w.]*|\\\n|[^\s]/g;
const HOLES = /%%|%[-+0#]*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh|h|ll|l|z|j)?([a-zA-Z])/g;

const tokensOf = (source) => (source.match(TOKENS) ?? []).filter((token) => !/^(\/[/*]|\\\n)/.test(token));
const unquoted = (token) => token.slice(1, -1).replace(/\\(.)/g, (_, c) => ({ n: '\n', t: '\t' })[c] ?? c);

/* Strings that stand side by side are one, and so is a macro between them. */
const isPiece = (token) => /^("|[A-Z]+_[A-Z_]+$)/.test(token ?? '');

/* A format as a sentence with holes. */
export function sentenceOf(format) {
    let place = 0;
    return format.replace(HOLES, (whole, kind) => {
        if (whole === '%%') return '%';
        place += 1;
        return `{${/[scx]/.test(kind) ? 'text' : 'number'}${place}}`;
    });
}

const isSentence = (text) => /[a-z]{2}/.test(text.replace(HOLES, '')) && / /.test(text);

/* Is what stands before a string's token something that keeps a sentence? Conditions choose between two. */
function isKept(tokens, at) {
    for (let i = at - 1; i >= 0 && !/^([;{}]|meaning)$/.test(tokens[i]); i -= 1) {
        if (tokens[i] === 'return' || KEPT.test(tokens[i])) return true;
    }
    return false;
}

/* The sentences of one source. */
function sentencesIn(source) {
    const tokens = tokensOf(source);
    const found = [];
    const calls = [];
    for (let i = 0; i < tokens.length; i += 1) {
        if (tokens[i] === '(') calls.push(tokens[i - 1]);
        else if (tokens[i] === ')') calls.pop();
        if (tokens[i][0] !== '"') continue;
        const start = i;
        let text = '';
        for (; isPiece(tokens[i]); i += 1) text += tokens[i][0] === '"' ? unquoted(tokens[i]) : '%s';
        i -= 1;
        const isSaid = calls.some((name) => SPEAKERS.has(name)) || /^ERR_\w+$/.test(tokens[start - 2] ?? '');
        if (isSentence(text) && (isSaid || isKept(tokens, start))) found.push(sentenceOf(text));
    }
    return found;
}

/* All there are under the folder of the server, in order. */
export function findSentences(folder) {
    const paths = readdirSync(folder, { recursive: true }).filter((path) => /\.[ch]$/.test(path));
    const shown = paths.filter((path) => !ELSEWHERE.some(([pattern]) => pattern.test(path)));
    const found = shown.flatMap((path) => sentencesIn(readFileSync(join(folder, path), 'utf8')));
    return [...new Set(found)].sort();
}

const top = join(import.meta.dirname, '../..');
if (process.argv[1] === import.meta.filename) {
    const lines = findSentences(join(top, 'server')).map((sentence) => `\n    | ${JSON.stringify(sentence)}`);
    const head = [
        '// SPDX-License-Identifier: GPL-3.0-or-later',
        "// Made from the server's sources by tools/types/write.sh: what it says to people.",
        '',
        'export type Sentence =',
    ];
    process.stdout.write(`${head.join('\n')}${lines.join('')};\n`);
}
