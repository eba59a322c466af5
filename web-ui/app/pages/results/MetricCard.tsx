// SPDX-License-Identifier: GPL-3.0-or-later
// One metric as a card: the picture, and beneath it the figures in a table.
import { formatPercent, t } from '../../lib/i18n';
import { Badge } from '../../ui/parts';
import { Table, type Column } from '../../ui/Table';
import { Forest } from './charts/Forest';
import { Figure } from './Figure';
import {
    formatChance,
    formatP,
    formatRange,
    formatShift,
    formatValue,
    shiftFormat,
    UNKNOWN,
    warningText,
    writeOr,
} from './format';
import type { ResultsArm, ResultsMetric } from '../../../generated/results';
import { intervalOf, shownOf, sideOf, type Scale, type View } from './shown';
import { unitsLabel, whyNoInterval } from './Totals';
import { Skewed } from './insight/Skewed';

interface MetricProps {
    metric: ResultsMetric;
    view: View;
    scale: Scale;
    isMuted: boolean; // no figure has a side yet
    names: Record<string, string>;
    currency: string;
    listOf?: (variant: string) => string | null; // where its visitors are listed
}

const TONE = { '-1': 'bad', '0': '', '1': 'good' } as const;

export function metricColumns({
    metric,
    view,
    scale,
    isMuted,
    names,
    currency,
    listOf,
}: MetricProps): Column<ResultsArm>[] {
    const range = (arm: ResultsArm) => shownOf(arm.effect, view, scale);
    const write = shiftFormat(metric, scale, currency);
    const isRepeated = metric.variants.some((arm) => arm.status === 'repeated_units');
    return [
        { key: 'variant', label: t('results.variant'), isHead: true, cell: (arm) => names[arm.key] ?? arm.key },
        {
            key: 'units',
            label: unitsLabel(isRepeated),
            isNumber: true,
            cell: (arm) => <Figure count={arm.units} to={listOf?.(arm.key) ?? null} />,
        },
        { key: 'value', label: metric.name, isNumber: true, cell: (arm) => formatValue(metric, arm.value, currency) },
        {
            key: 'uplift',
            label: t(`results.shift.${scale}`),
            isNumber: true,
            cell: (arm) =>
                arm.effect ? (
                    <span class={isMuted ? 'soft' : `strong ${TONE[sideOf(range(arm).interval, metric.direction)]}`}>
                        {writeOr(range(arm).shift, write)}
                    </span>
                ) : (
                    t('results.baseline.is')
                ),
        },
        {
            key: 'interval',
            label: t(`results.interval.${intervalOf(view, scale)}`),
            isNumber: true,
            cell: (arm) => (arm.effect ? formatRange(range(arm).interval, write) : UNKNOWN),
        },
        view === 'bayesian'
            ? {
                  key: 'chance',
                  label: t('results.chance'),
                  isNumber: true,
                  cell: (arm) => formatChance(arm.effect?.bayesian.chance_to_win ?? null),
              }
            : {
                  key: 'p',
                  label: t('results.p'),
                  isNumber: true,
                  cell: (arm) => formatP(arm.effect?.sequential?.p ?? null),
              },
    ];
}

/* The same uplift with what visitors did before their exposure taken into account. */
function Adjusted({ metric, names }: { metric: ResultsMetric; names: Record<string, string> }) {
    const adjusted = metric.variants.flatMap((arm) =>
        arm.effect?.adjusted?.status === 'ok' && (arm.effect.adjusted.variance_reduction ?? 0) > 0
            ? [{ key: arm.key, answer: arm.effect.adjusted }]
            : [],
    );
    if (adjusted.length === 0) return null;
    return (
        <ul class="small soft">
            {adjusted.map(({ key, answer }) => (
                <li key={key}>
                    {t('results.adjusted', {
                        variant: names[key] ?? key,
                        uplift: formatShift(answer.uplift),
                        range: formatRange(answer.uplift_interval),
                        gain: formatPercent(answer.variance_reduction ?? 0, 0),
                    })}
                </li>
            ))}
        </ul>
    );
}

/* The differences on the metric's own scale (those relative to the baseline stand above all cards), or why there are
   none. */
function Picture({ why, metric, ...props }: MetricProps & { why: string | null }) {
    if (why) return <p class="note">{why}</p>;
    if (props.scale === 'relative') return null;
    const hasShift = metric.variants.some((arm) => shownOf(arm.effect, props.view, props.scale).shift !== null);
    if (hasShift) return <Forest metrics={[metric]} {...props} />;
    return props.scale === 'impact' ? <p class="soft">{t('results.shift.none')}</p> : null;
}

export function MetricCard(props: MetricProps) {
    const { metric, view, scale, isMuted, names, currency } = props;
    const why = whyNoInterval(metric);
    const notes = [...new Set(metric.variants.flatMap((arm) => arm.effect?.frequentist.warnings ?? []))];
    return (
        <section class="card stack" aria-label={metric.name}>
            <div class="row">
                <h3>{metric.name}</h3>
                <Badge tone={metric.role === 'primary' ? 'accent' : 'plain'}>{t(`results.role.${metric.role}`)}</Badge>
                {metric.status === 'computing' && <Badge tone="warn">{t('results.computing')}</Badge>}
            </div>
            <Picture {...{ metric, view, scale, isMuted, names, currency }} why={why} />
            <Table
                caption={metric.name}
                columns={metricColumns(props)}
                rows={metric.variants}
                rowKey={(arm) => arm.key}
            />
            <Adjusted metric={metric} names={names} />
            {notes.length > 0 && (
                <p class="small warn">{t('results.warnings', { list: notes.map(warningText).join(', ') })}</p>
            )}
            <Skewed {...{ metric, names, currency }} />
        </section>
    );
}
