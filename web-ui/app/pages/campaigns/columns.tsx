// SPDX-License-Identifier: GPL-3.0-or-later
// The columns of the campaigns' list.
import { formatAgo, t } from '../../lib/i18n';
import { Link } from '../../lib/router';
import { Badge } from '../../ui/parts';
import type { Column } from '../../ui/Table';
import { statusTone, type Campaign } from './campaign';
import type { Standings } from './standing';
import { ProgressCell, shareOf, UpliftCell, VerdictCell, type Uplift } from './StandingCells';

const ANSWERS = ['ship', 'stop', 'broken', 'go_on', 'not_enough'];

export function columnsOf(uplifts: Map<string, Uplift>, standings: Standings): Column<Campaign>[] {
    return [
        {
            key: 'name',
            label: t('campaigns.column.name'),
            isHead: true,
            sortBy: (c) => (c.name || c.key).toLowerCase(),
            cell: (c) => (
                <>
                    <Link class="row-link" to={`/app/campaigns/${encodeURIComponent(c.key)}`}>
                        {c.name || c.key}
                    </Link>
                    <div class="small soft row-facts">
                        <span>
                            {t(`campaigns.kind.${c.kind}`)} · {c.key}
                        </span>
                        {c.labels.map((label) => (
                            <span class="chip" key={label}>
                                {label}
                            </span>
                        ))}
                    </div>
                </>
            ),
        },
        {
            key: 'status',
            label: t('campaigns.column.status'),
            sortBy: (c) => c.status,
            cell: (c) => <Badge tone={statusTone(c.status)}>{t(`campaigns.status.${c.status}`)}</Badge>,
        },
        {
            key: 'verdict',
            label: t('campaigns.column.verdict'),
            sortBy: (c) => ANSWERS.indexOf(standings.get(c.key)?.verdict.answer ?? ''),
            cell: (c) => <VerdictCell campaign={c} standing={standings.get(c.key)} />,
        },
        {
            key: 'uplift',
            label: t('campaigns.column.uplift'),
            isNumber: true,
            sortBy: (c) => uplifts.get(c.key)?.uplift ?? null,
            cell: (c) => <UpliftCell campaign={c} uplift={uplifts.get(c.key)} standing={standings.get(c.key)} />,
        },
        {
            key: 'progress',
            label: t('campaigns.column.progress'),
            sortBy: (c) => shareOf(standings.get(c.key)),
            cell: (c) => <ProgressCell campaign={c} standing={standings.get(c.key)} />,
        },
        {
            key: 'changed',
            label: t('campaigns.column.changed'),
            sortBy: (c) => c.updated_at,
            cell: (c) => <span class="soft">{formatAgo(c.updated_at)}</span>,
        },
    ];
}
