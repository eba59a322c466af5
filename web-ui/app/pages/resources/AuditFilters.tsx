// SPDX-License-Identifier: GPL-3.0-or-later
// What the audit log is asked for: it stands in the page's address.
import { useEffect, useState } from 'preact/hooks';
import { t, type MessageKey } from '../../lib/i18n';
import { navigate } from '../../lib/router';
import { useMay } from '../../lib/session';
import { Button, ButtonLink } from '../../ui/Button';
import { SelectField, TextField } from '../../ui/Field';

export const AUDIT = '/app/audit';

const NAMES = ['actor', 'action', 'resource', 'from', 'to'] as const;

export type AuditAsked = Record<(typeof NAMES)[number], string>;

export const auditAsked = (search: URLSearchParams): AuditAsked =>
    Object.fromEntries(NAMES.map((name) => [name, search.get(name) ?? ''])) as AuditAsked;

function queryOf(asked: AuditAsked): string {
    const text = new URLSearchParams(
        NAMES.map((name) => [name, asked[name].trim()]).filter(([, value]) => value) as [string, string][],
    ).toString();
    return text && `?${text}`;
}

export const auditPlace = (asked: AuditAsked): string => `${AUDIT}${queryOf(asked)}`;

/* Where the day begins, or the next one, in the browser's zone; what is no day goes to the server as it is. */
function timeOf(day: string, more: number): string {
    const time = new Date(`${day}T00:00`);
    if (!day || Number.isNaN(time.getTime())) return day;
    time.setDate(time.getDate() + more);
    return time.toISOString();
}

/* What the server is asked: days are whole, the last one too. */
export const auditQuery = (asked: AuditAsked): string =>
    queryOf({ ...asked, from: timeOf(asked.from, 0), to: timeOf(asked.to, 1) });

const KINDS = [
    'campaign',
    'flag',
    'metric',
    'layer',
    'dimension',
    'environment',
    'key',
    'import',
    'share',
    'currency_rate',
    'read',
] as const;
/* These belong to no environment. */
const ADMIN_KINDS = ['user', 'session', 'refuse'] as const;

function Kind({ value, onValue }: { value: string; onValue: (value: string) => void }) {
    const kinds: readonly string[] = useMay('admin') ? [...KINDS, ...ADMIN_KINDS] : KINDS;
    const options = [
        { value: '', label: t('audit.kind.all') },
        ...kinds.map((kind) => ({ value: kind, label: t(`audit.kind.${kind}` as MessageKey) })),
        ...(value && !kinds.includes(value) ? [{ value, label: value }] : []),
    ];
    return <SelectField label={t('audit.kind')} value={value} options={options} onValue={onValue} />;
}

export function AuditFilters({ asked }: { asked: AuditAsked }) {
    const [typed, setTyped] = useState(asked);
    const place = auditPlace(asked);
    useEffect(() => setTyped(asked), [place]);
    const put = (name: keyof AuditAsked) => (value: string) => setTyped({ ...typed, [name]: value });
    const submit = (event: Event) => {
        event.preventDefault();
        navigate(auditPlace(typed));
    };
    const onKind = (action: string) => {
        setTyped({ ...typed, action });
        navigate(auditPlace({ ...typed, action }));
    };
    const text = (name: 'actor' | 'resource', label: MessageKey, hint: MessageKey) => (
        <TextField label={t(label)} hint={t(hint)} value={typed[name]} onValue={put(name)} autocomplete="off" />
    );
    return (
        <form class="card stack" role="search" onSubmit={submit}>
            <div class="audit-filters">
                {text('actor', 'audit.actor', 'audit.who.hint')}
                <Kind value={typed.action} onValue={onKind} />
                {text('resource', 'audit.what', 'audit.what.hint')}
                <TextField label={t('audit.from')} type="date" value={typed.from} onValue={put('from')} />
                <TextField label={t('audit.to')} type="date" value={typed.to} onValue={put('to')} />
            </div>
            <div class="row">
                <Button look="primary" type="submit">
                    {t('audit.show')}
                </Button>
                {place !== AUDIT && <ButtonLink to={AUDIT}>{t('audit.clear')}</ButtonLink>}
            </div>
        </form>
    );
}
