// SPDX-License-Identifier: GPL-3.0-or-later
// Cells that several lists share.
import { formatAgo, formatDate } from '../../lib/i18n';
import type { Column } from '../../ui/Table';
import type { MessageKey } from '../../lib/i18n';
import { t } from '../../lib/i18n';
import type { Item } from './form';

/* What has a key and, perhaps, a name. */
export const namedOf = (item: Item) => ({ key: text(item, 'key'), name: text(item, 'name') });

export const text = (item: Item, name: string): string => String(item[name] ?? '');

/* A name with its key beneath, or another detail. */
export function nameColumn(
    label: MessageKey,
    detail = (item: Item) => text(item, 'key'),
    name = (item: Item) => text(item, 'name') || text(item, 'key'),
): Column<Item> {
    return {
        key: 'name',
        label: t(label),
        isHead: true,
        sortBy: name,
        cell: (item) => (
            <div class="name-cell">
                <span class="strong">{name(item)}</span>
                <div class="small soft">{detail(item)}</div>
            </div>
        ),
    };
}

export function timeColumn(name: string, label: MessageKey): Column<Item> {
    return {
        key: name,
        label: t(label),
        sortBy: (item) => text(item, name),
        cell: (item) =>
            item[name] ? (
                <time class="soft" dateTime={text(item, name)} title={formatDate(text(item, name), 'time')}>
                    {formatAgo(text(item, name))}
                </time>
            ) : null,
    };
}
