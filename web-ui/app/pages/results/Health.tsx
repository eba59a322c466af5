// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the figures can be trusted.
import type { ComponentChildren } from 'preact';
import { formatNumber, formatPercent, t } from '../../lib/i18n';
import { Link } from '../../lib/router';
import { Badge } from '../../ui/parts';
import { Table, type Column } from '../../ui/Table';
import { formatTwoDigits, UNKNOWN, warningText, writeOr } from './format';
import type { Results } from '../../../generated/results';
import type { Phase } from '../campaigns/campaign';
import { exposedPath, Figure } from './Figure';
import { foundText, SplitParts, useSplit } from './Split';
import { unitsLabel } from './Totals';

interface Check {
    key: string;
    label: string;
    isFine: boolean;
    isBroken?: boolean;
    text: ComponentChildren;
}

function Overflow({ units, examples }: Results['health']['overflow']) {
    if (units === 0) return <>{t('results.health.overflow.none')}</>;
    return (
        <>
            {t('results.health.overflow.text', { count: units })}
            {examples.map((id, i) => (
                <>
                    {i === 0 ? ' (' : ', '}
                    <Link key={id} class="wrap-anywhere" to={`/app/visitors/${encodeURIComponent(id)}`}>
                        {id}
                    </Link>
                </>
            ))}
            {examples.length > 0 && (units > examples.length ? ', …)' : ')')}
        </>
    );
}

/* What a list of metrics leaves out: 'invalid' or 'unrated' events. */
function leftOutText({ metrics, health }: Results, key: 'invalid' | 'unrated'): string {
    const nameOf = (metric: string) => metrics.find((one) => one.key === metric)?.name ?? metric;
    const said = health[key].map(({ metric, events }) =>
        t(`results.health.${key}.text`, { metric: nameOf(metric), count: events }),
    );
    return said.join('; ') || t(`results.health.${key}.none`);
}

/* What only visitors and their events can be asked. */
const UNKNOWN_OF = {
    new: ['crossovers', 'overflow', 'excluded', 'invalid', 'unrated'],
    daily: ['crossovers', 'overflow', 'excluded', 'invalid', 'unrated', 'visitors'],
};

function checksOf(results: Results, found: string | null): Check[] {
    const unknown = results.totals ? UNKNOWN_OF[results.totals] : [];
    return allChecks(results, found).filter(({ key }) => !unknown.includes(key));
}

/* Whom nothing counts. */
function visitorsOut({ health: { overflow, excluded } }: Results): Check[] {
    return [
        {
            key: 'overflow',
            label: t('results.health.overflow'),
            isFine: overflow.units === 0,
            text: <Overflow {...overflow} />,
        },
        {
            key: 'excluded',
            label: t('results.health.excluded'),
            isFine: excluded === 0,
            text:
                excluded === 0
                    ? t('results.health.excluded.none')
                    : t('results.health.excluded.text', { count: excluded }),
        },
    ];
}

/* 'found': where the sizes do not fit, in words. */
function allChecks(results: Results, found: string | null): Check[] {
    const { split, split_p: p, crossovers, fold } = results.health;
    const isDaily = results.totals === 'daily';
    const units = results.variants.reduce((sum, variant) => sum + variant.units, 0);
    const { days, needed_units: needed } = results.verdict;
    return [
        {
            key: 'srm',
            label: t('results.health.srm'),
            isFine: split === 'ok' && !found,
            isBroken: split === 'broken',
            text: isDaily
                ? t('results.health.srm.daily')
                : [t(`results.health.split.${split}`, { p: writeOr(p, formatTwoDigits) }), found]
                      .filter(Boolean)
                      .join('; '),
        },
        {
            key: 'crossovers',
            label: t('results.health.crossovers'),
            isFine: crossovers <= units * 0.01,
            text: t('results.health.crossovers.text', {
                count: crossovers,
                share: formatPercent(units ? crossovers / units : 0, 2),
            }),
        },
        {
            key: 'days',
            label: t('results.health.days'),
            isFine: (days ?? 0) >= 7,
            text: t('results.health.days.text', { days: formatNumber(days ?? 0, 1) }),
        },
        {
            key: 'visitors',
            label: t('results.health.visitors'),
            isFine: needed !== null && units >= needed,
            text: needed === null ? formatNumber(units) : t('results.fact.of', { units, needed: Math.ceil(needed) }),
        },
        ...visitorsOut(results),
        ...(['invalid', 'unrated'] as const).map((key) => ({
            key,
            label: t(`results.health.${key}`),
            isFine: results.health[key].length === 0,
            text: leftOutText(results, key),
        })),
        {
            key: 'lag',
            label: t('results.health.lag'),
            isFine: fold.lag_events < 1000,
            text: t('results.health.lag.text', { count: fold.lag_events }),
        },
    ];
}

/* Of the split only one thing is said: its check. */
const warningsOf = ({ health }: Results) => health.warnings.filter((warning) => warning !== 'srm');

interface HealthProps {
    results: Results;
    names: Record<string, string>;
    phase: Phase | null; // null: nothing more can be asked of it
}

export function Health({ results, names, phase }: HealthProps) {
    const split = useSplit(results, phase);
    const linkTo = (which: string) => (phase && !results.totals ? exposedPath(results.campaign, phase, which) : null);
    const units = results.variants.reduce((sum, variant) => sum + variant.units, 0);
    const isDaily = results.totals === 'daily';
    const columns: Column<Results['variants'][number]>[] = [
        { key: 'variant', label: t('results.variant'), isHead: true, cell: (v) => names[v.key] ?? v.key },
        {
            key: 'units',
            label: unitsLabel(isDaily),
            isNumber: true,
            cell: (v) => <Figure count={v.units} to={linkTo(`variant=${v.key}`)} />,
        },
        {
            key: 'expected',
            label: t('results.health.expected'),
            isNumber: true,
            cell: (v) => formatNumber(units * v.share),
        },
        {
            key: 'crossovers',
            label: t('results.health.crossovers'),
            isNumber: true,
            cell: (v) =>
                results.totals ? (
                    UNKNOWN
                ) : (
                    <Figure count={v.crossovers} to={linkTo(`variant=${v.key}&crossover=true`)} />
                ),
        },
    ];
    return (
        <div class="stack">
            <ul class="stack-small">
                {checksOf(results, split ? foundText(split) : null).map((check) => (
                    <li key={check.key} class="row">
                        <Badge tone={check.isFine ? 'good' : check.isBroken ? 'bad' : 'warn'}>
                            {t(check.isFine ? 'results.health.fine' : 'results.health.look')}
                        </Badge>
                        <span class="strong">{check.label}</span>
                        <span class="soft">{check.text}</span>
                    </li>
                ))}
                {warningsOf(results).map((warning) => (
                    <li key={warning} class="note note-warn">
                        {warningText(warning)}
                    </li>
                ))}
            </ul>
            <Table caption={t('results.health')} columns={columns} rows={results.variants} rowKey={(v) => v.key} />
            {split && phase && <SplitParts split={split} phase={phase} names={names} />}
        </div>
    );
}
