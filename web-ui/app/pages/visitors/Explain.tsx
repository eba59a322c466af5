// SPDX-License-Identifier: GPL-3.0-or-later
// What the visitor gets this moment in each campaign, step by step, and why not.
import { useEffect, useState } from 'preact/hooks';
import { ApiError, ask } from '../../lib/api';
import { formatNumber, formatPercent, t } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import { Link } from '../../lib/router';
import { Button } from '../../ui/Button';
import { errorText, Skeleton } from '../../ui/feedback';
import { AreaField } from '../../ui/Field';
import { Badge } from '../../ui/parts';
import { visitorPath, type Decision, type Step } from './visitor';

function parse(text: string): Record<string, unknown> | null {
    try {
        const value: unknown = JSON.parse(text.trim() || '{}');
        return typeof value === 'object' && value !== null && !Array.isArray(value)
            ? (value as Record<string, unknown>)
            : null;
    } catch {
        return null;
    }
}

function StepLine({ step }: { step: Step }) {
    const detail =
        step.bucket === undefined
            ? ''
            : t('visitors.bucket', {
                  bucket: formatNumber(step.bucket),
                  coverage: formatPercent(step.coverage ?? 0, 0),
              });
    return (
        <li class="step">
            <span class={step.passed ? 'good' : 'bad'} aria-hidden="true">
                {step.passed ? '✓' : '✕'}
            </span>
            <span>
                {t(`visitors.step.${step.step}`)}
                <span class="visually-hidden"> {t(step.passed ? 'state.yes' : 'state.no')}</span>
                {detail && <span class="small soft"> {detail}</span>}
            </span>
        </li>
    );
}

function DecisionRow({ decision, name }: { decision: Decision; name: string }) {
    return (
        <li class="decision">
            <div class="row spread">
                <Link to={`/app/campaigns/${decision.campaign}`} class="row-link">
                    {name}
                </Link>
                {decision.variant ? (
                    <Badge tone="good">{decision.variant}</Badge>
                ) : (
                    <Badge>{t('visitors.nothing')}</Badge>
                )}
            </div>
            <details>
                <summary>{t(`visitors.reason.${decision.reason}`)}</summary>
                <ol class="explain-steps">
                    {decision.trace.map((step) => (
                        <StepLine key={step.step} step={step} />
                    ))}
                </ol>
            </details>
        </li>
    );
}

export function Explain({ visitor, known }: { visitor: string; known: string }) {
    const campaigns = useQuery<{ items: { key: string; name: string }[] }>('/campaigns?limit=500');
    const [text, setText] = useState(known);
    const [error, setError] = useState('');
    const [decisions, setDecisions] = useState<Decision[] | null>(null);

    const explain = async () => {
        const attributes = parse(text);
        setError(attributes ? '' : t('visitors.attributes.wrong'));
        if (!attributes) return;
        try {
            const { body } = await ask<{ decisions: Decision[] }>(`${visitorPath(visitor)}/explain`, { attributes });
            setDecisions(body.decisions);
        } catch (cause) {
            setError(cause instanceof ApiError ? errorText(cause) : String(cause));
        }
    };
    useEffect(() => void explain(), [visitor]);

    const nameOf = (key: string) => campaigns.data?.items.find((one) => one.key === key)?.name ?? key;
    return (
        <section class="card stack" aria-label={t('visitors.explain')}>
            <h2>{t('visitors.explain')}</h2>
            <AreaField
                label={t('visitors.attributes')}
                hint={t('visitors.attributes.hint')}
                value={text}
                rows={2}
                onValue={setText}
                error={error || undefined}
            />
            <div>
                <Button onClick={explain}>{t('visitors.ask')}</Button>
            </div>
            {decisions === null && !error && <Skeleton lines={3} />}
            {decisions?.length === 0 && <p class="soft">{t('visitors.decisions.none')}</p>}
            {decisions && decisions.length > 0 && (
                <ul class="decisions">
                    {decisions.map((decision) => (
                        <DecisionRow key={decision.campaign} decision={decision} name={nameOf(decision.campaign)} />
                    ))}
                </ul>
            )}
        </section>
    );
}
