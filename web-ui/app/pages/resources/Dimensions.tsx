// SPDX-License-Identifier: GPL-3.0-or-later
import { dimensionName } from '../../lib/builtIn';
import { t, type MessageKey } from '../../lib/i18n';
import { Badge } from '../../ui/parts';
import { namedOf, nameColumn, text, timeColumn } from './cells';
import type { Draft, Item } from './form';
import { ResourcePage, type Resource } from './ResourcePage';

const KINDS = ['list', 'country'] as const;
const isList = (draft: Draft) => draft['kind'] !== 'country';
const valuesOf = (item: Item) => ((item['values'] as string[] | null) ?? []).join(', ');

const resource: Resource = {
    path: '/dimensions',
    title: 'nav.dimensions',
    create: 'dimensions.create',
    edit: 'dimensions.edit',
    empty: 'dimensions.empty',
    remove: { action: 'action.archive', text: 'dimensions.archive.text' },
    role: 'editor',
    fields: [
        { name: 'key', label: 'resource.key', kind: 'text', isOnce: true, hint: 'resource.key.hint' },
        { name: 'name', label: 'resource.name', kind: 'text', isText: true },
        { name: 'source', label: 'dimensions.source', kind: 'text', hint: 'dimensions.source.hint' },
        {
            name: 'kind',
            label: 'dimensions.kind',
            kind: 'select',
            initial: 'list',
            options: KINDS.map((value) => ({ value, label: `dimensions.kind.${value}` as MessageKey })),
        },
        { name: 'values', label: 'dimensions.values', kind: 'list', hint: 'dimensions.values.hint', when: isList },
        { name: 'rest', label: 'dimensions.rest', kind: 'text', hint: 'dimensions.rest.hint', initial: 'other' },
    ],
    keyOf: (item) => text(item, 'key'),
    mayEdit: (item) => item['is_builtin'] !== true,
    columns: () => [
        nameColumn('resource.name', undefined, (item) => dimensionName(namedOf(item))),
        { key: 'source', label: t('dimensions.source'), cell: (item) => <code>{text(item, 'source')}</code> },
        {
            key: 'values',
            label: t('dimensions.values'),
            cell: (item) => (isList(item as Draft) ? valuesOf(item) : t('dimensions.kind.country')),
        },
        {
            key: 'origin',
            label: t('dimensions.origin'),
            cell: (item) => (item['is_builtin'] ? <Badge>{t('dimensions.builtin')}</Badge> : null),
        },
        timeColumn('updated_at', 'resource.changed'),
    ],
};

export default () => <ResourcePage resource={resource} />;
