// SPDX-License-Identifier: GPL-3.0-or-later
import { t } from '../../lib/i18n';
import { Link, usePath } from '../../lib/router';
import { AUDIT, AuditFilters, auditAsked, auditPlace, auditQuery, type AuditAsked } from './AuditFilters';
import { text, timeColumn } from './cells';
import type { Item } from './form';
import { LogPage } from './LogPage';

/* The members that differ, one a line: "name: "a" → "b"". */
function differences(item: Item): string[] {
    const [before, after] = [item['before'], item['after']] as (Item | null)[];
    const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
    const shown = (value: unknown) => (value === undefined ? t('state.none') : JSON.stringify(value));
    return names
        .filter(
            (name) =>
                !['version', 'updated_at', 'created_at'].includes(name) &&
                JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]),
        )
        .map((name) => `${name}: ${shown(before?.[name])} → ${shown(after?.[name])}`);
}

function Change({ item }: { item: Item }) {
    const lines = differences(item);
    if (lines.length === 0) return null;
    return (
        <details>
            <summary>{t('audit.changes', { count: lines.length })}</summary>
            <pre class="code wrap">{lines.join('\n')}</pre>
        </details>
    );
}

const ACCESS = [
    'login.refuse',
    'link.refuse',
    'key.refuse',
    'role.refuse',
    'password.refuse',
    'second_factor.refuse',
    'provider.refuse',
    'export.read',
    'visitor.read',
    'live_events.read',
] as const;

/* What is no change needs words. */
function Words({ action }: { action: string }) {
    const known = ACCESS.find((name) => name === action);
    return known ? <span class="soft"> {t(`audit.${known}`)}</span> : null;
}

/* Whoever has no name is called by a word, or by what there is. */
const WORDS = ['system', 'unknown', 'several'] as const;

/* Leads to what else they did. */
function Actor({ item, asked }: { item: Item; asked: AuditAsked }) {
    const actor = text(item, 'actor');
    const word = WORDS.find((one) => one === actor);
    const name = word ? t(`audit.by.${word}`) : text(item, 'actor_name') || actor;
    const found = actor.startsWith('user:') ? name : actor;
    return (
        <Link to={auditPlace({ ...asked, actor: found })} class={word && 'soft'} title={actor}>
            {name}
        </Link>
    );
}

/* The page where what was changed stands now. */
const PAGES: Record<string, string> = {
    flag: '/app/flags',
    metric: '/app/metrics',
    layer: '/app/layers',
    dimension: '/app/dimensions',
    environment: '/app/environments',
    import: '/app/imports',
    key: '/app/keys',
    user: '/app/users',
};

function placeOf(item: Item): string | undefined {
    const [kind = '', verb] = text(item, 'action').split('.');
    if (verb === 'refuse' || verb === 'read') return undefined;
    if (kind === 'campaign') return `/app/campaigns/${encodeURIComponent(text(item, 'resource'))}`;
    return PAGES[kind];
}

function Resource({ item }: { item: Item }) {
    const name = text(item, 'resource_name') || text(item, 'resource');
    const place = placeOf(item);
    return place ? <Link to={place}>{name}</Link> : <>{name}</>;
}

export default function Audit() {
    const asked = auditAsked(usePath().search);
    return (
        <LogPage
            path={`/audit${auditQuery(asked)}`}
            title="nav.audit"
            empty={auditPlace(asked) === AUDIT ? 'audit.empty' : 'audit.empty.filtered'}
            columns={() => [
                timeColumn('at', 'audit.when'),
                {
                    key: 'actor',
                    label: t('audit.actor'),
                    cell: (item) => <Actor item={item} asked={asked} />,
                },
                {
                    key: 'action',
                    label: t('audit.action'),
                    isHead: true,
                    cell: (item) => (
                        <>
                            <code>{text(item, 'action')}</code> <Resource item={item} />
                            <Words action={String(item['action'])} />
                        </>
                    ),
                },
                { key: 'change', label: t('audit.change'), cell: (item) => <Change item={item} /> },
            ]}
        >
            <AuditFilters asked={asked} />
        </LogPage>
    );
}
