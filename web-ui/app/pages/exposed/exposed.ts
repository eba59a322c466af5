// SPDX-License-Identifier: GPL-3.0-or-later
// Who met a variant: page by page, and as a file.
import { get } from '../../lib/api';
import { csvOfRows } from '../../lib/file';

export interface Exposed {
    visitor_id: string;
    phase: number;
    variant: string;
    is_crossover: boolean;
    exposed_at: string;
    cohort_day: string;
    dimensions: Record<string, string>;
    has_past: boolean;
}

export interface ExposedPage {
    items: Exposed[];
    next: string | null;
}

export interface Selection {
    phase: number;
    variant: string; // '': any
    isCrossover: boolean; // those alone who met several
}

export function exposuresPath(campaign: string, { phase, variant, isCrossover }: Selection, rows: number): string {
    const asked = new URLSearchParams({ phase: String(phase), limit: String(rows) });
    if (variant) asked.set('variant', variant);
    if (isCrossover) asked.set('crossover', 'true');
    return `/campaigns/${encodeURIComponent(campaign)}/exposures?${asked}`;
}

/* Requests that one click may take: of few among many, a page may hold none and yet have a next one. */
const REQUESTS_MOST = 20;

/* The rows behind a cursor (null: from the beginning), until there are 'wanted', no more, or it takes too long. */
export async function readExposed(path: string, from: string | null, wanted: number): Promise<ExposedPage> {
    const found: ExposedPage = { items: [], next: from };
    for (let i = 0; i < REQUESTS_MOST && (i === 0 || found.next) && found.items.length < wanted; i += 1) {
        const after = found.next ? `&after=${encodeURIComponent(found.next)}` : '';
        const page = (await get<ExposedPage>(path + after)).body;
        found.items.push(...page.items);
        found.next = page.next;
    }
    return found;
}

/* All rows, or the first ROWS_MOST; 'told' hears how many there are so far. */
export const ROWS_MOST = 100_000;

export async function readAll(path: string, told: (count: number) => void): Promise<ExposedPage> {
    const all: ExposedPage = { items: [], next: null };
    do {
        const page = await readExposed(path, all.next, ROWS_PAGE);
        all.items.push(...page.items);
        all.next = page.next;
        told(all.items.length);
    } while (all.next && all.items.length < ROWS_MOST);
    return all;
}

export const ROWS_PAGE = 500;

const HEAD = ['visitor_id', 'phase', 'variant', 'is_crossover', 'exposed_at', 'cohort_day', 'has_past'] as const;

export function csvOf(rows: Exposed[]): string {
    const dimensions = [...new Set(rows.flatMap((row) => Object.keys(row.dimensions)))];
    return csvOfRows([
        [...HEAD, ...dimensions.map((key) => `dimensions.${key}`)],
        ...rows.map((row) => [...HEAD.map((key) => row[key]), ...dimensions.map((key) => row.dimensions[key])]),
    ]);
}

export const ndjsonOf = (rows: Exposed[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
