// SPDX-License-Identifier: GPL-3.0-or-later
// A list that only grows: newest first, more on request.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { get } from '../../lib/api';
import { t, type MessageKey } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import { Button } from '../../ui/Button';
import { Empty, Loaded } from '../../ui/feedback';
import { Page } from '../../ui/parts';
import { Table, type Column } from '../../ui/Table';
import type { Item } from './form';

interface Listing {
    items: Item[];
    next: string | null;
}

interface LogPageProps {
    path: string;
    title: MessageKey;
    empty: MessageKey;
    columns: (reload: () => void) => Column<Item>[];
    every?: number;
    children?: ComponentChildren;
}

const PAGE = 50;

export function LogPage({ path, title, empty, columns, every, children }: LogPageProps) {
    const query = useQuery<Listing>(`${path}?limit=${PAGE}`, every ? { every } : {});
    const [older, setOlder] = useState<Listing | null>(null);
    const rowsOf = (first: Listing) => [
        ...first.items,
        ...(older?.items ?? []).filter((old) => !first.items.some((one) => one['id'] === old['id'])),
    ];
    const more = async (next: string) => {
        const { body } = await get<Listing>(`${path}?limit=${PAGE}&after=${encodeURIComponent(next)}`);
        setOlder((before) => ({ items: [...(before?.items ?? []), ...body.items], next: body.next }));
    };
    return (
        <Page title={t(title)}>
            {children}
            <Loaded query={query}>
                {(first) => {
                    const next = older ? older.next : first.next;
                    if (first.items.length === 0) return <Empty title={t('state.empty')}>{t(empty)}</Empty>;
                    return (
                        <div class="card stack">
                            <Table
                                caption={t(title)}
                                columns={columns(() => void query.reload())}
                                rows={rowsOf(first)}
                                rowKey={(item) => String(item['id'])}
                            />
                            {next && (
                                <div>
                                    <Button onClick={() => more(next)}>{t('action.more')}</Button>
                                </div>
                            )}
                        </div>
                    );
                }}
            </Loaded>
        </Page>
    );
}
