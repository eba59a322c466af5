// SPDX-License-Identifier: GPL-3.0-or-later
import { formatPercent, t } from '../../lib/i18n';
import { Link } from '../../lib/router';
import { nameColumn, text, timeColumn } from './cells';
import type { Item } from './form';
import { ResourcePage, type Resource } from './ResourcePage';

const campaigns = (item: Item) => (item['campaigns'] as { key: string; share?: number }[] | null) ?? [];

const resource: Resource = {
    path: '/layers',
    title: 'nav.layers',
    create: 'layers.create',
    edit: 'layers.edit',
    empty: 'layers.empty',
    remove: { action: 'action.archive', text: 'layers.archive.text' },
    role: 'editor',
    fields: [
        { name: 'key', label: 'resource.key', kind: 'text', isOnce: true, hint: 'resource.key.hint' },
        { name: 'name', label: 'resource.name', kind: 'text', isText: true },
    ],
    keyOf: (item) => text(item, 'key'),
    columns: () => [
        nameColumn('resource.name'),
        {
            key: 'free',
            label: t('layers.free'),
            isNumber: true,
            sortBy: (item) => Number(item['free']),
            cell: (item) => formatPercent(Number(item['free']), 0),
        },
        {
            key: 'campaigns',
            label: t('nav.campaigns'),
            cell: (item) => (
                <span class="row">
                    {campaigns(item).map((one) => {
                        const key = typeof one === 'string' ? one : one.key;
                        return (
                            <Link key={key} to={`/app/campaigns/${key}`}>
                                {key}
                            </Link>
                        );
                    })}
                </span>
            ),
        },
        timeColumn('updated_at', 'resource.changed'),
    ],
};

export default () => <ResourcePage resource={resource} />;
