// SPDX-License-Identifier: GPL-3.0-or-later
import { change } from '../../lib/api';
import { formatPercent, hasMessage, t } from '../../lib/i18n';
import { saidOrQuoted } from '../../lib/sentences';
import { Button } from '../../ui/Button';
import { Badge, type Tone } from '../../ui/parts';
import { text, timeColumn } from './cells';
import type { Item } from './form';
import { LogPage } from './LogPage';

const REFRESH_MS = 3_000;
const TONES: Record<string, Tone> = { done: 'good', failed: 'bad', running: 'accent', cancelled: 'warn' };
const named = (prefix: string, value: string) => {
    const key = `${prefix}.${value}`;
    return hasMessage(key) ? t(key) : value;
};

function State({ item }: { item: Item }) {
    const state = text(item, 'state');
    return (
        <>
            <Badge tone={TONES[state] ?? 'plain'}>{named('jobs.state', state)}</Badge>
            {state === 'running' && (
                <>
                    {' '}
                    <progress value={Number(item['progress'])} max={1} aria-label={t('jobs.progress')} />{' '}
                    <span class="small">{formatPercent(Number(item['progress']), 0)}</span>
                </>
            )}
            {item['problem'] ? <div class="small bad">{saidOrQuoted(text(item, 'problem'))}</div> : null}
        </>
    );
}

export default () => (
    <LogPage
        path="/jobs"
        title="nav.jobs"
        empty="jobs.empty"
        every={REFRESH_MS}
        columns={(reload) => [
            {
                key: 'kind',
                label: t('jobs.kind'),
                isHead: true,
                cell: (item) => named('jobs.kind', text(item, 'kind')),
            },
            { key: 'state', label: t('jobs.state'), cell: (item) => <State item={item} /> },
            timeColumn('created_at', 'jobs.asked'),
            timeColumn('ended_at', 'jobs.ended'),
            {
                key: 'actions',
                label: t('resource.actions'),
                isNumber: true,
                cell: (item) =>
                    ['queued', 'running'].includes(text(item, 'state')) ? (
                        <Button
                            look="quiet"
                            onClick={async () => {
                                await change('DELETE', `/jobs/${text(item, 'id')}`);
                                reload();
                            }}
                        >
                            {t('action.cancel')}
                        </Button>
                    ) : null,
            },
        ]}
    />
);
