// SPDX-License-Identifier: GPL-3.0-or-later
import { t, type MessageKey } from '../../lib/i18n';
import { Badge } from '../../ui/parts';
import { CopyText } from '../../ui/CopyText';
import { nameColumn, text, timeColumn } from './cells';
import type { Draft } from './form';
import { ResourcePage, type Resource } from './ResourcePage';

const isSecret = (draft: Draft) => draft['kind'] === 'secret';
const ROLES = ['viewer', 'editor', 'publisher', 'admin'] as const;

const resource: Resource = {
    path: '/keys',
    title: 'nav.keys',
    create: 'keys.create',
    edit: 'keys.edit',
    empty: 'keys.empty',
    remove: { action: 'keys.revoke', text: 'keys.revoke.text' },
    role: 'admin',
    fields: [
        { name: 'name', label: 'resource.name', kind: 'text', isText: true, hint: 'keys.name.hint' },
        {
            name: 'kind',
            label: 'keys.kind',
            kind: 'select',
            isOnce: true,
            initial: 'client',
            hint: 'keys.kind.hint',
            options: [
                { value: 'client', label: 'keys.kind.client' },
                { value: 'secret', label: 'keys.kind.secret' },
            ],
        },
        {
            name: 'role',
            label: 'keys.role',
            kind: 'select',
            isOnce: true,
            initial: 'viewer',
            when: isSecret,
            options: ROLES.map((value) => ({ value, label: `role.${value}` as MessageKey })),
        },
        {
            name: 'scopes',
            label: 'keys.events',
            kind: 'select',
            isWidest: true,
            hint: 'keys.events.hint',
            when: isSecret,
            options: [
                { value: '', label: 'keys.events.none' },
                { value: 'events', label: 'keys.events.events' },
                { value: 'backfill', label: 'keys.events.backfill' },
            ],
        },
    ],
    keyOf: (item) => text(item, 'id'),
    mayEdit: (item) => !item['revoked_at'],
    onMade: (item) => (
        <div class="stack-small">
            <p>{t(item['kind'] === 'secret' ? 'keys.once' : 'keys.public')}</p>
            <CopyText text={text(item, 'token')} />
        </div>
    ),
    columns: () => [
        nameColumn('resource.name', (item) => `…${text(item, 'hint')}`),
        {
            key: 'kind',
            label: t('keys.kind'),
            sortBy: (item) => text(item, 'kind'),
            cell: (item) => t(`keys.kind.${text(item, 'kind')}` as MessageKey),
        },
        {
            key: 'role',
            label: t('keys.role'),
            cell: (item) => (item['kind'] === 'secret' ? t(`role.${text(item, 'role')}` as MessageKey) : null),
        },
        {
            key: 'state',
            label: t('keys.state'),
            cell: (item) =>
                item['revoked_at'] ? (
                    <Badge tone="bad">{t('keys.revoked')}</Badge>
                ) : (
                    <Badge tone="good">{t('keys.valid')}</Badge>
                ),
        },
        timeColumn('created_at', 'resource.made'),
    ],
};

export default () => <ResourcePage resource={resource} />;
