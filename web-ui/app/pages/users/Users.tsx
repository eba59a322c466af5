// SPDX-License-Identifier: GPL-3.0-or-later
import { t, type MessageKey } from '../../lib/i18n';
import { CopyText } from '../../ui/CopyText';
import { Badge } from '../../ui/parts';
import { text, timeColumn } from '../resources/cells';
import type { Item } from '../resources/form';
import { ResourcePage, type Resource } from '../resources/ResourcePage';

const ROLES = ['viewer', 'editor', 'publisher', 'admin'] as const;

function State({ user }: { user: Item }) {
    if (user['is_disabled']) return <Badge tone="bad">{t('users.disabled')}</Badge>;
    return user['has_password'] ? (
        <Badge tone="good">{t('users.active')}</Badge>
    ) : (
        <Badge tone="warn">{t('users.invited')}</Badge>
    );
}

const resource: Resource = {
    path: '/users',
    title: 'nav.users',
    create: 'users.invite',
    edit: 'users.edit',
    empty: 'users.empty',
    role: 'admin',
    fields: [
        { name: 'email', label: 'people.email', kind: 'text', isText: true },
        {
            name: 'role',
            label: 'people.role',
            kind: 'select',
            initial: 'viewer',
            hint: 'users.role.hint',
            options: ROLES.map((value) => ({ value, label: `role.${value}` as MessageKey })),
        },
        { name: 'is_disabled', label: 'users.disable', kind: 'check', isLater: true },
    ],
    keyOf: (item) => text(item, 'id'),
    nameOf: (item) => text(item, 'email'),
    move: { name: 'reset', action: 'users.reset', text: 'users.reset.text', isFor: (item) => !item['is_disabled'] },
    onMade: (item) => (
        <div class="stack-small">
            <p>{t('users.link', { email: text(item, 'email') })}</p>
            <CopyText text={location.origin + text(item, 'link')} />
        </div>
    ),
    columns: () => [
        {
            key: 'email',
            label: t('people.email'),
            isHead: true,
            sortBy: (item) => text(item, 'email'),
            cell: (item) => <span class="strong">{text(item, 'email')}</span>,
        },
        {
            key: 'role',
            label: t('people.role'),
            sortBy: (item) => ROLES.indexOf(text(item, 'role') as (typeof ROLES)[number]),
            cell: (item) => t(`role.${text(item, 'role')}` as MessageKey),
        },
        { key: 'state', label: t('users.state'), cell: (item) => <State user={item} /> },
        timeColumn('seen_at', 'users.seen'),
    ],
};

export default () => <ResourcePage resource={resource} />;
