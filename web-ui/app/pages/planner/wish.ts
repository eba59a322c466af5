// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked of the planner. It stands in the address, so that a link shows the same plan; what is as
// usual is left out of it.

export const GOALS = ['visitors', 'effect'] as const;
export const TESTS = ['always-valid', 'fixed', 'group-sequential'] as const;
export type Goal = (typeof GOALS)[number];
export type Test = (typeof TESTS)[number];

const NUMBERS = [
    'rate',
    'mean',
    'sd',
    'uplift',
    'days',
    'daily',
    'coverage',
    'variants',
    'confidence',
    'power',
    'looks',
] as const;
export type NumberName = (typeof NUMBERS)[number];

export interface Wish extends Record<NumberName, number | null> {
    goal: Goal;
    metric: string; // '': numbers of one's own
    isMean: boolean; // the baseline is a mean, not a rate
    test: Test;
}

export const USUAL: Wish = {
    goal: 'visitors',
    metric: '',
    isMean: false,
    test: 'always-valid',
    rate: null,
    mean: null,
    sd: null,
    uplift: 0.1,
    days: 28,
    daily: null,
    coverage: 1,
    variants: 2,
    confidence: 0.95,
    power: 0.8,
    looks: 5,
};

function numberIn(search: URLSearchParams, name: NumberName): number | null {
    const text = search.get(name);
    if (text === null) return USUAL[name];
    return text !== '' && Number.isFinite(Number(text)) ? Number(text) : null;
}

export interface Metric {
    key: string;
    name: string;
    kind: string;
}

const FIRST = 'conversion_rate';
export function readWish(search: URLSearchParams, metrics: Metric[]): Wish {
    const metric = search.get('metric') ?? (metrics.some(({ key }) => key === FIRST) ? FIRST : '');
    const kind = metrics.find(({ key }) => key === metric)?.kind;
    const isMean = kind ? kind !== 'conversion' && kind !== 'retention' : search.has('is_mean');
    const wish: Wish = { ...USUAL, metric, isMean };
    wish.goal = GOALS.find((goal) => goal === search.get('goal')) ?? USUAL.goal;
    wish.test = TESTS.find((test) => test === search.get('test')) ?? USUAL.test;
    for (const name of NUMBERS) wish[name] = numberIn(search, name);
    return wish;
}

export function writeWish(wish: Wish): string {
    const search = new URLSearchParams({ metric: wish.metric });
    if (!wish.metric && wish.isMean) search.set('is_mean', '1');
    for (const name of ['goal', 'test', ...NUMBERS] as const) {
        if (wish[name] !== USUAL[name]) search.set(name, String(wish[name] ?? ''));
    }
    return `/app/planner?${search}`;
}

/* The request of the API; null while something is missing that it cannot do without. */
export function bodyOf(wish: Wish): Record<string, unknown> | null {
    const body: Record<string, unknown> = { test: wish.test };
    const wanted: NumberName[] = ['daily', 'coverage', 'variants', 'confidence', 'power'];
    wanted.push(wish.goal === 'visitors' ? 'uplift' : 'days');
    if (wish.test === 'group-sequential') wanted.push('looks');
    wanted.push(...(wish.isMean ? (['mean', 'sd'] as const) : (['rate'] as const)));
    if (wish.metric) body['metric'] = wish.metric;
    for (const name of wanted) if (wish[name] !== null) body[name] = wish[name];
    const hasBaseline = wish.metric || (wish.isMean ? wish.mean !== null && wish.sd !== null : wish.rate !== null);
    const hasAim =
        wish.goal === 'visitors' ? wish.uplift !== null : wish.days !== null && (wish.metric || wish.daily !== null);
    return hasBaseline && hasAim ? body : null;
}
