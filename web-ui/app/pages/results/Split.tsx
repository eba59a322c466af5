// SPDX-License-Identifier: GPL-3.0-or-later
// Where the sizes do not fit: by day and by dimension. One finding for all parts, beside the one test of the whole.
import { useState } from 'preact/hooks';
import type { Results, ResultsSplit, ResultsSplitPart } from '../../../generated/results';
import { dimensionName } from '../../lib/builtIn';
import { formatDay, formatNumber, t } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import { Segmented } from '../../ui/parts';
import { Table, type Column } from '../../ui/Table';
import type { Phase } from '../campaigns/campaign';
import { useDimensions, type Dimension } from './dimensions';
import { formatP } from './format';

const REFRESH_MS = 60_000;
const DAY = '';
const NAMED_AT_MOST = 5;

/* Undefined while it is read; of totals, and for who may not ask, for good. */
export function useSplit(results: Results, phase: Phase | null): ResultsSplit | undefined {
    const path = `/campaigns/${encodeURIComponent(results.campaign)}/split?phase=${results.phase}`;
    return useQuery<ResultsSplit>(phase && !results.totals ? path : null, { every: REFRESH_MS }).data;
}

const dayOf = ({ value }: ResultsSplitPart) => formatDay(value);

/* "Device: mobile; 3 May 2026": the parts where the sizes do not fit; null: there are none. */
export function foundText({ days, dimensions, found, tests }: ResultsSplit): string | null {
    if (found === 0) return null;
    const parts = [
        ...dimensions.flatMap(({ dimension, values }) =>
            values
                .filter((part) => part.is_found)
                .map(({ value }) => `${dimensionName({ key: dimension, name: dimension })}: ${value}`),
        ),
        ...days.filter((part) => part.is_found).map(dayOf),
    ];
    const named = parts.slice(0, NAMED_AT_MOST).join('; ');
    return t('results.split.found', { parts: parts.length > NAMED_AT_MOST ? `${named}; …` : named, tests });
}

function columnsOf(split: ResultsSplit, label: string, isDay: boolean, names: Record<string, string>) {
    const arms = (split.days[0] ?? split.dimensions[0]?.values[0])?.variants ?? [];
    const columns: Column<ResultsSplitPart>[] = [
        {
            key: 'value',
            label,
            isHead: true,
            sortBy: (part) => part.value,
            cell: (part) => (isDay ? dayOf(part) : part.value),
        },
        ...arms.map(({ key }, i): Column<ResultsSplitPart> => ({
            key,
            label: names[key] ?? key,
            isNumber: true,
            sortBy: (part) => part.variants[i]?.units ?? 0,
            cell: (part) =>
                t('results.split.of', {
                    units: part.variants[i]?.units ?? 0,
                    expected: formatNumber(part.variants[i]?.expected ?? 0),
                }),
        })),
        {
            key: 'p',
            label: t('results.split.p'),
            isNumber: true,
            sortBy: (part) => part.p_adjusted,
            cell: (part) => <span class={part.is_found ? 'strong warn' : 'soft'}>{formatP(part.p_adjusted)}</span>,
        },
    ];
    return columns;
}

interface SplitProps {
    split: ResultsSplit;
    phase: Phase;
    names: Record<string, string>;
}

export function SplitParts({ split, phase, names }: SplitProps) {
    const [chosen, setChosen] = useState(DAY);
    const known = useDimensions(phase);
    const asked = (key: string): Dimension => known.find((one) => one.key === key) ?? { key, name: key };
    const options = [
        { value: DAY, label: t('results.split.day') },
        ...split.dimensions.map(({ dimension }) => ({ value: dimension, label: dimensionName(asked(dimension)) })),
    ];
    const parts = split.dimensions.find(({ dimension }) => dimension === chosen)?.values ?? split.days;
    const label = options.find(({ value }) => value === chosen)?.label ?? t('results.split.day');
    if (split.days.length === 0) return null;
    return (
        <details>
            <summary>{t('results.split')}</summary>
            <div class="stack">
                <p class="small soft">{t('results.split.text', { tests: split.tests })}</p>
                <Segmented label={t('results.split')} value={chosen} options={options} onValue={setChosen} />
                <Table
                    caption={t('results.split')}
                    columns={columnsOf(split, label, parts === split.days, names)}
                    rows={parts}
                    rowKey={(part) => part.value}
                />
            </div>
        </details>
    );
}
