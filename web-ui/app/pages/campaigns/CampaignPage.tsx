// SPDX-License-Identifier: GPL-3.0-or-later
// One campaign: its results and its set-up, by tab.
import { t } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import { Loaded } from '../../ui/feedback';
import { Badge, Page, Tabs } from '../../ui/parts';
import type { PageProps } from '..';
import { ResultsView } from '../results/Results';
import { statusTone, type Campaign } from './campaign';

export default function CampaignPage({ params }: PageProps) {
    const key = params['key'] as string;
    const home = `/app/campaigns/${key}`;
    const query = useQuery<Campaign>(`/campaigns/${encodeURIComponent(key)}`);
    const tabs = [{ to: home, label: t('campaigns.tab.results') }];
    const status = query.data && <Badge tone={statusTone(query.data.status)}>{t(`campaigns.status.${query.data.status}`)}</Badge>;
    return (
        <Page title={query.data?.name ?? key} actions={status}>
            <Tabs label={t('campaigns.tabs')} tabs={tabs} current={home} />
            <Loaded query={query}>{(campaign) => <ResultsView campaign={campaign} />}</Loaded>
        </Page>
    );
}
