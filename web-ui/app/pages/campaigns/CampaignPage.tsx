// SPDX-License-Identifier: GPL-3.0-or-later
// One campaign: its results and its set-up, by tab. A draft is set up first; what runs is looked at first.
import { useState } from 'preact/hooks';
import type { PageProps } from '../../lib/router';
import { t } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import { Loaded } from '../../ui/feedback';
import { Badge, Page, Tabs } from '../../ui/parts';
import { Editor } from '../editor/Editor';
import { Moves } from '../editor/check/Moves';
import type { Campaign as Whole } from '../editor/state/document';
import { ExposedView } from '../exposed/ExposedView';
import { ResultsView } from '../results/Results';
import { statusTone, type Campaign } from './campaign';

export default function CampaignPage({ params }: PageProps) {
    const key = params['key'] as string;
    const home = `/app/campaigns/${encodeURIComponent(key)}`;
    const query = useQuery<Campaign & Whole>(`/campaigns/${encodeURIComponent(key)}`);
    const [name, setName] = useState<string>();
    const view = params['view'] ?? (query.data?.status === 'draft' ? 'setup' : 'results');
    const tabs = [
        { to: `${home}/results`, label: t('campaigns.tab.results') },
        { to: `${home}/setup`, label: t('campaigns.tab.setup') },
        ...(view === 'visitors' ? [{ to: `${home}/visitors`, label: t('exposed.tab') }] : []),
    ];
    const actions = query.data && (
        <>
            <Badge tone={statusTone(query.data.status)}>{t(`campaigns.status.${query.data.status}`)}</Badge>
            <Moves key={query.data.status} campaign={query.data} onMoved={query.reload} />
        </>
    );
    return (
        <Page title={name ?? (query.data?.name || key)} actions={actions}>
            <Tabs label={t('campaigns.tabs')} tabs={tabs} current={`${home}/${view}`} />
            <Loaded query={query}>
                {(campaign) =>
                    view === 'setup' ? (
                        <Editor key={campaign.status} campaignKey={key} onMoved={query.reload} onName={setName} />
                    ) : view === 'visitors' ? (
                        <ExposedView campaign={campaign} />
                    ) : (
                        <ResultsView campaign={campaign} onChanged={query.reload} />
                    )
                }
            </Loaded>
        </Page>
    );
}
