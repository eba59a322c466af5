// SPDX-License-Identifier: GPL-3.0-or-later
// What the plan starts from, and what it is wanted for.
import { metricName } from '../../lib/builtIn';
import { currentLocale, formatNumber, formatPercent, t } from '../../lib/i18n';
import type { ApiError } from '../../lib/api';
import { SelectField } from '../../ui/Field';
import { Segmented } from '../../ui/parts';
import { NumberField } from '../../ui/NumberField';
import type { Measured } from '../editor/state/usePlan';
import { GOALS, TESTS, type Goal, type Metric, type NumberName, type Test, type Wish } from './wish';

interface InputsProps {
    wish: Wish;
    metrics: Metric[];
    measured: Measured | null;
    error: ApiError | null;
    onWish: (part: Partial<Wish>) => void;
}

type NumbersProps = Omit<InputsProps, 'metrics'>;

interface NumberInputProps extends NumbersProps {
    name: NumberName;
    isPercent?: boolean;
    isWhole?: boolean;
    isOptional?: boolean;
    hint?: string | undefined;
}

const figure = (value: number): string =>
    new Intl.NumberFormat(currentLocale(), { maximumSignificantDigits: 5 }).format(value);

/* An own number is forgotten with the metric it was for: its field begins anew. */
function NumberInput({ name, wish, error, onWish, isPercent, isWhole, isOptional, hint }: NumberInputProps) {
    return (
        <NumberField
            key={`${wish.metric} ${name}`}
            label={t(`planner.${name}`)}
            value={wish[name]}
            hint={hint}
            error={error?.pointer === `/${name}` ? error.message : undefined}
            {...(isPercent && { isPercent })}
            {...(isWhole && { isWhole })}
            {...(isOptional && { isOptional })}
            onValue={(value) => onWish({ [name]: value })}
        />
    );
}

const measuredHint = (text: string | null | undefined): string | undefined =>
    text ? t('planner.measured', { value: text }) : undefined;

/* A measured value with its interval. */
function withInterval(value: string | null, known: Measured | null, format: (end: number) => string): string | null {
    if (value === null || !known || known.lower === null || known.upper === null) return value;
    return t('planner.interval', { value, lower: format(known.lower), upper: format(known.upper) });
}

function Baseline(props: NumbersProps) {
    const { wish, measured } = props;
    const known = wish.metric ? measured : null;
    const seen = (value: number | null | undefined) =>
        measuredHint(value === null || value === undefined ? null : figure(value));
    const hasRate = known?.rate !== null && known?.rate !== undefined;
    const hasMean = known?.mean !== null && known?.mean !== undefined;
    return (
        <>
            {!wish.isMean && (
                <NumberInput
                    {...props}
                    name="rate"
                    isPercent
                    isOptional={hasRate}
                    hint={measuredHint(
                        withInterval(hasRate ? formatPercent(known?.rate ?? 0, 2) : null, known, (end) =>
                            formatPercent(end, 2),
                        ),
                    )}
                />
            )}
            {wish.isMean && (
                <NumberInput
                    {...props}
                    name="mean"
                    isOptional={known?.mean !== null}
                    hint={measuredHint(withInterval(hasMean ? figure(known?.mean ?? 0) : null, known, figure))}
                />
            )}
            {wish.isMean && <NumberInput {...props} name="sd" isOptional={known?.sd !== null} hint={seen(known?.sd)} />}
            <NumberInput
                {...props}
                name="daily"
                isOptional
                hint={measuredHint(known?.daily ? formatNumber(known.daily) : null) ?? t('planner.daily.hint')}
            />
        </>
    );
}

export function Inputs({ metrics, ...props }: InputsProps) {
    const { wish, onWish } = props;
    const options = [
        ...metrics.map((metric) => ({ value: metric.key, label: metricName(metric) })),
        { value: '', label: t('planner.metric.own') },
    ];
    const chooseMetric = (metric: string) =>
        onWish({ metric, rate: null, mean: null, sd: null, daily: null, isMean: false });
    return (
        <div class="card stack">
            <h2>{t('planner.from')}</h2>
            <SelectField label={t('planner.metric')} value={wish.metric} options={options} onValue={chooseMetric} />
            {!wish.metric && (
                <Segmented
                    label={t('planner.kind')}
                    value={wish.isMean ? 'mean' : 'rate'}
                    onValue={(kind) => onWish({ isMean: kind === 'mean' })}
                    options={[
                        { value: 'rate', label: t('planner.kind.rate') },
                        { value: 'mean', label: t('planner.kind.mean') },
                    ]}
                />
            )}
            <Baseline {...props} />
            <h2>{t('planner.wanted')}</h2>
            <Segmented
                label={t('planner.goal')}
                value={wish.goal}
                onValue={(goal: Goal) => onWish({ goal })}
                options={GOALS.map((value) => ({ value, label: t(`planner.goal.${value}`) }))}
            />
            {wish.goal === 'visitors' ? (
                <NumberInput {...props} name="uplift" isPercent hint={t('planner.uplift.hint')} />
            ) : (
                <NumberInput {...props} name="days" isWhole />
            )}
            <div class="pair-even">
                <NumberInput {...props} name="variants" isWhole />
                <NumberInput {...props} name="coverage" isPercent />
                <NumberInput {...props} name="confidence" isPercent />
                <NumberInput {...props} name="power" isPercent />
            </div>
            <SelectField
                label={t('planner.test')}
                value={wish.test}
                hint={t(`planner.test.${wish.test}.hint`)}
                onValue={(test) => onWish({ test: test as Test })}
                options={TESTS.map((value) => ({ value, label: t(`planner.test.${value}`) }))}
            />
            {wish.test === 'group-sequential' && <NumberInput {...props} name="looks" isWhole />}
        </div>
    );
}
