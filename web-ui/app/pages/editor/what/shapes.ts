// SPDX-License-Identifier: GPL-3.0-or-later
// What each kind of change needs, and what it may have beside: as the server checks it.
import { formatDate, t, type MessageKey } from '../../../lib/i18n';
import type { WebChange } from '../state/document';

export type ChangeField =
    'selector' | 'name' | 'value' | 'title' | 'label' | 'position' | 'place' | 'target' | 'url' | 'end';

export const TYPES = [
    'text',
    'attribute',
    'class',
    'style',
    'insert',
    'move',
    'hide',
    'redirect',
    'banner',
    'popin',
    'countdown',
    'html',
    'script',
] as const;
export type ChangeType = (typeof TYPES)[number];

export const FIELDS: Record<ChangeType, ChangeField[]> = {
    text: ['selector', 'value'],
    attribute: ['selector', 'name', 'value'],
    class: ['selector', 'value'],
    style: ['selector', 'name', 'value'],
    insert: ['selector', 'position', 'value'],
    move: ['selector', 'position', 'target'],
    hide: ['selector'],
    redirect: ['url'],
    banner: ['value', 'label', 'url', 'place'],
    popin: ['title', 'value', 'label', 'url'],
    countdown: ['end', 'value', 'selector', 'place'],
    html: ['selector', 'value', 'position'],
    script: ['value'],
};

export const POSITIONS = ['before', 'prepend', 'append', 'after'] as const;
export const PLACES = ['top', 'bottom'] as const;
const OPTIONAL: ChangeField[] = ['title', 'label', 'place'];

/* Another kind keeps what it shares with the one before. */
export function retyped(before: WebChange, type: ChangeType): WebChange {
    const next: WebChange = { type };
    for (const field of FIELDS[type]) {
        const kept = before[field];
        if (kept !== null && kept !== undefined) next[field] = kept;
        else if (field === 'position') next.position = type === 'html' ? null : 'append';
        else if (
            !OPTIONAL.includes(field) &&
            !(field === 'url' && type !== 'redirect') &&
            !(field === 'selector' && type === 'countdown')
        )
            next[field] = field === 'end' ? null : '';
    }
    return next;
}

/* An emptied optional field is none at all. */
export const emptied = (field: ChangeField, type: string, text: string): string | null =>
    text === '' &&
    (OPTIONAL.includes(field) ||
        (field === 'url' && type !== 'redirect') ||
        (field === 'selector' && type === 'countdown') ||
        field === 'end')
        ? null
        : text;

/* The change as a sentence. */
export function described(change: WebChange): string {
    const time = change.end ? formatDate(change.end, 'time') : '…';
    const key = `editor.change.${change.type}.says` as MessageKey;
    return t(key, {
        selector: change.selector || '…',
        name: change.name || '…',
        value: change.value || '…',
        target: change.target || '…',
        url: change.url || '…',
        position: change.position ? t(`editor.position.${change.position as 'before'}`) : '',
        end: time,
    });
}
