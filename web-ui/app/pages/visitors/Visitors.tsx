// SPDX-License-Identifier: GPL-3.0-or-later
// Looks one visitor up by id.
import { useState } from 'preact/hooks';
import { formatDate, formatNumber, t } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import { Link, navigate, type PageProps } from '../../lib/router';
import { Button } from '../../ui/Button';
import { Loaded } from '../../ui/feedback';
import { TextField } from '../../ui/Field';
import { Badge, Facts, Page } from '../../ui/parts';
import { Table, type Column } from '../../ui/Table';
import { Exclusion } from './Exclusion';
import { Explain } from './Explain';
import { Timeline } from './Timeline';
import { knownAttributes, visitorPath, type Exposure, type Visitor } from './visitor';

function LookUp({ id }: { id: string }) {
    const [typed, setTyped] = useState(id);
    const [error, setError] = useState('');
    const look = (event: Event) => {
        event.preventDefault();
        const wanted = typed.trim();
        setError(wanted ? '' : t('error.required'));
        if (wanted) navigate(`/app/visitors/${encodeURIComponent(wanted)}`);
    };
    return (
        <form class="card look-up" role="search" onSubmit={look}>
            <TextField
                label={t('visitors.id')}
                hint={t('visitors.id.hint')}
                value={typed}
                onValue={setTyped}
                error={error || undefined}
                autocomplete="off"
            />
            <Button look="primary" type="submit">
                {t('visitors.lookUp')}
            </Button>
        </form>
    );
}

const columns = (): Column<Exposure>[] => [
    {
        key: 'campaign',
        label: t('visitors.campaign'),
        isHead: true,
        sortBy: (x) => x.name ?? x.campaign,
        cell: (x) => (
            <>
                <Link class="row-link" to={`/app/campaigns/${x.campaign}`}>
                    {x.name ?? x.campaign}
                </Link>
                <div class="small soft">{t('visitors.phase', { phase: x.phase })}</div>
            </>
        ),
    },
    {
        key: 'variant',
        label: t('visitors.variant'),
        sortBy: (x) => x.variant,
        cell: (x) => (
            <span class="row">
                <Badge tone="accent">{x.variant}</Badge>
                {x.is_crossover && <Badge tone="warn">{t('visitors.crossover')}</Badge>}
                {x.is_overflowing && <Badge tone="warn">{t('visitors.overflowing')}</Badge>}
            </span>
        ),
    },
    {
        key: 'at',
        label: t('visitors.exposedAt'),
        sortBy: (x) => x.exposed_at,
        cell: (x) => <time dateTime={x.exposed_at}>{formatDate(x.exposed_at, 'time')}</time>,
    },
];

function Exposures({ exposures, isOut }: { exposures: Exposure[]; isOut: boolean }) {
    return (
        <section class="card stack" aria-label={t('visitors.exposures')}>
            <h2>{t('visitors.exposures')}</h2>
            {exposures.some((x) => x.is_overflowing) && <p class="note note-warn">{t('visitors.overflowing.text')}</p>}
            {exposures.length === 0 ? (
                <p class="soft">{t(isOut ? 'visitors.exposures.out' : 'visitors.exposures.none')}</p>
            ) : (
                <Table
                    caption={t('visitors.exposures')}
                    columns={columns()}
                    rows={exposures}
                    rowKey={(x) => `${x.campaign}/${x.phase}/${x.experience}`}
                />
            )}
        </section>
    );
}

const day = (time: string | null) => (time ? formatDate(time, 'time') : t('state.none'));

function VisitorView({ visitor, reload }: { visitor: Visitor; reload: () => Promise<void> }) {
    const facts = [
        { label: t('visitors.events'), value: formatNumber(visitor.event_count) },
        { label: t('visitors.first'), value: day(visitor.first_seen_at) },
        { label: t('visitors.last'), value: day(visitor.last_seen_at) },
    ];
    return (
        <>
            {visitor.event_count === 0 ? (
                <p class="note">{t('visitors.unseen')}</p>
            ) : (
                <div class="card">
                    <Facts facts={facts} />
                </div>
            )}
            <Exclusion visitor={visitor} reload={reload} />
            <Explain visitor={visitor.visitor_id} known={knownAttributes(visitor)} />
            {visitor.event_count > 0 && <Exposures exposures={visitor.exposures} isOut={visitor.exclusion !== null} />}
            {visitor.event_count > 0 && <Timeline visitor={visitor.visitor_id} />}
        </>
    );
}

export default function Visitors({ params }: PageProps) {
    const id = params['id'] ?? '';
    const query = useQuery<Visitor>(id ? visitorPath(id) : null);
    return (
        <Page title={t('nav.visitors')}>
            <LookUp id={id} />
            {id && (
                <Loaded query={query}>{(visitor) => <VisitorView visitor={visitor} reload={query.reload} />}</Loaded>
            )}
        </Page>
    );
}
