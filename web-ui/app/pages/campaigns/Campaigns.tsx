// SPDX-License-Identifier: GPL-3.0-or-later
import { useState } from 'preact/hooks';
import { formatAgo, t } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import { Link } from '../../lib/router';
import { useMay } from '../../lib/session';
import { ButtonLink } from '../../ui/Button';
import { Empty, Loaded } from '../../ui/feedback';
import { Badge, Page, Segmented } from '../../ui/parts';
import { Table, type Column } from '../../ui/Table';
import { CAMPAIGN_STATUSES, statusTone, type Campaign, type CampaignStatus } from './campaign';

const NEW = '/app/campaigns/new';

const columns: Column<Campaign>[] = [
    {
        key: 'name', label: t('campaigns.column.name'), isHead: true, sortBy: (c) => c.name,
        cell: (c) => (
            <>
                <Link class="row-link" to={`/app/campaigns/${c.key}`}>{c.name}</Link>
                <div class="small soft">{t(`campaigns.kind.${c.kind}`)} · {c.key}</div>
            </>
        ),
    },
    {
        key: 'status', label: t('campaigns.column.status'), sortBy: (c) => c.status,
        cell: (c) => <Badge tone={statusTone(c.status)}>{t(`campaigns.status.${c.status}`)}</Badge>,
    },
    {
        key: 'changed', label: t('campaigns.column.changed'), sortBy: (c) => c.updated_at,
        cell: (c) => <span class="soft">{formatAgo(c.updated_at)}</span>,
    },
];

function matches(campaign: Campaign, text: string, status: CampaignStatus | 'all'): boolean {
    const isWanted = status === 'all' ? campaign.status !== 'archived' : campaign.status === status;
    return isWanted && `${campaign.name} ${campaign.key}`.toLowerCase().includes(text.trim().toLowerCase());
}

function CampaignList({ campaigns }: { campaigns: Campaign[] }) {
    const [text, setText] = useState('');
    const [status, setStatus] = useState<CampaignStatus | 'all'>('all');
    const found = campaigns.filter((campaign) => matches(campaign, text, status));
    const options = (['all', ...CAMPAIGN_STATUSES] as const).map((value) => ({ value, label: t(`campaigns.status.${value}`) }));
    return (
        <div class="card stack">
            <div class="row spread">
                <input class="input" type="search" style={{ maxWidth: '20rem' }} placeholder={t('campaigns.search')}
                    aria-label={t('campaigns.search')} value={text} onInput={(e) => setText(e.currentTarget.value)} />
                <Segmented label={t('campaigns.column.status')} value={status} options={options} onValue={setStatus} />
            </div>
            {found.length === 0
                ? <p class="soft">{t('state.noMatch')}</p>
                : <Table caption={t('campaigns.title')} columns={columns} rows={found} rowKey={(c) => c.key} />}
        </div>
    );
}

export default function Campaigns() {
    const query = useQuery<{ items: Campaign[] }>('/campaigns?limit=500');
    const mayEdit = useMay('editor');
    const create = mayEdit && <ButtonLink to={NEW} look="primary">{t('campaigns.new')}</ButtonLink>;
    return (
        <Page title={t('campaigns.title')} actions={create}>
            <Loaded query={query}>
                {({ items }) => items.length > 0 ? <CampaignList campaigns={items} /> : (
                    <Empty title={t('campaigns.empty.title')}
                        action={mayEdit && <ButtonLink to={NEW} look="primary">{t('campaigns.empty.action')}</ButtonLink>}>
                        {t('campaigns.empty.text')}
                    </Empty>
                )}
            </Loaded>
        </Page>
    );
}
