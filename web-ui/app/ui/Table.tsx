// SPDX-License-Identifier: GPL-3.0-or-later
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

export interface Column<T> {
    key: string;
    label: string;
    isNumber?: boolean;
    isHead?: boolean; // names the row for a screen reader
    sortBy?: (row: T) => string | number | null;
    cell: (row: T) => ComponentChildren;
}

interface TableProps<T> {
    caption: string;
    columns: Column<T>[];
    rows: T[];
    rowKey: (row: T) => string;
}

interface Order {
    key: string;
    isDown: boolean;
}

function sorted<T>(rows: T[], columns: Column<T>[], order: Order | null): T[] {
    const by = columns.find((column) => column.key === order?.key)?.sortBy;
    if (!by || !order) return rows;
    const sign = order.isDown ? -1 : 1;
    const compare = (a: string | number, b: string | number) =>
        typeof a === 'string' ? a.localeCompare(String(b)) : a - Number(b);
    return [...rows].sort((a, b) => {
        const [left, right] = [by(a), by(b)];
        if (left === null || right === null) return Number(left === null) - Number(right === null);
        return sign * compare(left, right);
    });
}

/* Rows under headings that sort; on a narrow screen it scrolls by itself. */
export function Table<T>({ caption, columns, rows, rowKey }: TableProps<T>) {
    const [order, setOrder] = useState<Order | null>(null);
    const head = (column: Column<T>) => {
        const isSorted = order?.key === column.key;
        const direction = isSorted ? (order.isDown ? 'descending' : 'ascending') : undefined;
        const turn = () => setOrder({ key: column.key, isDown: isSorted ? !order.isDown : Boolean(column.isNumber) });
        return (
            <th key={column.key} scope="col" class={column.isNumber ? 'number' : undefined} aria-sort={direction}>
                {column.sortBy ? (
                    <button type="button" onClick={turn}>
                        {column.label}
                        {isSorted ? (order.isDown ? ' ↓' : ' ↑') : ''}
                    </button>
                ) : (
                    column.label
                )}
            </th>
        );
    };
    return (
        <div class="table-scroll" tabIndex={0} role="region" aria-label={caption}>
            <table class="table">
                <caption class="visually-hidden">{caption}</caption>
                <thead>
                    <tr>{columns.map(head)}</tr>
                </thead>
                <tbody>
                    {sorted(rows, columns, order).map((row) => (
                        <tr key={rowKey(row)}>
                            {columns.map((column) =>
                                column.isHead ? (
                                    <th key={column.key} scope="row">
                                        {column.cell(row)}
                                    </th>
                                ) : (
                                    <td key={column.key} class={column.isNumber ? 'number' : undefined}>
                                        {column.cell(row)}
                                    </td>
                                ),
                            )}
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}
