// SPDX-License-Identifier: GPL-3.0-or-later
// When on such a page: at once, or at the first of some moments.
import { t } from '../../../lib/i18n';
import { Button } from '../../../ui/Button';
import { SelectField, TextField } from '../../../ui/Field';
import type { Moment } from '../state/document';
import { faultAt, type Editing } from '../state/editing';
import { NumberField } from '../../../ui/NumberField';
import { withTriggers } from './Pages';

const KINDS = ['scroll', 'time', 'exit_intent', 'visible', 'event', 'data_layer'] as const;

/* A moment of another kind has another setting. */
function ofKind(on: string): Moment {
    if (on === 'scroll') return { on, amount: 50 };
    if (on === 'time') return { on, amount: 10 };
    if (on === 'visible') return { on, selector: '' };
    return on === 'exit_intent' ? { on } : { on, name: '' };
}

function Setting({ editing, index, put }: { editing: Editing; index: number; put: (next: Partial<Moment>) => void }) {
    const moment = editing.campaign.triggers?.moments[index] as Moment;
    const fault = (field: string) => faultAt(editing.faults, `/triggers/moments/${index}/${field}`);
    if (moment.on === 'scroll' || moment.on === 'time') {
        return (
            <NumberField
                key={moment.on}
                label={t(`editor.moment.${moment.on}.amount`)}
                unit={moment.on === 'scroll' ? '%' : 's'}
                value={moment.amount ?? null}
                error={fault('amount')}
                onValue={(amount) => put({ amount })}
            />
        );
    }
    if (moment.on === 'visible') {
        return (
            <TextField
                label={t('editor.selector')}
                placeholder="#reviews"
                value={moment.selector ?? ''}
                error={fault('selector')}
                onValue={(selector) => put({ selector })}
            />
        );
    }
    if (moment.on === 'exit_intent') return null;
    return (
        <TextField
            label={t('editor.moment.name')}
            value={moment.name ?? ''}
            error={fault('name')}
            onValue={(name) => put({ name })}
        />
    );
}

export function Moments({ editing }: { editing: Editing }) {
    const moments = editing.campaign.triggers?.moments ?? [];
    const put = (index: number, next: Moment) =>
        withTriggers(editing, { moments: moments.map((one, i) => (i === index ? next : one)) });
    return (
        <div class="stack">
            {moments.map((moment, i) => (
                <div class="pair" key={i} role="group" aria-label={t('editor.moment', { number: i + 1 })}>
                    <SelectField
                        label={t('editor.moment.on')}
                        value={moment.on}
                        options={KINDS.map((kind) => ({ value: kind, label: t(`editor.moment.${kind}`) }))}
                        onValue={(on) => put(i, ofKind(on))}
                    />
                    <Setting editing={editing} index={i} put={(next) => put(i, { ...moment, ...next })} />
                    <Button
                        look="quiet"
                        aria-label={t('editor.moment.remove')}
                        onClick={() => withTriggers(editing, { moments: moments.filter((_, j) => j !== i) })}
                    >
                        ×
                    </Button>
                </div>
            ))}
            <div>
                <Button onClick={() => withTriggers(editing, { moments: [...moments, ofKind('scroll')] })}>
                    {t('editor.moment.add')}
                </Button>
            </div>
        </div>
    );
}
