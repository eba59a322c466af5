// SPDX-License-Identifier: GPL-3.0-or-later
// Labels: typed with a comma or Enter, taken away by a click or Backspace.
import { useState } from 'preact/hooks';
import { t } from '../../../lib/i18n';
import { Field } from '../../../ui/Field';
import { faultAt, type Editing } from '../state/editing';

export function Labels({ editing }: { editing: Editing }) {
    const { campaign, faults, set } = editing;
    const [text, setText] = useState('');
    const add = () => {
        const found = text
            .split(',')
            .map((part) => part.trim())
            .filter((part) => part && !campaign.labels.includes(part));
        if (found.length > 0) set({ labels: [...campaign.labels, ...new Set(found)] });
        setText('');
    };
    const onKey = (event: KeyboardEvent) => {
        if (event.key === 'Enter' || event.key === ',') {
            event.preventDefault();
            add();
        } else if (event.key === 'Backspace' && text === '') {
            set({ labels: campaign.labels.slice(0, -1) });
        }
    };
    return (
        <Field label={t('editor.labels')} hint={t('editor.labels.hint')} error={faultAt(faults, '/labels', true)}>
            {(control) => (
                <div class="chips-input">
                    {campaign.labels.map((label) => (
                        <span class="chip" key={label}>
                            {label}
                            <button
                                type="button"
                                aria-label={t('editor.labels.remove', { label })}
                                onClick={() => set({ labels: campaign.labels.filter((one) => one !== label) })}
                            >
                                ×
                            </button>
                        </span>
                    ))}
                    <input
                        {...control}
                        class="bare"
                        type="text"
                        autocomplete="off"
                        value={text}
                        onInput={(e) => setText(e.currentTarget.value)}
                        onKeyDown={onKey}
                        onBlur={add}
                    />
                </div>
            )}
        </Field>
    );
}
