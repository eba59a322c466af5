// SPDX-License-Identifier: GPL-3.0-or-later
// Step 5: what blocks, what is worth a second look, a look at each variant on one's own browser, and the start.
import { useEffect, useState } from 'preact/hooks';
import { ApiError, SaidError, change } from '../../../lib/api';
import { t } from '../../../lib/i18n';
import { Button } from '../../../ui/Button';
import { Badge } from '../../../ui/parts';
import { stepOf, type Step, type StepProps } from '../state/steps';
import { findings, type Finding } from '../state/findings';
import { Collisions, type Collision } from './Collisions';
import { MoveButton } from './Moves';
import { Qa } from './Qa';
import { Summary } from './Summary';

/* The server's own word on whether it would start, and what it would meet. */
function useWord(path: string, isDraft: boolean, version: string | null): [ApiError | null, Collision[]] {
    const [word, setWord] = useState<ApiError | null>(null);
    const [collisions, setCollisions] = useState<Collision[]>([]);
    useEffect(() => {
        if (!isDraft) return;
        change<{ collisions: Collision[] }>('POST', `${path}/start?dry_run=true`).then(
            ({ body }) => {
                setWord(null);
                setCollisions(body.collisions);
            },
            (cause: unknown) => {
                setWord(cause as ApiError);
                setCollisions([]);
            },
        );
    }, [path, isDraft, version]);
    return [word, isDraft ? collisions : []];
}

function List({ items, go, tone }: { items: Finding[]; go: (step: Step) => void; tone: 'bad' | 'warn' }) {
    return (
        <ul class="findings">
            {items.map(({ text, step }) => (
                <li key={text} class="finding">
                    <Badge tone={tone}>{t(tone === 'bad' ? 'editor.check.blocks' : 'editor.check.warns')}</Badge>
                    <span>{text}</span>
                    {step !== 'check' && (
                        <Button look="quiet" onClick={() => go(step)}>
                            {t('editor.check.go', { step: t(`editor.step.${step}`) })}
                        </Button>
                    )}
                </li>
            ))}
        </ul>
    );
}

export function Check({ editing, go, onMoved }: StepProps) {
    const { base, campaign, faults, path, etag } = editing;
    const isDraft = base.status === 'draft';
    const [word, collisions] = useWord(path, isDraft, etag);
    /* What was chosen in the very dialog is saved before it starts. */
    const saveFirst = async () => {
        if (editing.changed.length > 0 && !(await editing.save())) throw new SaidError(t('editor.save.refused'));
    };
    const met = <Collisions collisions={collisions} editing={editing} />;
    const found = findings(campaign);
    const refused = faults.map((fault) => ({ step: stepOf(fault.pointer), text: fault.text, isBlocking: true }));
    const blocks = [...found.filter(({ isBlocking }) => isBlocking), ...refused];
    const isToldAlready = blocks.some(({ step }) => word !== null && stepOf(word.pointer) === step);
    if (word && word.status !== 403 && !isToldAlready)
        blocks.push({ step: stepOf(word.pointer), text: word.message, isBlocking: true });
    const warnings = found.filter(({ isBlocking }) => !isBlocking);
    const isReady = isDraft && blocks.length === 0 && editing.changed.length === 0;
    return (
        <>
            <div class="card stack">
                <h2>
                    {t(
                        blocks.length > 0
                            ? 'editor.check.notReady'
                            : isDraft
                              ? 'editor.check.ready'
                              : 'editor.check.started',
                    )}
                </h2>
                <List items={blocks} go={go} tone="bad" />
                <List items={warnings} go={go} tone="warn" />
                {met}
                {blocks.length + warnings.length + collisions.length === 0 && (
                    <p class="soft">{t('editor.check.fine')}</p>
                )}
                <Summary campaign={campaign} go={go} />
                {isDraft && (
                    <div class="row">
                        <MoveButton
                            move="start"
                            campaign={base}
                            path={path}
                            look="primary"
                            isDisabled={!isReady}
                            note={met}
                            before={saveFirst}
                            onMoved={onMoved}
                        />
                        {word?.status === 403 && <span class="soft">{t('editor.check.publisher')}</span>}
                    </div>
                )}
            </div>
            <Qa editing={editing} />
        </>
    );
}
