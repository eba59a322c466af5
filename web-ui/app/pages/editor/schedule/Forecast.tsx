// SPDX-License-Identifier: GPL-3.0-or-later
// The test that judges, and the forecast: visitors, weeks, and the power they give.
import { useCallback, useState } from 'preact/hooks';
import { formatNumber, formatPercent, t } from '../../../lib/i18n';
import { Button } from '../../../ui/Button';
import { SelectField } from '../../../ui/Field';
import { errorText } from '../../../ui/feedback';
import { Facts } from '../../../ui/parts';
import { Plot } from '../../../ui/Plot';
import { faultAt, type Editing } from '../state/editing';
import { NumberField } from '../../../ui/NumberField';
import { powerSpots } from '../state/powerSpots';
import { useEstimate } from '../state/useEstimate';
import { goalOf, usePlan, type Assumed, type Plan, type PlanReply } from '../state/usePlan';

const METHODS = ['always_valid', 'fixed', 'group_sequential'] as const;

function Method({ editing }: { editing: Editing }) {
    const { campaign, faults, set } = editing;
    const statistics = campaign.statistics;
    const put = (next: Partial<typeof statistics>) => set({ statistics: { ...statistics, ...next } });
    return (
        <div class="columns">
            <SelectField
                label={t('editor.method')}
                hint={t(`editor.method.${statistics.method}.hint`)}
                value={statistics.method}
                error={faultAt(faults, '/statistics/method')}
                options={METHODS.map((value) => ({ value, label: t(`editor.method.${value}`) }))}
                onValue={(method) => put({ method: method as typeof statistics.method })}
            />
            <NumberField
                label={t('editor.confidence')}
                isPercent
                value={campaign.confidence}
                error={faultAt(faults, '/confidence')}
                onValue={(value) => set({ confidence: value ?? 0 })}
            />
            {statistics.method !== 'always_valid' && (
                <NumberField
                    label={t('editor.units')}
                    hint={t('editor.units.hint')}
                    isWhole
                    isOptional
                    value={statistics.planned_units}
                    error={faultAt(faults, '/statistics/planned_units')}
                    onValue={(planned_units) => put({ planned_units })}
                />
            )}
            {statistics.method === 'group_sequential' && (
                <NumberField
                    label={t('editor.looks')}
                    isWhole
                    value={statistics.looks}
                    error={faultAt(faults, '/statistics/looks')}
                    onValue={(looks) => put({ looks: looks ?? 0 })}
                />
            )}
        </div>
    );
}

function PowerCurve({ plan }: { plan: Plan }) {
    const draw = useCallback(
        (lib: typeof import('../../../ui/plotLib')) => ({
            marginLeft: 44,
            x: { label: t('editor.curve.visitors'), tickFormat: (n: number) => formatNumber(n), ticks: 5 },
            y: { label: null, domain: [0, 1], grid: true, tickFormat: (p: number) => formatPercent(p, 0), ticks: 5 },
            marks: [
                lib.ruleX([plan.visitors], { stroke: 'var(--line-strong)', strokeDasharray: '4 4' }),
                lib.line(plan.curve, { x: 'visitors', y: 'power', stroke: 'var(--series-1)', strokeWidth: 2.5 }),
                lib.dot([plan], { x: 'visitors', y: 'power', fill: 'var(--series-1)', r: 5 }),
            ],
        }),
        [plan],
    );
    return (
        <Plot
            height={190}
            draw={draw}
            label={t('editor.curve.label', { power: formatPercent(plan.power, 0), visitors: plan.visitors })}
            spots={powerSpots(plan)}
        />
    );
}

function Answer({ reply, plan, editing }: { reply: PlanReply; plan: Plan; editing: Editing }) {
    const { method, planned_units } = editing.campaign.statistics;
    const takeOver = () =>
        editing.set({ statistics: { ...editing.campaign.statistics, planned_units: plan.visitors } });
    const facts = [
        { label: t('editor.forecast.visitors'), value: formatNumber(plan.visitors) },
        {
            label: t('editor.forecast.weeks'),
            value: plan.weeks === null ? '–' : t('editor.weeks', { count: plan.weeks }),
        },
        {
            label: t('editor.forecast.baseline'),
            value: reply.measured?.rate === null ? formatNumber(plan.baseline, 2) : formatPercent(plan.baseline, 2),
        },
        { label: t('editor.forecast.daily'), value: reply.measured?.daily ? formatNumber(reply.measured.daily) : '–' },
    ];
    return (
        <>
            <p class="lead">
                {t(plan.weeks === null ? 'editor.forecast.noTraffic' : 'editor.forecast.says', {
                    visitors: plan.visitors,
                    uplift: formatPercent(editing.campaign.statistics.minimum_uplift, 1),
                    power: formatPercent(0.8, 0),
                    count: plan.weeks ?? 0,
                    time: plan.weeks === null ? '' : t('editor.weeks', { count: plan.weeks }),
                })}
            </p>
            <Facts facts={facts} />
            <PowerCurve plan={plan} />
            {method !== 'always_valid' && planned_units !== plan.visitors && (
                <div>
                    <Button onClick={takeOver}>{t('editor.units.take', { visitors: plan.visitors })}</Button>
                </div>
            )}
        </>
    );
}

export function Forecast({ editing }: { editing: Editing }) {
    const { campaign } = editing;
    const [assumed, setAssumed] = useState<Assumed>({ rate: null, daily: null });
    const { found: audience } = useEstimate(campaign.audience);
    const share = audience && audience.unknown.length === 0 ? (audience.share ?? 1) : 1;
    const { found, error } = usePlan(campaign, share, assumed);
    const measured = found?.measured ?? null;
    const lacksRate = measured !== null && measured.rate === null && measured.mean === null;
    return (
        <div class="card stack">
            <h2>{t('editor.forecast.title')}</h2>
            <Method editing={editing} />
            {!goalOf(campaign) && <p class="soft">{t('editor.forecast.noGoal')}</p>}
            {measured && (
                <p class="small soft">
                    {measured.visitors > 0
                        ? t('editor.forecast.from', {
                              visitors: measured.visitors,
                              count: Math.max(1, Math.round(measured.days)),
                          })
                        : t('editor.forecast.nobody')}
                </p>
            )}
            {(lacksRate || assumed.rate !== null || assumed.daily !== null || measured?.daily === null) && (
                <div class="columns">
                    <NumberField
                        label={t('editor.assume.rate')}
                        isPercent
                        isOptional
                        value={assumed.rate}
                        onValue={(rate) => setAssumed({ ...assumed, rate })}
                    />
                    <NumberField
                        label={t('editor.assume.daily')}
                        isOptional
                        value={assumed.daily}
                        onValue={(daily) => setAssumed({ ...assumed, daily })}
                    />
                </div>
            )}
            {found?.plan && !error && <Answer reply={found} plan={found.plan} editing={editing} />}
            {error && (
                <p class="note note-warn" role="alert">
                    {errorText(error)}
                </p>
            )}
        </div>
    );
}
