// SPDX-License-Identifier: GPL-3.0-or-later
// The guided path: what to learn, who, what, how many, check. One step at a time, in any order.
import { useEffect } from 'preact/hooks';
import { t } from '../../lib/i18n';
import { navigate, usePath } from '../../lib/router';
import { ErrorNote, Skeleton } from '../../ui/feedback';
import { Button } from '../../ui/Button';
import { ChangeBar } from './ChangeBar';
import { Check } from './check/Check';
import { ConflictDialog } from './ConflictDialog';
import { HowMany } from './schedule/HowMany';
import type { Editing } from './state/editing';
import { Question } from './question/Question';
import { SaveState } from './SaveState';
import { StepList } from './StepList';
import { STEPS, type Step } from './state/steps';
import { What } from './what/What';
import { Who } from './who/Who';
import { useCampaign } from './state/useCampaign';

const CONTENT = { question: Question, who: Who, what: What, many: HowMany, check: Check };

function Steps({
    editing,
    step,
    go,
    onMoved,
}: {
    editing: Editing;
    step: Step;
    go: (step: Step) => void;
    onMoved: () => void;
}) {
    const Content = CONTENT[step];
    const place = STEPS.indexOf(step);
    const [before, after] = [STEPS[place - 1], STEPS[place + 1]];
    return (
        <div class="editor">
            <StepList editing={editing} current={step} go={go} />
            <section
                class="stack editor-step"
                aria-label={t(`editor.step.${step}`)}
                key={`${step}.${editing.revision}`}
            >
                {step === 'check' ? (
                    <Check editing={editing} go={go} onMoved={onMoved} />
                ) : (
                    <fieldset class="stack" disabled={!editing.mayEdit}>
                        <Content editing={editing} go={go} onMoved={onMoved} />
                    </fieldset>
                )}
                <div class="row spread">
                    {before ? <Button onClick={() => go(before)}>{t('action.back')}</Button> : <span />}
                    {after && (
                        <Button look="primary" onClick={() => go(after)}>
                            {t('editor.next', { step: t(`editor.step.${after}`) })}
                        </Button>
                    )}
                </div>
            </section>
        </div>
    );
}

/* 'onMoved': the campaign was started, paused or the like. */
export function Editor({
    campaignKey,
    onMoved,
    onName,
}: {
    campaignKey: string;
    onMoved: () => void;
    onName: (name: string) => void;
}) {
    const { editing, error, load } = useCampaign(campaignKey);
    const { path, search } = usePath();
    const wanted = search.get('step') as Step;
    const step = STEPS.includes(wanted) ? wanted : 'question';
    const go = (next: Step) => {
        navigate(`${path}?step=${next}`);
        document.getElementById('content')?.focus();
    };
    const name = editing?.base.name;
    useEffect(() => {
        if (name) onName(name);
    }, [name]);
    if (!editing) return error ? <ErrorNote error={error} onRetry={load} /> : <Skeleton lines={10} />;
    const moved = () => {
        void editing.reload();
        onMoved();
    };
    return (
        <div class="stack">
            <SaveState editing={editing} />
            <Steps editing={editing} step={step} go={go} onMoved={moved} />
            {editing.isLive && editing.mayEdit && <ChangeBar editing={editing} />}
            {editing.conflict && <ConflictDialog editing={editing} />}
        </div>
    );
}
