// SPDX-License-Identifier: GPL-3.0-or-later
// A page of one kind of thing: a list, and for those who may a form to make and change them.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { change } from '../../lib/api';
import { t, type MessageKey } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import { useMay, type Role } from '../../lib/session';
import { Button } from '../../ui/Button';
import { Confirm } from '../../ui/Dialog';
import { Empty, Loaded } from '../../ui/feedback';
import { Page } from '../../ui/parts';
import { Table, type Column } from '../../ui/Table';
import { FormDialog } from './FormDialog';
import type { FormField, Item } from './form';

export interface Resource {
    path: string;
    title: MessageKey;
    create: MessageKey;
    edit: MessageKey;
    empty: MessageKey;
    remove?: { action: MessageKey; text: MessageKey };
    role: Role;
    fields: FormField[];
    columns: () => Column<Item>[];
    keyOf: (item: Item) => string;
    mayEdit?: (item: Item) => boolean;
    onMade?: (item: Item) => ComponentChildren; // shown once after making: a secret
}

type Open = { kind: 'create' } | { kind: 'edit' | 'remove'; item: Item } | { kind: 'made'; item: Item } | null;

function Opened({ resource, open, setOpen, reload }: { resource: Resource; open: Open; setOpen: (open: Open) => void; reload: () => void }) {
    if (!open) return null;
    const close = () => setOpen(null);
    if (open.kind === 'made') {
        return <Confirm title={t(resource.create)} text={resource.onMade?.(open.item)} action={t('action.close')} onConfirm={async () => undefined} onClose={close} />;
    }
    if (open.kind === 'remove' && resource.remove) {
        const remove = async () => {
            await change('DELETE', `${resource.path}/${encodeURIComponent(resource.keyOf(open.item))}`);
            reload();
        };
        return <Confirm title={t(resource.remove.action)} text={t(resource.remove.text, { name: resource.keyOf(open.item) })}
            action={t(resource.remove.action)} isDangerous onConfirm={remove} onClose={close} />;
    }
    const item = open.kind === 'edit' ? open.item : undefined;
    const done = (made: Item) => {
        reload();
        setOpen(!item && resource.onMade ? { kind: 'made', item: made } : null);
    };
    const path = item ? `${resource.path}/${encodeURIComponent(resource.keyOf(item))}` : resource.path;
    return <FormDialog title={t(item ? resource.edit : resource.create)} fields={resource.fields} path={path} item={item} onClose={close} onDone={done} />;
}

export function ResourcePage({ resource }: { resource: Resource }) {
    const query = useQuery<{ items: Item[] }>(`${resource.path}?limit=500`);
    const isAllowed = useMay(resource.role);
    const [open, setOpen] = useState<Open>(null);
    const create = isAllowed && <Button look="primary" onClick={() => setOpen({ kind: 'create' })}>{t(resource.create)}</Button>;
    const actions: Column<Item> = {
        key: 'actions', label: t('resource.actions'), isNumber: true,
        cell: (item) => (resource.mayEdit && !resource.mayEdit(item)) ? null : (
            <span class="row actions">
                <Button look="quiet" aria-label={`${t('action.edit')} ${resource.keyOf(item)}`} onClick={() => setOpen({ kind: 'edit', item })}>{t('action.edit')}</Button>
                {resource.remove && <Button look="quiet" aria-label={`${t(resource.remove.action)} ${resource.keyOf(item)}`} onClick={() => setOpen({ kind: 'remove', item })}>{t(resource.remove.action)}</Button>}
            </span>
        ),
    };
    const columns = isAllowed ? [...resource.columns(), actions] : resource.columns();
    return (
        <Page title={t(resource.title)} actions={create}>
            <Loaded query={query}>
                {({ items }) => items.length === 0
                    ? <Empty title={t('state.empty')} action={create}>{t(resource.empty)}</Empty>
                    : <div class="card"><Table caption={t(resource.title)} columns={columns} rows={items} rowKey={resource.keyOf} /></div>}
            </Loaded>
            <Opened resource={resource} open={open} setOpen={setOpen} reload={() => void query.reload()} />
        </Page>
    );
}
