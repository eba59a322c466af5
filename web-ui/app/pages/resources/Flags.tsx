// SPDX-License-Identifier: GPL-3.0-or-later
import { formatNumber, t, type MessageKey } from '../../lib/i18n';
import { useQuery, type Query } from '../../lib/query';
import { FlagServed } from './FlagServed';
import { nameColumn, text, timeColumn } from './cells';
import { ResourcePage, type Resource } from './ResourcePage';
import type { Campaign } from './served';

/* Text without quotes, yes or no in words. */
function Value({ value }: { value: unknown }) {
    if (typeof value === 'boolean') return <>{t(value ? 'state.yes' : 'state.no')}</>;
    if (typeof value === 'number') return <>{formatNumber(value, 6)}</>;
    return typeof value === 'string' ? <span class="clip">{value || '–'}</span> : <code>{JSON.stringify(value)}</code>;
}

const TYPES = ['string', 'boolean', 'number', 'json'] as const;

const resourceOf = (campaigns: Query<{ items: Campaign[] }>): Resource => ({
    path: '/flags',
    title: 'nav.flags',
    create: 'flags.create',
    edit: 'flags.edit',
    empty: 'flags.empty',
    remove: { action: 'action.archive', text: 'flags.archive.text' },
    role: 'editor',
    fields: [
        { name: 'key', label: 'resource.key', kind: 'text', isOnce: true, hint: 'resource.key.hint' },
        {
            name: 'type',
            label: 'flags.type',
            kind: 'select',
            isOnce: true,
            initial: 'string',
            options: TYPES.map((value) => ({ value, label: `flags.type.${value}` as MessageKey })),
        },
        { name: 'default', label: 'flags.default', kind: 'typed', typedBy: 'type', hint: 'flags.default.hint' },
        { name: 'description', label: 'resource.description', kind: 'area', isText: true },
    ],
    keyOf: (item) => text(item, 'key'),
    columns: () => [
        nameColumn('resource.key', (item) => text(item, 'description')),
        {
            key: 'served',
            label: t('flags.served'),
            cell: (item) =>
                campaigns.data && (
                    <FlagServed
                        flag={text(item, 'key')}
                        type={text(item, 'type')}
                        isDefault={item['default'] === true}
                        campaigns={campaigns.data.items}
                        reload={campaigns.reload}
                    />
                ),
        },
        {
            key: 'type',
            label: t('flags.type'),
            sortBy: (item) => text(item, 'type'),
            cell: (item) => t(`flags.type.${text(item, 'type')}` as MessageKey),
        },
        { key: 'default', label: t('flags.default'), cell: (item) => <Value value={item['default']} /> },
        timeColumn('updated_at', 'resource.changed'),
    ],
});

export default function Flags() {
    const campaigns = useQuery<{ items: Campaign[] }>('/campaigns?limit=500');
    return <ResourcePage resource={resourceOf(campaigns)} />;
}
