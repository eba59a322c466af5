// SPDX-License-Identifier: GPL-3.0-or-later
import { metricName } from '../../lib/builtIn';
import { t, type MessageKey } from '../../lib/i18n';
import { Badge } from '../../ui/parts';
import { namedOf, nameColumn, text, timeColumn } from './cells';
import type { Draft, FormField, Item } from './form';
import { ResourcePage, type Resource } from './ResourcePage';

const KINDS = ['conversion', 'count', 'sum', 'mean', 'ratio'] as const;
const options = <T extends string>(values: readonly T[], prefix: string) =>
    values.map((value) => ({ value, label: `${prefix}.${value}` as MessageKey }));
const isRatio = (draft: Draft) => draft['kind'] === 'ratio';
const isPlain = (draft: Draft) => !isRatio(draft);
const hasValue = (draft: Draft) => draft['kind'] === 'sum' || draft['kind'] === 'mean';
const eventOf = (item: Item, part: string) => String((item[part] as { event: string } | null)?.event);
const isCapped = (draft: Draft) => ['count', 'sum', 'mean'].includes(String(draft['kind']));

const fields: FormField[] = [
    { name: 'key', label: 'resource.key', kind: 'text', isOnce: true, hint: 'resource.key.hint' },
    { name: 'name', label: 'resource.name', kind: 'text', isText: true },
    { name: 'description', label: 'resource.description', kind: 'area', isText: true },
    {
        name: 'kind',
        label: 'metrics.kind',
        kind: 'select',
        options: options(KINDS, 'metrics.kind'),
        initial: 'conversion',
    },
    { name: 'event', label: 'metrics.event', kind: 'text', hint: 'metrics.event.hint', when: isPlain },
    { name: 'value', label: 'metrics.value', kind: 'text', hint: 'metrics.value.hint', when: hasValue },
    { name: 'filter', label: 'metrics.filter', kind: 'condition', hint: 'metrics.filter.hint', when: isPlain },
    { name: 'numerator.event', label: 'metrics.numerator', kind: 'text', when: isRatio },
    {
        name: 'numerator.value',
        label: 'metrics.numeratorValue',
        kind: 'text',
        hint: 'metrics.value.hint',
        when: isRatio,
    },
    {
        name: 'numerator.filter',
        label: 'metrics.numeratorFilter',
        kind: 'condition',
        hint: 'metrics.filter.hint',
        when: isRatio,
    },
    { name: 'denominator.event', label: 'metrics.denominator', kind: 'text', when: isRatio },
    {
        name: 'denominator.value',
        label: 'metrics.denominatorValue',
        kind: 'text',
        hint: 'metrics.value.hint',
        when: isRatio,
    },
    {
        name: 'denominator.filter',
        label: 'metrics.denominatorFilter',
        kind: 'condition',
        hint: 'metrics.filter.hint',
        when: isRatio,
    },
    {
        name: 'direction',
        label: 'metrics.direction',
        kind: 'select',
        options: options(['up', 'down'] as const, 'metrics.direction'),
        initial: 'up',
    },
    { name: 'window_hours', label: 'metrics.window', kind: 'number', hint: 'metrics.window.hint' },
    { name: 'cap', label: 'metrics.cap', kind: 'number', hint: 'metrics.cap.hint', when: isCapped },
];

const resource: Resource = {
    path: '/metrics',
    title: 'nav.metrics',
    create: 'metrics.create',
    edit: 'metrics.edit',
    empty: 'metrics.empty',
    remove: { action: 'action.archive', text: 'metrics.archive.text' },
    role: 'editor',
    fields,
    keyOf: (item) => text(item, 'key'),
    mayEdit: (item) => item['is_builtin'] !== true,
    columns: () => [
        nameColumn('resource.name', undefined, (item) => metricName(namedOf(item))),
        {
            key: 'kind',
            label: t('metrics.kind'),
            sortBy: (item) => text(item, 'kind'),
            cell: (item) => t(`metrics.kind.${text(item, 'kind')}` as MessageKey),
        },
        {
            key: 'event',
            label: t('metrics.event'),
            cell: (item) => (
                <code>{text(item, 'event') || `${eventOf(item, 'numerator')} / ${eventOf(item, 'denominator')}`}</code>
            ),
        },
        {
            key: 'direction',
            label: t('metrics.direction'),
            cell: (item) => t(`metrics.direction.${text(item, 'direction')}` as MessageKey),
        },
        {
            key: 'origin',
            label: t('metrics.origin'),
            cell: (item) => (item['is_builtin'] ? <Badge>{t('metrics.builtin')}</Badge> : null),
        },
        timeColumn('updated_at', 'resource.changed'),
    ],
};

export default () => <ResourcePage resource={resource} />;
