// SPDX-License-Identifier: MIT
// The words of the console: what the SDK does and why, and what a page should know it does wrong.

import type { Run } from '../core/run';
import type { Decision, PageInfo, Reply as Decided, VisitorEvent } from '../core/types';
import { whereOf, type Where } from '../qa/where';

type Log = (...words: unknown[]) => void;

const info: Log = (...words) => console.info('mete:', ...words);

const warned = new Set<string>();

/* A fault is told once a kind: a shop has thousands of purchases. */
function warn(kind: string, ...words: unknown[]): void {
    if (!warned.has(kind)) console.warn('mete:', ...words);
    warned.add(kind);
}

interface Row {
    index: number;
    reason: string;
    pointer: string;
    detail: string;
}

interface Reply {
    detail?: string;
    pointer?: string;
    accepted?: number;
    duplicate?: number;
    rejected?: Row[];
    warnings?: Row[];
}

function reply(status: number, body: Reply | null | undefined, entries: [key: string, event: VisitorEvent][]): void {
    const events = entries.map((entry) => entry[1]);
    const { accepted = 0, duplicate = 0, rejected = [], warnings = [], detail = '' } = body || {};
    if (status === 202) info(`sent ${events.length} events: ${accepted} new, ${duplicate} known`, events);
    else if (status >= 400 && status < 500 && status !== 429)
        warn(`${status} ${detail}`, `the server refused ${events.length} events (${status}): ${detail}`, events);
    else info(`events wait (${status || 'no answer'}) and are sent again`);
    const tell = (said: string, row: Row, kind = ''): void => {
        const event = events[row.index];
        const name = event ? event.name : '';
        const field = row.pointer.replace(/^(\/events)?\/\d+/, '');
        warn(
            `${name} ${field} ${row.reason} ${kind}`,
            `the server ${said} the event ${name}: ${field} ${row.detail}`,
            event,
        );
    };
    rejected.forEach((row) => tell('refused', row));
    warnings.forEach((row) => tell('stored', row, row.detail));
}

const LOOK_MS = 500;
let looking: ReturnType<typeof setInterval>;

const WHERE: { [is in Where['is']]: (of: string) => string } = {
    here: () => 'on this page',
    elsewhere: (of) => `not on this page: it begins on ${of}`,
    absent: (of) => `waits: no element is found by ${of}`,
    asks: (of) => `waits: the page has not asked for ${of}`,
    waits: (of) => `waits for ${of || 'its moment'}`,
};

const told: { [campaign: string]: string } = {};

/* What each campaign waits for, whenever that is another thing. */
function look(runs: Run[], page: PageInfo): void {
    runs.forEach((run) => {
        const { campaign } = run.decision;
        const { is, of } = whereOf(run, page);
        const text = WHERE[is](of.join(', '));
        if (told[campaign] !== text) info(`${campaign}: ${text}`);
        told[campaign] = text;
    });
}

const lines: { [kind: string]: (...about: any[]) => void } = {
    decisions({ decisions, flags, page }: Decided, runs: () => Run[]) {
        decisions.forEach(({ campaign, variant, reason }) => info(`${campaign}: ${variant || 'nothing'} (${reason})`));
        info('flags', flags);
        clearInterval(looking);
        looking = setInterval(() => look(runs(), page), LOOK_MS);
    },
    undecided: (why: unknown) =>
        typeof why === 'number'
            ? warn(`decide ${why}`, `the server refused to decide (${why}): the page shows its default`)
            : info('no decision came: the page shows its default', why),
    exposure({ campaign, variant, reason }: Decision, isPreview: unknown, isSent: boolean) {
        const why = isPreview ? 'this is a preview' : reason === 'panic' ? 'panic is on' : isSent && 'known already';
        info(why ? `${campaign}: no exposure, ${why}` : `${campaign}: exposed to ${variant}`);
    },
    event: (event: VisitorEvent) => info(`event ${event.name}`, event.properties),
    reply,
    amount: (name: string, field: string, given: unknown) =>
        warn(`amount ${name}.${field}`, `${name}: ${field} ${JSON.stringify(given)} is no amount, and left out`),
    doubt: (name: string, field: string, given: unknown, taken: number) =>
        warn(
            `doubt ${name}.${field}`,
            `${name}: ${field} ${JSON.stringify(given)} is taken for ${taken}; a number leaves no doubt`,
        ),
    repeated: (id: unknown) =>
        warn('repeated', `purchase: transaction_id ${JSON.stringify(id)} was sent before; an order counts once`),
    id: (given: unknown) => warn('id', 'identify: no id for a person, and left out:', given),
    long: (name: string) => warn(`long ${name}`, `the event ${name} is too long to be sent, and left out`),
};

export const say = (kind: string, about: any[]): void => lines[kind]!(...about);
