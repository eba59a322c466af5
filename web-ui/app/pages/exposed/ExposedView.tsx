// SPDX-License-Identifier: GPL-3.0-or-later
// Who met a variant, and who met several: the list behind a figure, and the whole of it as a file.
import { useEffect, useRef, useState } from 'preact/hooks';
import { save } from '../../lib/file';
import { formatDate, formatNumber, t } from '../../lib/i18n';
import { Link, navigate, usePath } from '../../lib/router';
import { Button } from '../../ui/Button';
import { ErrorNote, Skeleton } from '../../ui/feedback';
import { SelectField } from '../../ui/Field';
import { Badge, Segmented } from '../../ui/parts';
import { Table, type Column } from '../../ui/Table';
import type { Campaign } from '../campaigns/campaign';
import {
    csvOf,
    exposuresPath,
    ndjsonOf,
    readAll,
    readExposed,
    ROWS_PAGE,
    type Exposed,
    type ExposedPage,
    type Selection,
} from './exposed';

const SHOWN = 50;
const UNKNOWN_VALUE = 'unknown';

type Names = Record<string, string>;

const columnsOf = (names: Names): Column<Exposed>[] => [
    {
        key: 'visitor',
        label: t('exposed.visitor'),
        isHead: true,
        cell: (row) => (
            <Link class="row-link wrap-anywhere" to={`/app/visitors/${encodeURIComponent(row.visitor_id)}`}>
                {row.visitor_id}
            </Link>
        ),
    },
    {
        key: 'variant',
        label: t('exposed.variant'),
        cell: (row) => (
            <span class="row">
                <Badge tone="accent">{names[row.variant] ?? row.variant}</Badge>
                {row.is_crossover && <Badge tone="warn">{t('visitors.crossover')}</Badge>}
            </span>
        ),
    },
    {
        key: 'at',
        label: t('exposed.at'),
        cell: (row) => (
            <time class="nowrap" dateTime={row.exposed_at}>
                {formatDate(row.exposed_at, 'time')}
            </time>
        ),
    },
    {
        key: 'dimensions',
        label: t('exposed.dimensions'),
        cell: (row) =>
            Object.values(row.dimensions)
                .filter((value) => value !== UNKNOWN_VALUE)
                .join(' · ') || t('state.none'),
    },
];

/* What was chosen stands in the address. */
function useSelection(campaign: Campaign): [Selection, (next: Partial<Selection>) => void] {
    const { path, search } = usePath();
    const selection = {
        phase: Number(search.get('phase')) || campaign.phase,
        variant: search.get('variant') ?? '',
        isCrossover: search.get('crossover') === 'true',
    };
    const choose = (part: Partial<Selection>) => {
        const next = { ...selection, ...part };
        const asked = new URLSearchParams({ phase: String(next.phase) });
        if (next.variant) asked.set('variant', next.variant);
        if (next.isCrossover) asked.set('crossover', 'true');
        navigate(`${path}?${asked}`, { replace: true });
    };
    return [selection, choose];
}

/* Of one path: another one is another list (its key), and what still comes of this one is left. */
function usePages(path: string) {
    const [pages, setPages] = useState<ExposedPage | null>(null);
    const [error, setError] = useState<unknown>(null);
    const [isReading, setReading] = useState(false);
    const read = async (before: ExposedPage | null) => {
        setReading(true);
        setError(null);
        try {
            const page = await readExposed(path, before?.next ?? null, SHOWN);
            if (isHere.current) setPages({ items: [...(before?.items ?? []), ...page.items], next: page.next });
        } catch (cause) {
            if (isHere.current) setError(cause);
        }
        if (isHere.current) setReading(false);
    };
    const isHere = useRef(true);
    useEffect(() => {
        isHere.current = true;
        void read(null);
        return () => void (isHere.current = false);
    }, []);
    return { pages, error, isReading, more: () => read(pages) };
}

/* Reads everything, and says how far it is. */
function Save({ name, path }: { name: string; path: string }) {
    const [count, setCount] = useState<number | null>(null);
    const [said, setSaid] = useState<{ error?: unknown; isCut?: boolean }>({});
    const write = (end: string, type: string, write: (rows: Exposed[]) => string) => async () => {
        setSaid({});
        setCount(0);
        try {
            const { items, next } = await readAll(path, setCount);
            save(new Blob([write(items)], { type }), `${name}.${end}`);
            setSaid({ isCut: next !== null });
        } catch (error) {
            setSaid({ error });
        }
        setCount(null);
    };
    return (
        <div class="row">
            <Button look="quiet" disabled={count !== null} onClick={write('csv', 'text/csv;charset=utf-8', csvOf)}>
                CSV
            </Button>
            <Button look="quiet" disabled={count !== null} onClick={write('ndjson', 'application/x-ndjson', ndjsonOf)}>
                NDJSON
            </Button>
            <span class="small soft" role="status">
                {count !== null && t('exposed.reading', { count })}
                {said.isCut && t('exposed.cut')}
            </span>
            {said.error !== undefined && <ErrorNote error={said.error} />}
        </div>
    );
}

function List({ path, names }: { path: string; names: Names }) {
    const { pages, error, isReading, more } = usePages(path);
    if (error && !pages) return <ErrorNote error={error} onRetry={more} />;
    if (!pages) return <Skeleton lines={8} />;
    return (
        <>
            {pages.items.length === 0 && !pages.next && <p class="soft">{t('exposed.none')}</p>}
            {pages.items.length > 0 && (
                <Table
                    caption={t('exposed.title')}
                    columns={columnsOf(names)}
                    rows={pages.items}
                    rowKey={(row) => row.visitor_id}
                />
            )}
            {error !== null && <ErrorNote error={error} />}
            {pages.next && (
                <div class="row">
                    <Button disabled={isReading} onClick={more}>
                        {t('exposed.more')}
                    </Button>
                    <span class="small soft">{t('exposed.shown', { count: pages.items.length })}</span>
                </div>
            )}
        </>
    );
}

export function ExposedView({ campaign }: { campaign: Campaign }) {
    const [selection, choose] = useSelection(campaign);
    const variants = campaign.phases.find(({ number }) => number === selection.phase)?.variants ?? campaign.variants;
    const names = Object.fromEntries([...variants, ...campaign.variants].map(({ key, name }) => [key, name || key]));
    const options = [
        { value: '', label: t('exposed.any') },
        ...variants.map(({ key }) => ({ value: key, label: names[key] ?? key })),
    ];
    const path = exposuresPath(campaign.key, selection, SHOWN);
    const phases = campaign.phases.map(({ number }) => ({ value: String(number), label: formatNumber(number) }));
    return (
        <section class="card stack" aria-label={t('exposed.title')}>
            <h2>{t('exposed.title')}</h2>
            <p class="small soft">{t('exposed.text')}</p>
            <div class="toolbar">
                {phases.length > 1 && (
                    <SelectField
                        label={t('results.phase')}
                        value={String(selection.phase)}
                        options={phases}
                        onValue={(phase) => choose({ phase: Number(phase), variant: '' })}
                    />
                )}
                <SelectField
                    label={t('exposed.variant')}
                    value={selection.variant}
                    options={options}
                    onValue={(variant) => choose({ variant })}
                />
                <Segmented
                    label={t('exposed.who')}
                    value={selection.isCrossover ? 'several' : 'all'}
                    options={(['all', 'several'] as const).map((value) => ({
                        value,
                        label: t(`exposed.who.${value}`),
                    }))}
                    onValue={(who) => choose({ isCrossover: who === 'several' })}
                />
                <Save name={`${campaign.key}-visitors`} path={exposuresPath(campaign.key, selection, ROWS_PAGE)} />
            </div>
            <List key={path} path={path} names={names} />
        </section>
    );
}
