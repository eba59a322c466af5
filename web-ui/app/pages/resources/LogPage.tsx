// SPDX-License-Identifier: GPL-3.0-or-later
// A list that only grows: newest first, more on request. One that is filtered may say how far it was searched.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { get } from '../../lib/api';
import { formatDate, t, type MessageKey } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import { Button } from '../../ui/Button';
import { Empty, Loaded } from '../../ui/feedback';
import { Page } from '../../ui/parts';
import { Table, type Column } from '../../ui/Table';
import type { Item } from './form';

interface Listing {
    items: Item[];
    next: string | null;
    searched_to?: string | null;
}

interface LogPageProps {
    path: string; // with what is asked for
    title: MessageKey;
    empty: MessageKey;
    columns: (reload: () => void) => Column<Item>[];
    every?: number;
    children?: ComponentChildren;
}

const PAGE = 50;

/* So far back nothing more was found, and older lines were not looked at. */
function Searched({ to, onMore }: { to: string; onMore: () => Promise<void> }) {
    return (
        <div class="row">
            <span class="soft" role="status">
                {t('audit.searched', { date: formatDate(to, 'time') })}
            </span>
            <Button onClick={onMore}>{t('audit.further')}</Button>
        </div>
    );
}

export function LogPage({ path, title, empty, columns, every, children }: LogPageProps) {
    const asked = `${path}${path.includes('?') ? '&' : '?'}limit=${PAGE}`;
    const query = useQuery<Listing>(asked, every ? { every } : {});
    const [kept, setKept] = useState<{ asked: string; older: Listing } | null>(null);
    const older = kept?.asked === asked ? kept.older : null;
    const rowsOf = (first: Listing) => [
        ...first.items,
        ...(older?.items ?? []).filter((old) => !first.items.some((one) => one['id'] === old['id'])),
    ];
    const more = async (next: string) => {
        const { body } = await get<Listing>(`${asked}&after=${encodeURIComponent(next)}`);
        setKept({ asked, older: { ...body, items: [...(older?.items ?? []), ...body.items] } });
    };
    return (
        <Page title={t(title)}>
            {children}
            <Loaded query={query}>
                {(first) => {
                    const { next, searched_to: to } = older ?? first;
                    const rows = rowsOf(first);
                    if (rows.length === 0 && !next) return <Empty title={t('state.empty')}>{t(empty)}</Empty>;
                    return (
                        <div class="card stack">
                            {rows.length > 0 && (
                                <Table
                                    caption={t(title)}
                                    columns={columns(() => void query.reload())}
                                    rows={rows}
                                    rowKey={(item) => String(item['id'])}
                                />
                            )}
                            {next && to && <Searched to={to} onMore={() => more(next)} />}
                            {next && !to && (
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
