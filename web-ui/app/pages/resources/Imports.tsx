// SPDX-License-Identifier: GPL-3.0-or-later
// Past experiments that were read in: what each held, from which file, and the way back.
import { useState } from 'preact/hooks';
import { change } from '../../lib/api';
import { formatDate, formatNumber, hasMessage, t } from '../../lib/i18n';
import { Link } from '../../lib/router';
import { useMay } from '../../lib/session';
import { Button } from '../../ui/Button';
import { Confirm } from '../../ui/Dialog';
import { Badge, type Tone } from '../../ui/parts';
import type { Column } from '../../ui/Table';
import { text, timeColumn } from './cells';
import type { Item } from './form';
import { LogPage } from './LogPage';

const REFRESH_MS = 3_000;
const TONES: Record<string, Tone> = { sending: 'warn', done: 'good', leaving: 'accent' };

const counts = (item: Item, name: string) => Object.entries((item[name] ?? {}) as Record<string, number>);
const sum = (item: Item, name: string) => counts(item, name).reduce((total, [, count]) => total + count, 0);
const nameOf = (item: Item) => text(item, 'campaign_name') || text(item, 'campaign');
const isThere = (item: Item) => ['sending', 'done'].includes(text(item, 'state'));

function State({ item }: { item: Item }) {
    const key = `imports.state.${text(item, 'state')}`;
    return <Badge tone={TONES[text(item, 'state')] ?? 'plain'}>{hasMessage(key) ? t(key) : text(item, 'state')}</Badge>;
}

function Campaign({ item }: { item: Item }) {
    const key = text(item, 'campaign');
    return (
        <>
            {isThere(item) ? (
                <Link class="strong" to={`/app/campaigns/${key}`}>
                    {nameOf(item)}
                </Link>
            ) : (
                <span class="strong">{nameOf(item)}</span>
            )}
            <div class="small soft">{key}</div>
        </>
    );
}

/* The file, and how much of it could be read. */
function File({ item }: { item: Item }) {
    const bad = Number(item['bad_rows']);
    const refused = Number(item['refused'] ?? 0);
    return (
        <>
            <span class="import-file">{text(item, 'file_name')}</span>
            <div class="small soft">{t('imports.rows', { count: Number(item['rows']) })}</div>
            {bad > 0 && <div class="small warn">{t('imports.bad', { count: bad })}</div>}
            {refused > 0 && <div class="small warn">{t('imports.refused', { count: refused })}</div>}
        </>
    );
}

/* Names with their numbers, under their sum. */
function Counts({ item, name }: { item: Item; name: string }) {
    return (
        <>
            {formatNumber(sum(item, name))}
            {counts(item, name).map(([key, count]) => (
                <div key={key} class="small soft">
                    {key} {formatNumber(count)}
                </div>
            ))}
        </>
    );
}

/* What the rows are of: events by name, or totals of metrics. */
function Held({ item }: { item: Item }) {
    const totals = item['totals'] as { visitors: string; metrics: Record<string, unknown> } | null;
    if (!totals) return <Counts item={item} name="events" />;
    return (
        <>
            <div>{t(totals.visitors === 'daily' ? 'imports.totals.daily' : 'imports.totals')}</div>
            {Object.keys(totals.metrics).map((key) => (
                <div key={key} class="small soft">
                    {key}
                </div>
            ))}
        </>
    );
}

function Days({ item }: { item: Item }) {
    const [first, last] = [formatDate(text(item, 'first_at')), formatDate(text(item, 'last_at'))];
    return <>{first === last ? first : t('imports.days', { first, last })}</>;
}

/* Whether metrics go with it, and which. */
function metricsOf(item: Item): string {
    const keys = (item['metrics'] ?? []) as string[];
    return keys.length === 0
        ? t('imports.undo.metrics.none')
        : t('imports.undo.metrics', { count: keys.length, keys: keys.join(', ') });
}

function TakeBack({ item, onClose, reload }: { item: Item; onClose: () => void; reload: () => void }) {
    const take = async () => {
        await change('DELETE', `/imports/${text(item, 'id')}`);
        reload();
    };
    return (
        <Confirm
            title={t('imports.undo')}
            text={t(item['totals'] ? 'imports.undo.totals' : 'imports.undo.text', {
                name: nameOf(item),
                visitors: formatNumber(sum(item, 'variants')),
                events: formatNumber(sum(item, 'events')),
                metrics: metricsOf(item),
            })}
            action={t('imports.undo')}
            isDangerous
            onConfirm={take}
            onClose={onClose}
        />
    );
}

const columns: () => Column<Item>[] = () => [
    { key: 'campaign', label: t('imports.campaign'), isHead: true, cell: (item) => <Campaign item={item} /> },
    { key: 'state', label: t('imports.state'), cell: (item) => <State item={item} /> },
    { key: 'file', label: t('imports.file'), cell: (item) => <File item={item} /> },
    { key: 'days', label: t('imports.data'), cell: (item) => <Days item={item} /> },
    {
        key: 'visitors',
        label: t('imports.visitors'),
        isNumber: true,
        cell: (item) => <Counts item={item} name="variants" />,
    },
    {
        key: 'events',
        label: t('imports.events'),
        isNumber: true,
        cell: (item) => <Held item={item} />,
    },
    timeColumn('created_at', 'imports.when'),
];

export default () => {
    const mayUndo = useMay('publisher');
    const [open, setOpen] = useState<{ item: Item; reload: () => void } | null>(null);
    const actions = (reload: () => void): Column<Item> => ({
        key: 'actions',
        label: t('resource.actions'),
        isNumber: true,
        cell: (item) =>
            isThere(item) ? (
                <Button
                    look="quiet"
                    aria-label={`${t('imports.undo')} ${nameOf(item)}`}
                    onClick={() => setOpen({ item, reload })}
                >
                    {t('imports.undo')}
                </Button>
            ) : null,
    });
    return (
        <LogPage
            path="/imports"
            title="nav.imports"
            empty="imports.empty"
            every={REFRESH_MS}
            columns={(reload) => (mayUndo ? [...columns(), actions(reload)] : columns())}
        >
            <p class="soft">{t('imports.intro')}</p>
            {open && <TakeBack {...open} onClose={() => setOpen(null)} />}
        </LogPage>
    );
};
