// SPDX-License-Identifier: GPL-3.0-or-later
// A page of one kind of thing: a list, and for those who may a form to make and change them.
import type { ComponentChildren } from 'preact';
import { useState, type Dispatch, type StateUpdater } from 'preact/hooks';
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
    columns: (reload: () => Promise<void>) => Column<Item>[];
    keyOf: (item: Item) => string;
    nameOf?: (item: Item) => string; // for people, where the key is none
    move?: { name: string; action: MessageKey; text: MessageKey; isFor: (item: Item) => boolean }; // its reply is shown as onMade
    mayEdit?: (item: Item) => boolean;
    onMade?: (item: Item) => ComponentChildren; // shown once after making: a secret
}

type Open = { kind: 'create' } | { kind: 'edit' | 'remove' | 'move'; item: Item } | { kind: 'made'; item: Item } | null;

function Opened({ resource, open, setOpen, reload }: { resource: Resource; open: Open; setOpen: Dispatch<StateUpdater<Open>>; reload: () => void }) {
    if (!open) return null;
    const close = () => setOpen((now) => (now === open ? null : now));
    const nameOf = resource.nameOf ?? resource.keyOf;
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
    if (open.kind === 'move' && resource.move) {
        const { name, action, text } = resource.move;
        const move = async () => {
            const { body } = await change<Item>('POST', `${resource.path}/${encodeURIComponent(resource.keyOf(open.item))}/${name}`, {});
            reload();
            setOpen({ kind: 'made', item: body });
        };
        return <Confirm title={t(action)} text={t(text, { name: nameOf(open.item) })} action={t(action)} isDangerous onConfirm={move} onClose={close} />;
    }
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
    const nameOf = resource.nameOf ?? resource.keyOf;
    const { move } = resource;
    const actions: Column<Item> = {
        key: 'actions', label: t('resource.actions'), isNumber: true,
        cell: (item) => (resource.mayEdit && !resource.mayEdit(item)) ? null : (
            <span class="row actions">
                <Button look="quiet" aria-label={`${t('action.edit')} ${nameOf(item)}`} onClick={() => setOpen({ kind: 'edit', item })}>{t('action.edit')}</Button>
                {move?.isFor(item) && <Button look="quiet" aria-label={`${t(move.action)} ${nameOf(item)}`} onClick={() => setOpen({ kind: 'move', item })}>{t(move.action)}</Button>}
                {resource.remove && <Button look="quiet" aria-label={`${t(resource.remove.action)} ${resource.keyOf(item)}`} onClick={() => setOpen({ kind: 'remove', item })}>{t(resource.remove.action)}</Button>}
            </span>
        ),
    };
    const columns = isAllowed ? [...resource.columns(query.reload), actions] : resource.columns(query.reload);
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
