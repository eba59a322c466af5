// SPDX-License-Identifier: GPL-3.0-or-later
import { t, type MessageKey } from '../../lib/i18n';
import { nameColumn, text, timeColumn } from './cells';
import { ResourcePage, type Resource } from './ResourcePage';

const TYPES = ['string', 'boolean', 'number', 'json'] as const;

const resource: Resource = {
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
        { name: 'default', label: 'flags.default', kind: 'json', hint: 'flags.default.hint' },
        { name: 'description', label: 'resource.description', kind: 'area', isText: true },
    ],
    keyOf: (item) => text(item, 'key'),
    columns: () => [
        nameColumn('resource.key', (item) => text(item, 'description')),
        {
            key: 'type',
            label: t('flags.type'),
            sortBy: (item) => text(item, 'type'),
            cell: (item) => t(`flags.type.${text(item, 'type')}` as MessageKey),
        },
        { key: 'default', label: t('flags.default'), cell: (item) => <code>{JSON.stringify(item['default'])}</code> },
        timeColumn('updated_at', 'resource.changed'),
    ],
};

export default () => <ResourcePage resource={resource} />;
