// SPDX-License-Identifier: GPL-3.0-or-later
// The columns of the campaigns' list.
import { formatAgo, formatNumber, formatUplift, t } from '../../lib/i18n';
import { Link } from '../../lib/router';
import { Badge } from '../../ui/parts';
import type { Column } from '../../ui/Table';
import { statusTone, type Campaign } from './campaign';
import { Sparkline } from './Sparkline';

export interface Uplift {
    campaign: string;
    metric: string;
    direction: string;
    variant: string;
    units: number;
    uplift: number;
    course: { day: string; uplift: number }[];
}

function UpliftCell({ uplift }: { uplift: Uplift | undefined }) {
    if (!uplift) return <span class="soft">–</span>;
    const isGood = uplift.uplift === 0 ? null : uplift.uplift > 0 === (uplift.direction === 'up');
    const name = t('campaigns.uplift', { metric: uplift.metric, variant: uplift.variant });
    return (
        <span class="uplift-cell" title={name}>
            <Sparkline values={uplift.course.map((point) => point.uplift)} isGood={isGood} />
            <span class="strong number">{formatUplift(uplift.uplift, 1)}</span>
            <span class="visually-hidden">{name}</span>
        </span>
    );
}

export function columnsOf(uplifts: Map<string, Uplift>): Column<Campaign>[] {
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
            key: 'uplift',
            label: t('campaigns.column.uplift'),
            isNumber: true,
            sortBy: (c) => uplifts.get(c.key)?.uplift ?? null,
            cell: (c) => <UpliftCell uplift={uplifts.get(c.key)} />,
        },
        {
            key: 'visitors',
            label: t('campaigns.column.visitors'),
            isNumber: true,
            sortBy: (c) => uplifts.get(c.key)?.units ?? null,
            cell: (c) => {
                const units = uplifts.get(c.key)?.units;
                return units === undefined ? <span class="soft">–</span> : formatNumber(units);
            },
        },
        {
            key: 'changed',
            label: t('campaigns.column.changed'),
            sortBy: (c) => c.updated_at,
            cell: (c) => <span class="soft">{formatAgo(c.updated_at)}</span>,
        },
    ];
}
