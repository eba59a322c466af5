// SPDX-License-Identifier: GPL-3.0-or-later
// Forms by table: one row a field. What is typed stays text until it is sent, so that nothing is lost.
import type { ApiError } from '../../lib/api';
import { t, type MessageKey } from '../../lib/i18n';

export type Draft = Record<string, string | boolean>;
export type Item = Record<string, unknown>;

export interface FormField {
    name: string; // "numerator.event": a member of a member
    label: MessageKey;
    about?: string; // fills {name} of the label
    kind: 'text' | 'area' | 'number' | 'select' | 'json' | 'check' | 'list' | 'typed' | 'condition';
    typedBy?: string; // of a typed one: the field that says string, boolean, number or json
    options?: { value: string; label: MessageKey }[];
    hint?: MessageKey;
    isOnce?: boolean; // cannot change after creation
    isLater?: boolean; // cannot be said at creation
    isLeftOut?: boolean; // at creation where it is empty: what there is nothing of cannot be taken away
    isText?: boolean; // empty is "", not null
    isWidest?: boolean; // a list of one of the options, which stand from narrow to wide; none: an empty list
    line?: { read: (line: string) => unknown; show: (item: Item) => string }; // of a list of objects
    when?: (draft: Draft) => boolean; // shown and sent only then
    initial?: string | boolean;
}

const at = (item: Item | undefined, name: string): unknown =>
    name.split('.').reduce<unknown>((value, part) => (value as Item | null | undefined)?.[part], item);

const widest = ({ options = [] }: FormField, list: unknown[]): string =>
    options.filter((option) => list.includes(option.value)).pop()?.value ?? '';

function show(field: FormField, value: unknown): string | boolean {
    if (field.kind === 'check') return value === true;
    if (value === null || value === undefined) return '';
    if (field.kind === 'typed' && typeof value === 'boolean') return value;
    if (field.kind === 'typed') return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
    if (field.isWidest) return widest(field, value as unknown[]);
    if (field.kind === 'list')
        return (value as unknown[]).map((one) => (field.line ? field.line.show(one as Item) : String(one))).join('\n');
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export function draftOf(fields: FormField[], item?: Item): Draft {
    return Object.fromEntries(
        fields.map((field) => [
            field.name,
            item ? show(field, at(item, field.name)) : (field.initial ?? (field.kind === 'check' ? false : '')),
        ]),
    );
}

export type Errors = Record<string, string>;

/* What a control of that type left, as a value of it. */
function readTyped(type: unknown, typed: string | boolean): unknown {
    if (type === 'boolean') return typed === true;
    const text = typeof typed === 'string' ? typed : '';
    if (type === 'string') return text;
    if (type !== 'number') return JSON.parse(text);
    const value = Number(text.trim().replace(',', '.'));
    if (text.trim() === '' || !Number.isFinite(value)) throw new Error(t('form.number'));
    return value;
}

function read(field: FormField, typed: string | boolean, draft: Draft): unknown {
    if (field.kind === 'typed') return readTyped(draft[field.typedBy ?? ''], typed);
    if (typeof typed === 'boolean') return typed;
    const text = typed.trim();
    if (field.isWidest) return text ? [text] : [];
    if (field.kind === 'list') {
        const lines = text
            .split('\n')
            .map((line) => line.trim())
            .filter(Boolean);
        return field.line ? lines.map(field.line.read) : lines;
    }
    if (text === '') return field.isText ? '' : null;
    if (field.kind === 'number') {
        const value = Number(text.replace(',', '.'));
        if (!Number.isFinite(value)) throw new Error(t('form.number'));
        return value;
    }
    return field.kind === 'json' || field.kind === 'condition' ? JSON.parse(text) : text;
}

function put(body: Item, name: string, value: unknown): void {
    const [first = '', second] = name.split('.');
    if (second === undefined) body[first] = value;
    else body[first] = { ...(body[first] as Item | undefined), [second]: value };
}

/* The body to send, or what is wrong where. */
export function bodyOf(fields: FormField[], draft: Draft, isNew: boolean): { body: Item; errors: Errors } {
    const body: Item = {};
    const errors: Errors = {};
    for (const field of fields) {
        if (isNew ? field.isLater : field.isOnce) continue;
        if (isNew && field.isLeftOut && !draft[field.name]) continue;
        if (field.when && !field.when(draft)) {
            if (!field.name.includes('.')) put(body, field.name, null);
            continue;
        }
        try {
            put(body, field.name, read(field, draft[field.name] ?? '', draft));
        } catch (error) {
            errors[field.name] = error instanceof SyntaxError ? t('form.json') : (error as Error).message;
        }
    }
    return { body, errors };
}

/* Which field a problem's pointer means: the longest name it begins with; '' is the whole form. */
export function placeOf(fields: FormField[], error: ApiError): string {
    const path = error.pointer.split('/').slice(1).join('.');
    const names = fields.map((field) => field.name).filter((name) => path === name || path.startsWith(`${name}.`));
    return names.sort((a, b) => b.length - a.length)[0] ?? '';
}
