// SPDX-License-Identifier: GPL-3.0-or-later
import { useState } from 'preact/hooks';
import { change } from '../../lib/api';
import { t } from '../../lib/i18n';
import { useMay, useSession } from '../../lib/session';
import { Button } from '../../ui/Button';
import { Confirm } from '../../ui/Dialog';
import { Badge } from '../../ui/parts';
import { nameColumn, text, timeColumn } from './cells';
import type { FormField, Item } from './form';
import { ResourcePage, type Resource } from './ResourcePage';

/* The control instead of every variant, or ends that. */
function Panic({ item, reload: reloadList }: { item: Item; reload: () => Promise<void> }) {
    const isOn = item['is_panic'] === true;
    const [isOpen, setOpen] = useState(false);
    const { reload } = useSession();
    const mayTurn = useMay('publisher');
    const turn = async () => {
        await change('POST', `/environments/${text(item, 'key')}/panic`, { is_panic: !isOn });
        await Promise.all([reloadList(), reload()]);
    };
    return (
        <span class="row">
            {isOn && <Badge tone="bad">{t('environments.panic.on')}</Badge>}
            {mayTurn && (
                <Button look={isOn ? 'plain' : 'danger'} onClick={() => setOpen(true)}>
                    {t(isOn ? 'environments.panic.end' : 'environments.panic')}
                </Button>
            )}
            {isOpen && (
                <Confirm
                    title={t(isOn ? 'environments.panic.end' : 'environments.panic')}
                    text={t(isOn ? 'environments.panic.end.text' : 'environments.panic.text')}
                    action={t(isOn ? 'environments.panic.end' : 'environments.panic')}
                    isDangerous={!isOn}
                    onConfirm={turn}
                    onClose={() => setOpen(false)}
                />
            )}
        </span>
    );
}

/* "click wishlist .product .heart": the occasion, the event's name, the selector. */
const tracked = {
    show: (item: Item) => `${text(item, 'on')} ${text(item, 'name')} ${text(item, 'selector')}`,
    read: (line: string) => {
        const found = /^(\S+)\s+(\S+)\s+(.+)$/.exec(line);
        if (!found) throw new Error(t('environments.tracking.wrong', { line }));
        return { on: found[1], name: found[2], selector: found[3] };
    },
};

/* What bounds it has at first is the server's to say. */
const LIMITS: FormField[] = [
    {
        name: 'unit_events_per_day',
        label: 'environments.unitDay',
        kind: 'number',
        isLater: true,
        hint: 'environments.unitDay.hint',
    },
    {
        name: 'unit_events',
        label: 'environments.unitAll',
        kind: 'number',
        isLater: true,
        hint: 'environments.unitAll.hint',
    },
    {
        name: 'early_exposures',
        label: 'environments.early',
        kind: 'number',
        isLater: true,
        hint: 'environments.early.hint',
    },
];

const resource: Resource = {
    path: '/environments',
    title: 'nav.environments',
    create: 'environments.create',
    edit: 'environments.edit',
    empty: 'environments.empty',
    role: 'admin',
    fields: [
        { name: 'key', label: 'resource.key', kind: 'text', isOnce: true, hint: 'resource.key.hint' },
        { name: 'name', label: 'resource.name', kind: 'text', isText: true },
        {
            name: 'time_zone',
            label: 'environments.timeZone',
            kind: 'text',
            isText: true,
            initial: 'UTC',
            hint: 'environments.timeZone.hint',
        },
        {
            name: 'currency',
            label: 'environments.currency',
            kind: 'text',
            isOnce: true,
            initial: 'EUR',
            hint: 'environments.currency.hint',
        },
        { name: 'allowed_origins', label: 'environments.origins', kind: 'list', hint: 'environments.origins.hint' },
        {
            name: 'junk_ids',
            label: 'environments.junkIds',
            kind: 'list',
            isLater: true,
            hint: 'environments.junkIds.hint',
        },
        {
            name: 'tracking',
            label: 'environments.tracking',
            kind: 'list',
            hint: 'environments.tracking.hint',
            line: tracked,
        },
        ...LIMITS,
        { name: 'allows_html', label: 'environments.allowsHtml', kind: 'check' },
    ],
    keyOf: (item) => text(item, 'key'),
    columns: (reload) => [
        nameColumn('resource.name'),
        { key: 'zone', label: t('environments.timeZone'), cell: (item) => text(item, 'time_zone') },
        { key: 'currency', label: t('environments.currency'), cell: (item) => text(item, 'currency') },
        { key: 'panic', label: t('environments.panic.column'), cell: (item) => <Panic item={item} reload={reload} /> },
        timeColumn('updated_at', 'resource.changed'),
    ],
};

export default () => <ResourcePage resource={resource} />;
