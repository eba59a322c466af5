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
    // its reply is shown as onMade
    move?: { name: string; action: MessageKey; text: MessageKey; isFor: (item: Item) => boolean };
    mayEdit?: (item: Item) => boolean;
    onMade?: (item: Item) => ComponentChildren; // shown once after making: a secret
}

type Open = { kind: 'create' } | { kind: 'edit' | 'remove' | 'move'; item: Item } | { kind: 'made'; item: Item } | null;

interface OpenedProps {
    resource: Resource;
    open: NonNullable<Open>;
    setOpen: Dispatch<StateUpdater<Open>>;
    reload: () => void;
    close: () => void;
}

const pathOf = (resource: Resource, item: Item) => `${resource.path}/${encodeURIComponent(resource.keyOf(item))}`;

function Remove({ resource, item, reload, close }: Omit<OpenedProps, 'open' | 'setOpen'> & { item: Item }) {
    const { action, text } = resource.remove!;
    const remove = async () => {
        await change('DELETE', pathOf(resource, item));
        reload();
    };
    return (
        <Confirm
            title={t(action)}
            text={t(text, { name: resource.keyOf(item) })}
            action={t(action)}
            isDangerous
            onConfirm={remove}
            onClose={close}
        />
    );
}

function Move({ resource, item, setOpen, reload, close }: Omit<OpenedProps, 'open'> & { item: Item }) {
    const { name, action, text } = resource.move!;
    const move = async () => {
        const { body } = await change<Item>('POST', `${pathOf(resource, item)}/${name}`, {});
        reload();
        setOpen({ kind: 'made', item: body });
    };
    return (
        <Confirm
            title={t(action)}
            text={t(text, { name: (resource.nameOf ?? resource.keyOf)(item) })}
            action={t(action)}
            isDangerous
            onConfirm={move}
            onClose={close}
        />
    );
}

function Form({ resource, open, setOpen, reload, close }: OpenedProps) {
    const item = open.kind === 'edit' ? open.item : undefined;
    const done = (made: Item) => {
        reload();
        setOpen(!item && resource.onMade ? { kind: 'made', item: made } : null);
    };
    return (
        <FormDialog
            title={t(item ? resource.edit : resource.create)}
            fields={resource.fields}
            path={item ? pathOf(resource, item) : resource.path}
            item={item}
            onClose={close}
            onDone={done}
        />
    );
}

function Opened(props: OpenedProps) {
    const { resource, open, close } = props;
    if (open.kind === 'remove' && resource.remove) return <Remove {...props} item={open.item} />;
    if (open.kind === 'move' && resource.move) return <Move {...props} item={open.item} />;
    if (open.kind !== 'made') return <Form {...props} />;
    return (
        <Confirm
            title={t(resource.create)}
            text={resource.onMade?.(open.item)}
            action={t('action.close')}
            onConfirm={async () => undefined}
            onClose={close}
        />
    );
}

function Actions({ resource, item, setOpen }: Pick<OpenedProps, 'resource' | 'setOpen'> & { item: Item }) {
    const name = (resource.nameOf ?? resource.keyOf)(item);
    const { move, remove } = resource;
    const button = (kind: 'edit' | 'remove' | 'move', label: string, of: string) => (
        <Button look="quiet" aria-label={`${label} ${of}`} onClick={() => setOpen({ kind, item })}>
            {label}
        </Button>
    );
    return (
        <span class="row actions">
            {button('edit', t('action.edit'), name)}
            {move?.isFor(item) && button('move', t(move.action), name)}
            {remove && button('remove', t(remove.action), resource.keyOf(item))}
        </span>
    );
}

export function ResourcePage({ resource }: { resource: Resource }) {
    const query = useQuery<{ items: Item[] }>(`${resource.path}?limit=500`);
    const isAllowed = useMay(resource.role);
    const [open, setOpen] = useState<Open>(null);
    const create = isAllowed && (
        <Button look="primary" onClick={() => setOpen({ kind: 'create' })}>
            {t(resource.create)}
        </Button>
    );
    const close = () => setOpen((now) => (now === open ? null : now));
    const actions: Column<Item> = {
        key: 'actions',
        label: t('resource.actions'),
        isNumber: true,
        cell: (item) =>
            resource.mayEdit && !resource.mayEdit(item) ? null : (
                <Actions resource={resource} item={item} setOpen={setOpen} />
            ),
    };
    const columns = isAllowed ? [...resource.columns(query.reload), actions] : resource.columns(query.reload);
    return (
        <Page title={t(resource.title)} actions={create}>
            <Loaded query={query}>
                {({ items }) =>
                    items.length === 0 ? (
                        <Empty title={t('state.empty')} action={create}>
                            {t(resource.empty)}
                        </Empty>
                    ) : (
                        <div class="card">
                            <Table caption={t(resource.title)} columns={columns} rows={items} rowKey={resource.keyOf} />
                        </div>
                    )
                }
            </Loaded>
            {open && <Opened {...{ resource, open, setOpen, close }} reload={() => void query.reload()} />}
        </Page>
    );
}
