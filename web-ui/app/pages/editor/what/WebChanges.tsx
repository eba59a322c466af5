// SPDX-License-Identifier: GPL-3.0-or-later
// What a variant does to the page, one change after the other.
import { useState } from 'preact/hooks';
import { t } from '../../../lib/i18n';
import { Button } from '../../../ui/Button';
import { ChangeForm } from './ChangeForm';
import type { WebChange } from '../state/document';
import type { Fault } from '../state/editing';
import { described, retyped } from './shapes';

interface WebChangesProps {
    changes: WebChange[];
    here: string;
    faults: Fault[];
    onChanges: (changes: WebChange[]) => void;
}

export function WebChanges({ changes, here, faults, onChanges }: WebChangesProps) {
    const [open, setOpen] = useState<number | null>(null);
    const put = (index: number, next: WebChange) => onChanges(changes.map((one, i) => (i === index ? next : one)));
    const isWrong = (index: number) =>
        faults.some(({ pointer }) => pointer === `${here}/${index}` || pointer.startsWith(`${here}/${index}/`));
    const add = () => {
        onChanges([...changes, retyped({ type: 'text' }, 'text')]);
        setOpen(changes.length);
    };
    return (
        <div class="stack-small">
            <h4>{t('editor.changes')}</h4>
            {changes.length > 0 && (
                <ol class="changes">
                    {changes.map((one, i) => (
                        <li key={i} class={isWrong(i) ? 'change change-wrong' : 'change'}>
                            <div class="row spread change-head">
                                <button
                                    type="button"
                                    class="change-says"
                                    aria-expanded={open === i}
                                    onClick={() => setOpen(open === i ? null : i)}
                                >
                                    {described(one)}
                                </button>
                                <Button
                                    look="quiet"
                                    aria-label={t('editor.change.remove')}
                                    onClick={() => onChanges(changes.filter((_, j) => j !== i))}
                                >
                                    ×
                                </Button>
                            </div>
                            {(open === i || isWrong(i)) && (
                                <ChangeForm
                                    change={one}
                                    here={`${here}/${i}`}
                                    faults={faults}
                                    onChange={(next) => put(i, next)}
                                />
                            )}
                        </li>
                    ))}
                </ol>
            )}
            <div>
                <Button onClick={add}>{t('editor.change.add')}</Button>
            </div>
        </div>
    );
}
