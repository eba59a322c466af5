// SPDX-License-Identifier: GPL-3.0-or-later
// All campaigns: found by words, status and labels, with the course of their uplift.
import { useState } from 'preact/hooks';
import { t } from '../../lib/i18n';
import { CAMPAIGN_STATUSES, type CampaignStatus } from '../../lib/kinds';
import { useQuery } from '../../lib/query';
import { useMay } from '../../lib/session';
import { ButtonLink } from '../../ui/Button';
import { Empty, Loaded } from '../../ui/feedback';
import { Page, Segmented } from '../../ui/parts';
import { Table } from '../../ui/Table';
import { Checklist } from '../install/Checklist';
import type { Campaign } from './campaign';
import { Attention } from './Attention';
import { columnsOf } from './columns';
import { useStandings } from './standing';
import type { Uplift } from './StandingCells';

const NEW = '/app/campaigns/new';
const REFRESH_MS = 30_000;

interface Wish {
    text: string;
    status: CampaignStatus | 'all';
    labels: string[];
}

function matches(campaign: Campaign, { text, status, labels }: Wish): boolean {
    const isWanted = status === 'all' ? campaign.status !== 'archived' : campaign.status === status;
    const words = `${campaign.name} ${campaign.key} ${campaign.labels.join(' ')}`.toLowerCase();
    return (
        isWanted &&
        words.includes(text.trim().toLowerCase()) &&
        labels.every((label) => campaign.labels.includes(label))
    );
}

function LabelFilter({
    all,
    chosen,
    onChosen,
}: {
    all: string[];
    chosen: string[];
    onChosen: (labels: string[]) => void;
}) {
    if (all.length === 0) return null;
    const toggle = (label: string) =>
        onChosen(chosen.includes(label) ? chosen.filter((one) => one !== label) : [...chosen, label]);
    return (
        <div class="row chips" role="group" aria-label={t('campaigns.labels')}>
            {all.map((label) => (
                <button
                    type="button"
                    class="chip chip-button"
                    key={label}
                    aria-pressed={chosen.includes(label)}
                    onClick={() => toggle(label)}
                >
                    {label}
                </button>
            ))}
        </div>
    );
}

function CampaignList({ campaigns }: { campaigns: Campaign[] }) {
    const [wish, setWish] = useState<Wish>({ text: '', status: 'all', labels: [] });
    const uplifts = useQuery<{ items: Uplift[] }>('/uplifts', { every: REFRESH_MS });
    const byKey = new Map((uplifts.data?.items ?? []).map((uplift) => [uplift.campaign, uplift]));
    const standings = useStandings(campaigns);
    const found = campaigns.filter((campaign) => matches(campaign, wish));
    const labels = [...new Set(campaigns.flatMap((campaign) => campaign.labels))].sort((a, b) => a.localeCompare(b));
    const count = (status: CampaignStatus | 'all') =>
        campaigns.filter((campaign) => matches(campaign, { ...wish, status })).length;
    const options = (['all', ...CAMPAIGN_STATUSES] as const).map((value) => ({
        value,
        label: t('campaigns.status.count', { status: t(`campaigns.status.${value}`), count: count(value) }),
    }));
    return (
        <>
            <Attention campaigns={campaigns} standings={standings} />
            <div class="card stack">
                <div class="row spread">
                    <input
                        class="input search"
                        type="search"
                        placeholder={t('campaigns.search')}
                        aria-label={t('campaigns.search')}
                        value={wish.text}
                        onInput={(e) => setWish({ ...wish, text: e.currentTarget.value })}
                    />
                    <Segmented
                        label={t('campaigns.column.status')}
                        value={wish.status}
                        options={options}
                        onValue={(status) => setWish({ ...wish, status })}
                    />
                </div>
                <LabelFilter
                    all={labels}
                    chosen={wish.labels}
                    onChosen={(chosen) => setWish({ ...wish, labels: chosen })}
                />
                {found.length === 0 ? (
                    <p class="soft">{t('state.noMatch')}</p>
                ) : (
                    <Table
                        caption={t('campaigns.title')}
                        columns={columnsOf(byKey, standings)}
                        rows={found}
                        rowKey={(c) => c.key}
                    />
                )}
            </div>
        </>
    );
}

export default function Campaigns() {
    const query = useQuery<{ items: Campaign[] }>('/campaigns?limit=500', { every: REFRESH_MS });
    const mayEdit = useMay('editor');
    const create = mayEdit && (
        <ButtonLink to={NEW} look="primary">
            {t('campaigns.new')}
        </ButtonLink>
    );
    return (
        <Page title={t('campaigns.title')} actions={query.data && query.data.items.length > 0 && create}>
            {mayEdit && <Checklist />}
            <Loaded query={query}>
                {({ items }) =>
                    items.length > 0 ? (
                        <CampaignList campaigns={items} />
                    ) : (
                        <Empty
                            title={t('campaigns.empty.title')}
                            action={
                                mayEdit && (
                                    <ButtonLink to={NEW} look="primary">
                                        {t('campaigns.empty.action')}
                                    </ButtonLink>
                                )
                            }
                        >
                            {t('campaigns.empty.text')}
                        </Empty>
                    )
                }
            </Loaded>
        </Page>
    );
}
