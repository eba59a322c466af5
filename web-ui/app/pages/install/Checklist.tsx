// SPDX-License-Identifier: GPL-3.0-or-later
// The way to the first experiment, until it runs or somebody has seen enough of it.
import { useState } from 'preact/hooks';
import { t, type MessageKey } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import { Link } from '../../lib/router';
import { useSession } from '../../lib/session';
import { Button } from '../../ui/Button';
import { INSTALL, INSTALL_PAGE, type Install } from './state';

const REFRESH_MS = 15_000;

interface Step {
    label: MessageKey;
    isDone: boolean;
    to: string;
}

function stepsOf(install: Install): Step[] {
    const { client_keys, last_event, last_goal, campaign, has_started } = install;
    const page = campaign ? `/app/campaigns/${encodeURIComponent(campaign.key)}` : '/app/campaigns/new';
    return [
        { label: 'checklist.key', isDone: client_keys.length > 0, to: INSTALL_PAGE },
        { label: 'checklist.line', isDone: last_event !== null, to: INSTALL_PAGE },
        { label: 'checklist.goal', isDone: last_goal !== null, to: INSTALL_PAGE },
        { label: 'checklist.campaign', isDone: campaign !== null, to: page },
        { label: 'checklist.start', isDone: has_started, to: page },
    ];
}

function Row({ step, names }: { step: Step; names: string }) {
    const label = t(step.label, { names });
    return (
        <li class="checklist-row">
            <span class={step.isDone ? 'tick tick-done' : 'tick'} aria-hidden="true">
                {step.isDone ? '✓' : ''}
            </span>
            <span class="visually-hidden">{t(step.isDone ? 'checklist.done' : 'checklist.open')}</span>
            {step.isDone ? <span class="soft">{label}</span> : <Link to={step.to}>{label}</Link>}
        </li>
    );
}

export function Checklist() {
    const { environment } = useSession();
    const stored = `mete.checklist.${environment.key}`;
    const [isOff, setOff] = useState(localStorage.getItem(stored) === 'off');
    const { data } = useQuery<Install>(isOff ? null : INSTALL, { every: REFRESH_MS });
    if (isOff || !data) return null;
    const steps = stepsOf(data);
    if (steps.every(({ isDone }) => isDone)) return null;
    const dismiss = () => {
        localStorage.setItem(stored, 'off');
        setOff(true);
    };
    return (
        <section class="card stack-small" aria-label={t('checklist.title')}>
            <div class="row spread">
                <h2>{t('checklist.title')}</h2>
                <Button look="quiet" onClick={dismiss}>
                    {t('checklist.dismiss')}
                </Button>
            </div>
            <ol class="stack-small">
                {steps.map((step) => (
                    <Row key={step.label} step={step} names={data.goal_events.join(', ')} />
                ))}
            </ol>
        </section>
    );
}
