// SPDX-License-Identifier: GPL-3.0-or-later
import { useMemo } from 'preact/hooks';
import { t, type MessageKey } from '../../lib/i18n';
import { useSession, type Environment } from '../../lib/session';
import { CopyText } from '../../ui/CopyText';
import { Badge } from '../../ui/parts';
import { text, timeColumn } from '../resources/cells';
import type { FormField, Item } from '../resources/form';
import { ResourcePage, type Resource } from '../resources/ResourcePage';

const ROLES = ['viewer', 'editor', 'publisher', 'admin'] as const;

const BOUND = ['', 'none', 'viewer', 'editor', 'publisher'] as const;

function State({ user }: { user: Item }) {
    if (user['is_disabled']) return <Badge tone="bad">{t('users.disabled')}</Badge>;
    return (
        <span class="row">
            {user['has_password'] ? (
                <Badge tone="good">{t('users.active')}</Badge>
            ) : (
                <Badge tone="warn">{t('users.invited')}</Badge>
            )}
            {user['has_second_factor'] === true && <Badge>{t('factor.title')}</Badge>}
        </span>
    );
}

/* The role, and where it is another one. */
function Roles({ user, environments }: { user: Item; environments: Environment[] }) {
    const bound = user['role'] === 'admin' ? {} : (user['environment_roles'] as Record<string, string>);
    return (
        <>
            <div>{t(`role.${text(user, 'role')}` as MessageKey)}</div>
            {environments
                .filter(({ key }) => bound[key])
                .map(({ key, name }) => (
                    <div key={key} class="small soft">
                        {t('users.bound', { environment: name || key, role: t(`role.${bound[key]}` as MessageKey) })}
                    </div>
                ))}
        </>
    );
}

/* One for each environment, where there are several; an admin is one in all. */
const boundFields = (environments: Environment[]): FormField[] =>
    environments.length < 2
        ? []
        : environments.map(({ key, name }) => ({
              name: `environment_roles.${key}`,
              label: 'users.boundIn',
              about: name || key,
              kind: 'select',
              isLeftOut: true,
              when: (draft) => draft['role'] !== 'admin',
              options: BOUND.map((value) => ({
                  value,
                  label: value ? (`role.${value}` as MessageKey) : 'users.unbound',
              })),
          }));

const resourceOf = (environments: Environment[]): Resource => ({
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
        ...boundFields(environments),
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
            cell: (item) => <Roles user={item} environments={environments} />,
        },
        { key: 'state', label: t('users.state'), cell: (item) => <State user={item} /> },
        timeColumn('seen_at', 'users.seen'),
    ],
});

export default function Users() {
    const { environments } = useSession();
    const resource = useMemo(() => resourceOf(environments), [environments]);
    return <ResourcePage resource={resource} />;
}
